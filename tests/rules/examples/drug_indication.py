"""A diabetes drug for a cold, for diabetes, and for a cold of a person whose diabetes is on record."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PROVIDER, one_line


def drug(diagnosis, earlier="I10"):
    world = one_line(line=DRUG, item={"diagnosis_prefixes": "E10|E11"}, person={"chronic_condition_codes": None})
    world.bill("S0", lines=[("2026-02-01 10:00:00", "I2", 1, 20)])
    world.add("diagnoses", settlement_id="S0", sequence_number=1, diagnosis_code=earlier)
    return world.add("diagnoses", settlement_id="S1", sequence_number=1, diagnosis_code=diagnosis)


EXAMPLES = {
    "hit": Example(drug("J06.9"), frozenset({PROVIDER})),
    "near_miss": Example(drug("E11.900")),
    "innocent_twin": Example(drug("J06.9", earlier="E11.2")),
}
