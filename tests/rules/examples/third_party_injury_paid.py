"""An injury of another's liability paid by employees' insurance, by work-injury insurance, and in advance."""

from tests.rules.example import Example
from tests.rules.one_line import PATIENT, PROVIDER, one_line


def injury(**settlement):
    return one_line(**({"is_third_party_injury": True, "has_manual_override": False} | settlement))


EXAMPLES = {
    "hit": Example(injury(), frozenset({PROVIDER, PATIENT})),
    "near_miss": Example(injury(insurance_type="work_injury")),
    "innocent_twin": Example(injury(has_manual_override=True)),
}
