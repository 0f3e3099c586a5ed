"""The machine and the versions that a benchmark ran on."""

from __future__ import annotations

import os
import platform
import resource
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


def peak_mib() -> float:
    """Return the largest resident memory of this process so far, in MiB.

    On Linux `getrusage` tells a process that was started by a larger one the larger one's peak; the high-water mark of
    its own address space is its own.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
