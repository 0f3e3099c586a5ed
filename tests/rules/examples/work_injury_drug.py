"""A work-injury drug under employees' insurance, under its own, and a code that stands for another drug."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PROVIDER, named_otherwise, one_line


def drug(**settlement):
    return one_line(line=DRUG, item={"insurance_types": "work_injury"}, **settlement)


EXAMPLES = {
    "hit": Example(drug(), frozenset({PROVIDER})),
    "near_miss": Example(drug(insurance_type="work_injury")),
    "innocent_twin": Example(named_otherwise(drug())),
}
