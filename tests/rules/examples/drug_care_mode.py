"""A drug paid in stays only: at a pharmacy, in a stay, and taken home from it."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PROVIDER, one_line


def drug(encounter_type, is_taken_home=False):
    line = DRUG | {"is_discharge_medication": is_taken_home}
    return one_line(line=line, item={"encounter_types": "inpatient|day_surgery"}, encounter_type=encounter_type)


EXAMPLES = {
    "hit": Example(drug("pharmacy"), frozenset({PROVIDER})),
    "near_miss": Example(drug("inpatient")),
    "innocent_twin": Example(drug("outpatient", is_taken_home=True)),
}
