"""A man's bill with a delivery, a woman's, and a man's whose register is wrong."""

from tests.rules.example import Example
from tests.rules.one_line import PATIENT, PROVIDER, one_line


def bill(gender, *, earlier="I10"):
    world = one_line(person={"gender": gender, "birth_date": "1990-01-01"})
    world.bill("S0", provider_id="P2", lines=[("2026-02-05 10:00:00", "I2", 1, 20)])
    world.add("diagnoses", settlement_id="S0", sequence_number=1, diagnosis_code=earlier)
    return world.add("diagnoses", settlement_id="S1", sequence_number=1, diagnosis_code="O80.000")


EXAMPLES = {
    "hit": Example(bill("male"), frozenset({PROVIDER, PATIENT})),
    "near_miss": Example(bill("female")),
    "innocent_twin": Example(bill("male", earlier="N83.2")),
}
