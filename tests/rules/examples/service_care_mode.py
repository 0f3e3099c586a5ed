"""A service paid in stays only: on a visit, in a stay, and in emergency care."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def service(encounter_type):
    return one_line(item={"encounter_types": "inpatient"}, encounter_type=encounter_type)


EXAMPLES = {
    "hit": Example(service("outpatient"), frozenset({PROVIDER})),
    "near_miss": Example(service("inpatient")),
    "innocent_twin": Example(service("emergency")),
}
