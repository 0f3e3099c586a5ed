"""A prescription filled on the fourth day, on the third, and the refill of a long one."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PROVIDER, one_line


def filled(issued, refill=0):
    world = one_line(line=DRUG | {"prescription_id": "X1", "refill_number": refill}, encounter_type="pharmacy")
    return world.add(
        "prescriptions", prescription_id="X1", person_id="A", issuing_provider_id="P1", issue_time=f"{issued} 09:00:00"
    )


EXAMPLES = {
    "hit": Example(filled("2026-03-01"), frozenset({PROVIDER})),
    "near_miss": Example(filled("2026-03-02")),
    "innocent_twin": Example(filled("2026-02-01", refill=1)),
}
