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
        (9, (*TEMPLATE, "E5"), 41),  # the tenth
        (8, (*TEMPLATE, "E5"), 0),
    ],
)
def test_one_item_more_disguises_a_copy(found, people, items, n_lines):
    world = copies(people)
    world.bill("S99", person_id="N99", lines=[("2026-03-05 19:00:00", item, 1, 10) for item in items])
    assert [n for _, n in found(world, "clone_claims")[0].values()] == ([n_lines] if n_lines else [])


def with_day(world, day, people, items=TEMPLATE):
    for number in range(people):
        lines = [(f"{day} 10:00:00", item, 1, 10) for item in items]
        world.bill(f"{day}-{number}", person_id=f"N{number:02d}", lines=lines)
    return world


@pytest.mark.parametrize(
    ("day", "people", "items", "n_lines"),
    [
        ("2026-03-20", 5, TEMPLATE, 60),
        ("2026-03-20", 4, TEMPLATE, 40),
        ("2026-03-20", 9, ("A1", "B2", "C3", "E5"), 40),  # another bill
        ("2026-02-20", 5, TEMPLATE, 60),  # February's are named in the month in which the template is known
        ("2026-02-20", 10, TEMPLATE, 40),  # it was known in February
    ],
)
def test_a_known_template_needs_fewer_copies_on_another_day(found, day, people, items, n_lines):
    assert [n for _, n in found(with_day(copies(10), day, people, items), "clone_claims")[0].values()] == [n_lines]


def test_a_template_known_before_names_a_later_day(found):
    world = with_day(with_day(copies(10), "2026-04-20", 5), "2026-05-20", 4)
    assert found(world, "clone_claims", "2026-04")[0] == {("provider", "P1"): (20000, 20)}
    assert found(world, "clone_claims", "2026-05")[0] == {}
