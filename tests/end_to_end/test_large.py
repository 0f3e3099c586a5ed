"""The project's own large city is scored with default settings: it ends, within a stated memory, and no rule fails."""

import json
import os
import subprocess
import sys

import pytest

MONTH = "2026-06"
# Of the process that scores 18 million lines under the default limit of 4 GB; 3,942 were measured.
MOST_MIB = 5_000


def peak_mib(*words):
    """Run the program in a process of its own; return what it held at most."""
    with subprocess.Popen([sys.executable, "-m", "fraud", *map(str, words)], stdout=subprocess.PIPE) as process:
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, said[-2000:]
    return used.ru_maxrss / 1024


@pytest.mark.slow
def test_a_large_city_is_scored_with_default_settings(tmp_path):
    workspace = tmp_path / "workspace"
    peak_mib("synth", "--out", tmp_path / "city", "--scale", "large")
    peak_mib("--workspace", workspace, "ingest", tmp_path / "city")
    peak = peak_mib("--workspace", workspace, "score", "--month", MONTH)
    manifest = json.loads((workspace / "runs" / MONTH / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rules_failed"] == {}
    assert manifest["not_checked"]["rules"] == {}
    assert manifest["outputs"]["patient_scores"]["rows"] > 500_000
    assert peak < MOST_MIB
    assert not list(workspace.rglob("fraud-spill-*"))
