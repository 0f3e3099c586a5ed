"""A small synthetic city, ingested and scored once."""

import shutil

import pytest

from experiments.synthetic import make_city, write_city
from features.claims import ingest_source
from fraud.scoring import score_month
from fraud.settings import Settings
from fraud.workspace import Workspace

MONTHS = ("2026-01", "2026-02", "2026-03")


@pytest.fixture(scope="session")
def ingested(tmp_path_factory):
    root = tmp_path_factory.mktemp("city")
    city = make_city(1500, 40, len(MONTHS), MONTHS[0], 7, schemes="R01,H04,H08,P06")
    write_city(city, root / "source")
    workspace = Workspace(root / "workspace")
    workspace.root.mkdir()
    ingest_source(root / "source", workspace.store)
    return workspace


@pytest.fixture(scope="session")
def scored_city(ingested):
    """The last two months scored; tests read it and leave it as it is."""
    for month in MONTHS[1:]:
        with ingested.writer():
            last = score_month(ingested, month, settings=Settings(), model_alias="none", threads=2)
    return ingested, last


@pytest.fixture
def own_copy(scored_city, tmp_path):
    """A scored workspace that a test may change."""
    shutil.copytree(scored_city[0].root, tmp_path / "copy", symlinks=True)
    return Workspace(tmp_path / "copy")
