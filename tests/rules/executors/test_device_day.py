"""Which machine's day is too full, and which number stands for several machines."""

import pytest

from tests.rules.examples.device_day import sessions
from tests.rules.world import World

CODE = "device_day"
FOUND = {("provider", "P1"): (40000, 1)}


def used(**days):
    """Bill sessions of four hours: machine -> (item, sessions on 10 March, on 11 March, and so on)."""
    world = World()
    for machine, (item, *sessions_by_day) in days.items():
        for day, n in enumerate(sessions_by_day, start=10):
            for number in range(n):
                name = f"{machine}-{day}-{number}"
                line = (f"2026-03-{day} 08:00:00", item, 1, 400, {"device_id": machine})
                world.bill(name, person_id=name, lines=[line])
    for item in sorted({item for item, *_ in days.values()}):
        world.add("ref_items", item_code=item, device_minutes=240)
    return world


@pytest.mark.parametrize(
    ("world", "said"),
    [
        # the only machine, crowded on one of eight days, and on half of them
        (used(M1=("HD", 7, 1, 1, 1, 1, 1, 1, 1)), FOUND),
        (used(M1=("HD", 7, 1)), {}),
        (used(M1=("HD", 7, 1, 1)), FOUND),
        # full on most days: all of the unit, whatever else the provider has
        (used(M1=("HD", 7, 7, 7, 1)), {}),
        (used(M1=("HD", 7, 7, 7, 1), M2=("CT", 1, 1, 1, 1)), {}),
        # where others of the item have numbers of their own, each is one machine
        (used(M1=("HD", 7), M2=("HD", 0, 1)), FOUND),
    ],
)
def test_one_number_for_an_item_that_is_mostly_full_is_no_machine(found, world, said):
    assert found(world, CODE)[0] == said


@pytest.mark.parametrize(("n", "said"), [(18, {("provider", "P1"): (480000, 12)}), (19, {})])
def test_beyond_three_days_in_one_a_number_is_no_machine(found, n, said):
    assert found(sessions(n), CODE)[0] == said
