"""The files that begin first are there."""

from __future__ import annotations

import pytest

from tests.conftest import LONG
from tests.house.sources import ROOT


@pytest.mark.parametrize("file", LONG)
def test_a_file_that_begins_first_is_there(file: str) -> None:
    assert (ROOT / file).is_file()
