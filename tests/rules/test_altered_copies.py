"""A bill that holds the whole template and one item more is a copy of it."""

import pytest

from tests.rules.examples.clone_claims import copies

TEMPLATE = ("A1", "B2", "C3", "D4")


@pytest.mark.parametrize(
    ("people", "items", "n_lines"),
    [
        (10, (*TEMPLATE, "E5"), 45),
        (10, (*TEMPLATE, "E5", "F6"), 40),
        (10, ("A1", "B2", "C3", "E5", "F6"), 40),
        (9, (*TEMPLATE, "E5"), 0),  # alone the others are too few
    ],
)
def test_one_item_more_disguises_a_copy(found, people, items, n_lines):
    world = copies(people)
    world.bill("S99", person_id="N99", lines=[("2026-03-05 19:00:00", item, 1, 10) for item in items])
    assert [n for _, n in found(world, "clone_claims")[0].values()] == ([n_lines] if n_lines else [])
