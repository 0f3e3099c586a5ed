"""What single months are too few to tell is named, whole, in the month in which it is told, and not again."""

import pytest

from tests.rules.examples.favoured_overrides import overrides
from tests.rules.examples.many_providers_in_a_day import shopping
from tests.rules.world import World


def settled_later(world, after):
    """Settle the provider's bills from a number on a month later."""
    for row in world.settlements:
        if row["provider_id"] == "P1" and int(row["settlement_id"][2:]) >= after:
            row["settle_time"] = "2026-04-05 18:00:00"
    return world


@pytest.mark.parametrize(
    ("after", "month", "expected"),
    [
        # 6 of March and 4 of April: none is named in March, all 10 in April
        (6, "2026-03", {}),
        (6, "2026-04", {("provider", "P1"): (10000, 10)}),
        # 10 of March were named then; the other 2 are named in April
        (10, "2026-04", {("provider", "P1"): (2000, 2)}),
    ],
)
def test_overrides_of_earlier_months(found, after, month, expected):
    world = settled_later(overrides(10 if after < 10 else 12), after)
    assert found(world, "favoured_overrides", month)[0] == expected


def pairs(*months, lone=()):
    """Bill two equal baskets ten seconds apart in each of some months, and single ones of some amounts in the last."""
    world = World()
    for number, (month, amount) in enumerate([*((m, 30) for m in months), *((months[-1], amount) for amount in lone)]):
        at = f"{month}-{number + 1:02d} 10:00:"
        for turn in range(2 if number < len(months) else 1):
            columns = {"encounter_type": "pharmacy", "invoice_number": f"N{number}{turn}", "person_id": f"A{number}"}
            paid = {"account_paid_amount": amount, "fund": 0}
            lines = [(f"{at}{turn}0", "PILL", 1, amount)]
            world.bill(f"S{number}{turn}", provider_id="SHOP", settled=f"{at}{turn}0", lines=lines, **columns, **paid)
    return world


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        # five pairs of 2 x 30.00, three of them of March
        (pairs(*["2026-03"] * 3, *["2026-04"] * 2), (30000, 10)),
        (pairs(*["2026-03"] * 2, *["2026-04"] * 2), None),
        # told in March: April names its own
        (pairs(*["2026-03"] * 5, "2026-04"), (6000, 2)),
        # with them a single 100.00 from the account, and no 70.00
        (pairs(*["2026-04"] * 5, lone=(100, 70)), (40000, 11)),
        (pairs(*["2026-04"] * 4, lone=(100, 70)), None),
    ],
)
def test_pairs_of_earlier_months_and_round_sums_beside_them(found, world, expected):
    assert found(world, "equal_payments", "2026-04")[0].get(("provider", "SHOP")) == expected


def test_a_round_sum_of_a_month_without_pairs(found):
    # Five pairs of March; one payment of 100.00 from the account in April.
    world = pairs(*["2026-03"] * 5)
    paid = {"account_paid_amount": 100, "fund": 0, "encounter_type": "pharmacy", "person_id": "B"}
    world.bill("LATER", provider_id="SHOP", lines=[("2026-04-09 10:00:00", "PILL", 1, 100)], **paid)
    assert found(world, "equal_payments", "2026-04")[0][("provider", "SHOP")] == (10000, 1)


@pytest.mark.parametrize(("attending", "is_found"), [("D1", True), ("D9", False)])
def test_what_others_carried_out_counts_where_the_visit_stands_in_the_absent_name(found, attending, is_found):
    bed = [("2026-03-01", "BED", 1, 9)]
    world = World().stay("S1", "2026-03-01", "2026-03-11", person_id="D", provider_id="P2", lines=bed)
    test = {"charge_category": "laboratory", "prescriber_id": "D1", "executor_id": "T1"}
    lines = [("2026-03-05 10:00:00", "TEST", 1, 50, test)]
    world.bill("S2", lines=lines, attending_practitioner_id=attending)
    world.add("practitioners", practitioner_id="D1", person_id="D", is_team_identifier=False)
    assert (("practitioner", "D1") in found(world, "practitioner_in_hospital")[0]) is is_found


@pytest.mark.parametrize(("executor", "result_type"), [("D1", "definite"), (None, "definite"), ("T1", "suspicious")])
def test_what_others_carried_out_for_the_dead_is_not_certain(found, executor, result_type):
    work = {"charge_category": "treatment", "prescriber_id": "D1", "executor_id": executor}
    world = World().bill("S1", lines=[("2026-03-06 10:00:00", "NEEDLE", 1, 50, work)], attending_practitioner_id="D1")
    world.add("persons", person_id="A").add("persons", person_id="D", death_date="2026-03-04")
    world.add("practitioners", practitioner_id="D1", person_id="D", is_team_identifier=False)
    _, result = found(world, "practitioner_after_death")
    assert set(result.findings.findings["result_type"]) == {result_type}


@pytest.mark.parametrize(
    ("days", "window_months", "said"),
    [
        # the third day makes them enough: two settlements of 50.00 each
        (("2026-02-05", "2026-03-06", "2026-04-09"), 6, (30000, 6)),
        (("2026-02-05", "2026-02-06", "2026-03-09", "2026-04-09"), 6, (10000, 2)),
        # three were told in March, of which the window of April has kept two
        (("2026-02-05", "2026-02-06", "2026-03-09", "2026-03-10", "2026-04-09"), 2, (10000, 2)),
    ],
)
def test_shopping_days_of_earlier_months(found, days, window_months, said):
    said_of, _ = found(shopping(2, days, "12"), "many_counties_in_a_day", "2026-04", window_months=window_months)
    assert said_of == {("patient", "A"): said}


def test_three_equal_payments_of_a_day_are_named_in_their_month_and_not_again_with_the_pairs(found):
    world = pairs("2026-03", *["2026-04"] * 4)
    third = {"encounter_type": "pharmacy", "invoice_number": "N02", "person_id": "A0", "account_paid_amount": 30}
    lines = [("2026-03-01 10:00:20", "PILL", 1, 30)]
    world.bill("S02", provider_id="SHOP", settled="2026-03-01 10:00:20", lines=lines, fund=0, **third)
    said = [found(world, "equal_payments", month)[0][("provider", "SHOP")] for month in ("2026-03", "2026-04")]
    assert said == [(9000, 3), (24000, 8)]
