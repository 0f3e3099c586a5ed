"""A visit the day after the agreement ended, on its last day, and a stay that began under it."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def visit(last_day, **settlement):
    provider = {"agreement_start_date": "2024-01-01", "agreement_end_date": last_day}
    return one_line(provider=provider, **({"admit_time": None, "discharge_time": None} | settlement))


STAY = {"admit_time": "2026-03-02 09:00:00", "discharge_time": "2026-03-05 17:00:00", "encounter_type": "inpatient"}


EXAMPLES = {
    "hit": Example(visit("2026-03-04"), frozenset({PROVIDER})),
    "near_miss": Example(visit("2026-03-05")),
    "innocent_twin": Example(visit("2026-03-04", **STAY)),
}
