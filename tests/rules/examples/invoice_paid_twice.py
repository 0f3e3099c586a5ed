"""An invoice answered twice in full, by two insurances within the bill, and by interim bills of a stay"""

from tests.rules.example import Example
from tests.rules.world import World


def paid(insurance="employee", fund=100, **columns):
    world = World()
    lines = [("2026-03-10 10:00:00", "I1", 1, 100)]
    more = {"invoice_number": "T1", "encounter_id": "E1"}
    world.bill("S1", lines=lines, fund=60 if fund < 100 else 100, settled="2026-03-10 18:00:00", **more)
    return world.bill(
        "S2", lines=lines, fund=fund, settled="2026-03-12 18:00:00", insurance_type=insurance, **(more | columns)
    )


EXAMPLES = {
    "hit": Example(paid(), frozenset({("provider", "P1", 10000, 10000, 1), ("patient", "A", 10000, 10000, 1)})),
    "near_miss": Example(paid(insurance="medical_aid", fund=40)),
    "innocent_twin": Example(paid(service_start_date="2026-03-11", service_end_date="2026-03-11")),
}
