"""A standing refill at the person's own provider is no stop of a shopping day."""

import pytest

from tests.rules.examples.many_providers_in_a_day import shopping

DRUG = {"item_type": "western_drug", "charge_category": "western_drug"}
DAYS = ("2026-03-05", "2026-03-06", "2026-03-09")


@pytest.mark.parametrize(
    ("fetched", "provider", "days", "n_settlements"),
    [
        ("2026-02-09", "P1", 28, 4),  # twenty-eight days before 9 March: the others of that day are one county
        ("2026-02-09", "P1", None, 6),  # it is not told how long it lasts
        ("2026-02-09", "P9", 28, 6),  # another provider's
        ("2026-02-24", "P1", 28, 6),  # half of it would be left
        ("2026-01-11", "P1", 28, 6),  # used up long ago
    ],
)
def test_a_drug_had_there_before_at_its_time_is_a_refill(found, fetched, provider, days, n_settlements):
    world = shopping(2, (*DAYS, "2026-03-10"), "12")
    refill = next(row for row in world.lines if row["settlement_id"] == "S21")
    refill["item_code"] = "PILL"
    lines = [(f"{fetched} 10:00:00", "PILL", 1, 20, DRUG | {"days_supply": days})]
    world.bill("BEFORE", provider_id=provider, lines=lines)
    world.add("providers", provider_id="P9", provider_type="hospital", region_code="999999")
    ((_, n_lines),) = found(world, "many_counties_in_a_day")[0].values()
    assert n_lines == n_settlements + 2


def test_a_drug_beside_the_refill_was_fetched_on_the_round(found):
    world = shopping(2, DAYS, "12")
    refill = next(row for row in world.lines if row["settlement_id"] == "S21")
    refill["item_code"] = "PILL"
    world.bill("BEFORE", provider_id="P1", lines=[("2026-02-09 10:00:00", "PILL", 1, 20, DRUG | {"days_supply": 28})])
    assert not found(world, "many_counties_in_a_day")[0]
    world.lines.append(refill | {"line_number": 2, "item_code": "OTHER"})
    assert found(world, "many_counties_in_a_day")[0]
