"""Paid by the residents' scheme while employed, in the month of a transfer, and by the employees' scheme."""

from tests.rules.example import Example
from tests.rules.world import World


def paid(scheme, day):
    # Employed since 1 January; the residents' enrolment was never ended.
    world = World().bill(
        "S1", lines=[(day, "DRUG", 1, 50)], fund=30, insurance_type=scheme, insured_region_code="111111"
    )
    world.add("enrolments", person_id="A", insurance_type="employee", region_code="111111", start_date="2026-02-15")
    return world.add(
        "enrolments", person_id="A", insurance_type="resident", region_code="111111", start_date="2020-01-01"
    )


EXAMPLES = {
    "hit": Example(paid("resident", "2026-03-30"), frozenset({("patient", "A", 5000, 3000, 1)})),
    "near_miss": Example(paid("resident", "2026-03-10")),
    "innocent_twin": Example(paid("employee", "2026-03-30")),
}
