"""Seven sessions of four hours on one machine, six, and one identifier for all machines of a centre."""

from tests.rules.example import Example
from tests.rules.world import World


def sessions(n, *, others=1):
    # 400.00 a session of 240 minutes.
    world = World().add("ref_items", item_code="HD", device_minutes=240)
    for number in range(n):
        line = (f"2026-03-10 {number:02d}:00:00", "HD", 1, 400, {"device_id": "M1"})
        world.bill(f"S{number:02d}", person_id=f"N{number:02d}", lines=[line])
    for number in range(others):
        line = (f"2026-03-{11 + number} 09:00:00", "HD", 1, 400, {"device_id": "M2"})
        world.bill(f"T{number}", person_id=f"O{number}", lines=[line])
    return world


# 7 x 240 = 1,680 minutes: the last session lies beyond 1,440.
EXAMPLES = {
    "hit": Example(sessions(7), frozenset({("provider", "P1", 40000, 40000, 1)})),
    "near_miss": Example(sessions(6)),
    "innocent_twin": Example(sessions(7, others=0)),
}
