"""A maternity drug under residents' insurance, under its own, and in maternity care of an employee."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PROVIDER, one_line


def drug(**settlement):
    world = one_line(line=DRUG, item={"insurance_types": "maternity"}, **settlement)
    return world.add("diagnoses", settlement_id="S1", sequence_number=1, diagnosis_code="J06.9")


EXAMPLES = {
    "hit": Example(drug(insurance_type="resident"), frozenset({PROVIDER})),
    "near_miss": Example(drug(insurance_type="maternity")),
    "innocent_twin": Example(drug(encounter_type="maternity")),
}
