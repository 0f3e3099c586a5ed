"""Which days of a run are purchases, and in which month they are named."""

import pytest

from tests.rules.examples.same_drug_daily import bought
from tests.rules.world import World

CODE = "same_drug_daily"


@pytest.mark.parametrize(
    ("world", "said"),
    [
        # one shop hands a prescription out bit by bit; several that fill it whole sell it again and again
        (bought(3, 4, 5, 6, prescription="R1", shops=1), {}),
        (bought(3, 4, 5, 6, prescription="R1", shops=7), {("patient", "A"): (15000, 3)}),
        (bought(3, 4, 5, 6, shops=1), {("patient", "A"): (15000, 3)}),
        # a day's supply each day
        (bought(3, 4, 5, 6, supply=1), {}),
        (bought(3, 4, 5, 6, supply=2), {("patient", "A"): (15000, 3)}),
    ],
)
def test_what_is_handed_out_bit_by_bit_is_no_purchase_each_day(found, world, said):
    assert found(world, CODE)[0] == said


def over_the_month(*days):
    world = World().bill("OTHER", lines=[("2026-03-20", "I2", 1, 10)], person_id="B")
    for day in days:
        line = (f"2026-{day} 10:00:00", "I1", 1, 50, {"item_type": "western_drug", "days_supply": 7})
        world.bill(day, lines=[line], encounter_type="pharmacy")
    return world


@pytest.mark.parametrize(
    ("days", "february", "march"),
    [
        # a run only since March: its days of February are named then
        (["02-27", "02-28", "03-01"], [], ["02-28", "03-01"]),
        (["02-28", "03-01", "03-02"], [], ["03-01", "03-02"]),
        # a run already: each month names its own
        (["02-26", "02-27", "02-28", "03-01"], ["02-27", "02-28"], ["03-01"]),
        (["02-26", "02-27", "02-28"], ["02-27", "02-28"], []),
        (["02-27", "02-28", "03-02"], [], []),
    ],
)
@pytest.mark.parametrize("month", ["2026-02", "2026-03"])
def test_each_day_of_a_run_over_a_months_end_is_named_once(found, days, february, march, month):
    said, result = found(over_the_month(*days), CODE, month)
    named = {"2026-02": february, "2026-03": march}[month]
    assert said == ({("patient", "A"): (5000 * len(named), len(named))} if named else {})
    lines = result.findings.lines
    assert sorted(lines[lines["role"] == "violating"]["settlement_id"]) == named
