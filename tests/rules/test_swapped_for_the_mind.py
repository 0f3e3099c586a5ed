"""Psychiatric care comes in episodes; a broken leg does not become one of them with the same drugs."""

import pytest

from tests.rules.examples.split_admission import back


@pytest.mark.parametrize(("first", "is_found"), [("S82.201", True), ("F20.900", False)])
def test_episodes_are_of_one_kind(found, first, is_found):
    world = back("2026-03-16", "F32.900")
    for row in world.more["diagnoses"]:
        if row["settlement_id"] == "S1":
            row["diagnosis_code"] = first
    assert bool(found(world, "swapped_diagnosis")[0]) == is_found
