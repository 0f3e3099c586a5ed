"""A workspace that the version before the stores had a format made, and what it is once migrated."""

import shutil
import tarfile
from pathlib import Path

import pytest

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from features.facts.keep import ensure_facts
from fraud.cases.pack.write import export_cases
from fraud.doctor import repair
from fraud.permissions import tighten
from fraud.registry.check import pin_versions
from fraud.settings import Settings
from fraud.workspace import Workspace

ARCHIVE = Path(__file__).parent / "before" / "workspace.tar.xz"
MONTH = "2026-03"


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("before")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder / "workspace"


@pytest.fixture
def before(unpacked, tmp_path):
    """A copy as the version before left it."""
    shutil.copytree(unpacked, tmp_path / "before", symlinks=True)
    return Workspace(tmp_path / "before")


@pytest.fixture(scope="session")
def mended(unpacked, tmp_path_factory):
    root = tmp_path_factory.mktemp("mended") / "workspace"
    shutil.copytree(unpacked, root, symlinks=True)
    workspace = Workspace(root)
    with workspace.writer(), DuckDBEngine(threads=1) as engine:
        repair(workspace)
        pin_versions(workspace, reason="taken over from the version before")
        ensure_facts(ClaimsStore.open(workspace.store), engine, [MONTH], workspace.facts)
        export_cases(workspace, MONTH, settings=Settings(), formats=["json"])
    tighten(root)
    return root


@pytest.fixture
def small(mended, tmp_path):
    """A small workspace of this version to be damaged: two months scored, facts of the last one kept."""
    shutil.copytree(mended, tmp_path / "small", symlinks=True)
    return Workspace(tmp_path / "small")
