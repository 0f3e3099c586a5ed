"""The small data of the feature contracts, built once."""

import pytest

from tests.contracts.feature_data import feature_tables
from tests.support.profiles import profiles_of


@pytest.fixture(scope="session")
def full(tmp_path_factory):
    """Profiles of all the small data; tests read them and leave them as they are."""
    return profiles_of(tmp_path_factory.mktemp("full"), feature_tables(), "2026-03")
