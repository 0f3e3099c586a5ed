"""Strangers among the patients of a full machine, on a machine that is not full, and a patient who begins there."""

from tests.rules.example import Example
from tests.rules.world import World


def crowd(*, strangers, patients):
    # 400.00 a session of 240 minutes; patients come on two other days as well, on the other machine.
    world = World().add("ref_items", item_code="HD", device_minutes=240, max_weekly_sessions=3)
    for number in range(strangers + patients):
        line = (f"2026-03-10 {number:02d}:00:00", "HD", 1, 400, {"device_id": "M1"})
        world.bill(f"S{number:02d}", person_id=f"N{number:02d}", lines=[line])
    for number in range(strangers, strangers + patients):
        for day in (12, 14):
            line = (f"2026-03-{day} {number:02d}:00:00", "HD", 1, 400, {"device_id": f"M{number}"})
            world.bill(f"T{day}-{number:02d}", person_id=f"N{number:02d}", lines=[line])
    # the machine on days like any other
    for day in (17, 18):
        line = (f"2026-03-{day} 08:00:00", "HD", 1, 400, {"device_id": "M1"})
        world.bill(f"U{day}", person_id=f"N{strangers + patients - 1:02d}", lines=[line])
    return world


# Seven sessions are 1,680 minutes; three of them are in the names of people whom no other day knows.
EXAMPLES = {
    "hit": Example(crowd(strangers=3, patients=4), frozenset({("provider", "P1", 120000, 120000, 3)})),
    "near_miss": Example(crowd(strangers=3, patients=3)),
    "innocent_twin": Example(crowd(strangers=2, patients=5)),
}
