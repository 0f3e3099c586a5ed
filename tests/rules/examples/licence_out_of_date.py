"""A line 31 days after the licence ended, 30 days, and under a team's number."""

from tests.rules.example import Example
from tests.rules.one_line import PRACTITIONER, PROVIDER, one_line


def signed(ended, *, is_team=False):
    world = one_line(line={"executor_id": "D1"})
    return world.add("practitioners", practitioner_id="D1", licence_end_date=ended, is_team_identifier=is_team)


EXAMPLES = {
    "hit": Example(signed("2026-02-02"), frozenset({PROVIDER, PRACTITIONER})),
    "near_miss": Example(signed("2026-02-03")),
    "innocent_twin": Example(signed("2025-02-02", is_team=True)),
}
