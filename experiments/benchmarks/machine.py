"""The machine and the versions that a benchmark ran on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path


def describe_machine(*packages: str) -> str:
    """Return one line on processors, memory, system and package versions, as benchmarks print it."""
    meminfo = Path("/proc/meminfo")
    memory = ""
    if meminfo.is_file():
        memory = f", {int(meminfo.read_text().split()[1]) / 2**20:.0f} GiB"
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return (
        f"{os.cpu_count()} processors{memory}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {versions}"
    )
