"""Killed at every step by which they change the disk: catalogue, publishing, migration and repair.

Runs in a process of its own, which starts no thread before it forks.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

SETTING = """
import shutil, sys
from pathlib import Path
from features.claims.store.catalog import Catalog
from fraud.doctor.repair import repair
from fraud.runs.publish import publish, staged
from fraud.workspace import Workspace
from tests.support.killing import kill_everywhere

start, place, MONTH = Path(sys.argv[1]), Path(sys.argv[2]), "2026-03"


def content(root):
    return {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file() and p.name != ".lock"}


def undisturbed(job):
    root = place / "calm"
    shutil.copytree(start, root, symlinks=True)
    job(root)
    return root


def told(job, check):
    for after in (False, True):
        print(kill_everywhere(start, job, check, place, after=after))
"""

CATALOGUE = """
def job(root):
    Catalog.read(calm / "store").write(root / "store")


calm = place / "new"
shutil.copytree(start, calm, symlinks=True)
old = Catalog.read(start / "store")
new = Catalog(tables={**old.tables, "persons": ()}, columns=old.columns, codes=old.codes)
new.write(calm / "store")


def check(root):
    assert Catalog.read(root / "store") in (old, new)
    job(root)
    assert content(root) == content(calm)


told(job, check)
"""

PUBLISH = """
def job(root):
    workspace = Workspace(root)
    with workspace.writer(), staged(workspace, MONTH) as folder:
        for name in ("a.txt", "b.txt"):
            (folder / name).write_text("new")
        (folder / "manifest.json").write_text("new")
        publish(workspace, MONTH, folder, keep=1)


calm = undisturbed(job)
old, new = Workspace(start).run(MONTH).resolve().name, Workspace(calm).run(MONTH).resolve().name


def check(root):
    now = Workspace(root).run(MONTH).resolve()
    assert content(now) == content((start if now.name == old else calm) / "versions" / now.name)
    assert now.name in (old, new)
    job(root)
    assert content(root) == content(calm)


told(job, check)
"""

MIGRATION = """
def job(root):
    workspace = Workspace(root)
    with workspace.writer():
        repair(workspace)


def seen(root):
    return {path: kept for path, kept in content(root).items() if path.name != "audit.jsonl"}


calm = undisturbed(job)
old = Catalog.read(start / "store")


def check(root):
    assert Catalog.read(root / "store") == old
    assert Workspace(root).run(MONTH).is_dir()
    job(root)
    assert not [str(path) for path in {*seen(root), *seen(calm)} if seen(root).get(path) != seen(calm).get(path)]
    assert (root / "runs" / MONTH).is_symlink()
    lines = (root / "audit.jsonl").read_text()
    assert lines.count("newest format") >= 1


told(job, check)
"""


def killed(script, start, tmp_path):
    # In memory where that can be had: the disk's own time is not what is tried.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as place:
        words = [sys.executable, "-c", SETTING + script, start, place]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [int(n) for n in done.stdout.split()]


@pytest.fixture
def few(before):
    """Without what makes copying slow and no repair reads."""
    for name in ("mlartifacts", "cases", "mlflow.db", "store/parts", "store/codes", "store/quarantine"):
        path = before.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in list(before.facts.iterdir())[1:]:
        shutil.rmtree(path)
    for path in before.versions.glob("*/*.parquet"):
        if path.name != "rings.parquet":
            path.unlink()
    return before


def test_catalogue(few, tmp_path):
    assert min(killed(CATALOGUE, few.root, tmp_path)) >= 3


@pytest.mark.slow
def test_publishing(few, tmp_path):
    assert min(killed(PUBLISH, few.root, tmp_path)) >= 10


@pytest.mark.slow
def test_migration_and_repair(few, tmp_path):
    # A month copied without its link, and what a killed job left, are mended too.
    folder = few.run("2026-02").resolve()
    (few.runs / "2026-02").unlink()
    shutil.copytree(folder, few.runs / "2026-02")
    (few.staging / "left").mkdir(parents=True)
    assert min(killed(MIGRATION, few.root, tmp_path)) >= 12
