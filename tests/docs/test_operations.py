"""The examples for operators name commands that exist and run as they stand."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fraud.cli.table import COMMANDS

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "operations"
WORDS = {command.words for command in COMMANDS}


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_an_example_names_commands_that_exist(path):
    text = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = re.findall(r"(?<![\w/.-])fraud ([a-z]+)(?: ([a-z]+))?", text)
    for first, second in named:
        assert first in WORDS or f"{first} {second}" in WORDS, f"fraud {first} {second}"


@pytest.mark.slow
def test_the_month_runs_as_the_script_says(tmp_path):
    shims = tmp_path / "bin"
    shims.mkdir()
    (shims / "fraud").write_text(f'#!/bin/sh\nexec {sys.executable} -m fraud "$@"\n', encoding="utf-8")
    (shims / "fraud").chmod(0o755)
    shutil.copytree(ROOT / "docs" / "example", tmp_path / "claims")
    environment = {
        **os.environ,
        "PATH": f"{shims}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "FRAUD_WORKSPACE": str(tmp_path / "workspace"),
        "FRAUD_LANGUAGES": "zh",
    }
    words = [str(EXAMPLES / "monthly.sh"), str(tmp_path / "claims"), "2026-03"]
    done = subprocess.run(
        words, env=environment, cwd=tmp_path, check=False, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    pack = tmp_path / "workspace" / "cases" / "2026-03-zh"
    assert (pack / "cases.html").is_file()
    assert pack.stat().st_mode & 0o077 == 0


def test_the_script_stops_at_an_extract_that_cannot_be_used(tmp_path):
    words = ["sh", str(EXAMPLES / "monthly.sh"), str(tmp_path), "2026-03"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(words, env=environment, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "FRAUD_WORKSPACE" in done.stderr
