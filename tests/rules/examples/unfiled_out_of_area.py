"""Care in another prefecture without filing, with it, and on a referral."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def visit(filing=None, referral=None):
    return one_line(insured_region_code="330102", care_region_code="310104", filing_type=filing, referral_id=referral)


EXAMPLES = {
    "hit": Example(visit(), frozenset({PROVIDER})),
    "near_miss": Example(visit("migrant_worker")),
    "innocent_twin": Example(visit(referral="R1")),
}
