"""A small synthetic city, ingested and scored once."""

import gc
import os
import shutil

import pytest

from experiments.synthetic import make_city, write_city
from features.claims import ingest_source
from fraud.runs.read import ScoredRun
from fraud.scoring import score_month
from fraud.settings import Settings
from fraud.workspace import Workspace
from tests.support.made_once import made_once

MONTHS = ("2026-01", "2026-02", "2026-03")
# Files of twenty seconds and more begin first, so that none is left to one of two processes at the end. The demo needs
# no scored city: while one process runs it, the other makes that.
LONG = (
    "tests/end_to_end/test_demo.py",
    "tests/scoring/test_replay.py",
    "tests/contracts/test_rules.py",
    "tests/hard/test_short.py",
    "tests/contracts/test_feature_values.py",
    "tests/claims/test_deltas.py",
    "tests/erasure/test_erase.py",
    "tests/claims/test_registers.py",
    "tests/cases/pack/test_recorded_first.py",
    "tests/cases/life/test_events.py",
    "tests/synthetic/test_scheme_contract.py",
)


def pytest_configure():
    # Nobody cuts the power of a test: what is written is there to be read, and no test waits for the disk.
    os.fsync = lambda _: None
    # What is imported and collected stays to the end: to look through it for garbage is a twentieth of all time.
    gc.disable()


def pytest_collection_finish():
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items):
    place = {file: number for number, file in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONG)))


@pytest.fixture(scope="session")
def ingested(tmp_path_factory):
    def make(root):
        write_city(make_city(1500, 40, len(MONTHS), MONTHS[0], 7, schemes="R01,H04,H08,P06"), root / "source")
        (root / "workspace").mkdir()
        ingest_source(root / "source", root / "workspace" / "store")

    return Workspace(made_once(tmp_path_factory, "city", make) / "workspace")


@pytest.fixture(scope="session")
def scored_city(ingested, tmp_path_factory):
    """The last two months scored, and the last of them; tests read it and leave it as it is."""

    def make(root):
        shutil.copytree(ingested.root.parent, root, dirs_exist_ok=True)
        workspace = Workspace(root / "workspace")
        for month in MONTHS[1:]:
            with workspace.writer():
                score_month(workspace, month, settings=Settings(), model_alias="none", threads=2)

    workspace = Workspace(made_once(tmp_path_factory, "scored-city", make) / "workspace")
    return workspace, ScoredRun.open(workspace, MONTHS[-1])


@pytest.fixture
def own_copy(scored_city, tmp_path):
    """A scored workspace that a test may change."""
    shutil.copytree(scored_city[0].root, tmp_path / "copy", symlinks=True)
    return Workspace(tmp_path / "copy")
