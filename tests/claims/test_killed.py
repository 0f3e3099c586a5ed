"""Killed at any moment, the store is as it was, and the next run completes."""

import signal
import subprocess
import sys
import time

import pytest

from features.claims import ClaimsStore, ingest_source
from tests.support.claims import write_source

JOB = """
import sys
from pathlib import Path
from features.claims import ingest_source

ingest_source(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def settlements(prefix, month, n):
    return [
        {"settlement_id": f"{prefix}{i}", "person_id": f"P{i % 50}", "settle_time": f"{month}-1{i % 10} 08:00:00"}
        for i in range(n)
    ]


def content(store):
    return {str(p.relative_to(store)): p.read_bytes() for p in sorted(store.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killed")
    old = write_source(folder / "old", {"settlements": settlements("A", "2026-01", 50)})
    new = write_source(folder / "new", {"settlements": settlements("B", "2026-02", 4000)})
    ingest_source(old, folder / "before")
    ingest_source(old, folder / "after")
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", JOB, new, folder / "after"], check=True)
    return old, new, folder / "before", folder / "after", time.monotonic() - began


@pytest.mark.parametrize(
    "share", [pytest.param(share, marks=pytest.mark.slow) for share in (0.35, 0.55, 0.7, 0.8, 0.94, 0.98)] + [0.88]
)
def test_killed(sources, tmp_path, share):
    old, new, before, after, seconds = sources
    store = tmp_path / "store"
    ingest_source(old, store)
    process = subprocess.Popen([sys.executable, "-c", JOB, new, store])
    time.sleep(seconds * share)
    process.send_signal(signal.SIGKILL)
    process.wait()
    seen = ClaimsStore.open(store).snapshot()
    assert seen in {ClaimsStore.open(before).snapshot(), ClaimsStore.open(after).snapshot()}
    ingest_source(new, store)
    assert content(store) == content(after)
