"""Profiles of the small city, built once."""

import pytest

from features.build import build_profiles
from features.claims import ClaimsStore
from features.engine import DuckDBEngine


@pytest.fixture(scope="session")
def profiles(ingested):
    with DuckDBEngine() as engine:
        return build_profiles(ClaimsStore.open(ingested.store), "2026-03", engine)
