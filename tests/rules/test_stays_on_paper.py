"""Stays that nobody lay in: whose days are bare, whose bed is held, which of two stays goes on."""

import pytest

from tests.rules.examples.ghost_panel import panel
from tests.rules.examples.held_bed import stay
from tests.rules.examples.split_admission import back
from tests.rules.world import World

NURSED = {"charge_category": "nursing"}
DRIP = {"charge_category": "treatment"}
BED = {"charge_category": "bed"}
DRUG = {"charge_category": "western_drug", "item_type": "western_drug"}


def dripped(people, township="T1"):
    # 1 to 9 March: nursed on the first day, a drip on each of the others; all alike, some cash paid by each.
    world = World()
    lines = [("2026-03-01", "NURSE", 1, 10, NURSED)]
    lines += [(f"2026-03-{day:02d}", "DRIP", 1, 10, DRIP) for day in range(1, 9)]
    for number in range(people):
        world.add("persons", person_id=f"N{number}", township_code=township if number else "T1")
        world.stay(f"S{number}", "2026-03-01", "2026-03-09", lines=lines, person_id=f"N{number}", cash_paid_amount=45)
    return world


def test_days_with_drips_alone_are_bare(found):
    # Bare on 7 of 8 nights, three with one bill, three of one township who came and left together: three signs.
    said, result = found(dripped(3), "phantom_stays")
    assert said["provider", "P1"] == (27000, 27)
    reasons = result.findings.findings.set_index("subject_type")["reason_en"]
    assert "up to 87 percent of the days" in reasons["provider"]


def test_three_of_different_townships_came_together_by_chance(found):
    assert found(dripped(3, township="T2"), "phantom_stays")[0] == {}


def test_care_on_three_days_needed_no_bed_at_all(found):
    # Ten beds of 10.00 and three days of nursing at 40.00, half of it the fund's.
    assert found(stay(1, 2, 3), "held_bed")[0]["provider", "P1"] == (22000, 13)


@pytest.mark.parametrize(("cared", "said"), [((1, 2, 4, 5), (11000, 11)), ((1, 2, 4, 5, 6), None)])
def test_admission_and_discharge_are_one_day_of_a_stay(found, cared, said):
    # Seven nights, on three of them nothing but the bed, or on two: three are more than two in five of seven.
    lines = [(f"2026-03-{day:02d}", "BED", 1, 10, BED) for day in range(1, 8)]
    lines += [(f"2026-03-{day:02d}", "NURSE", 1, 10, NURSED) for day in cared]
    world = World().stay("S1", "2026-03-01", "2026-03-08", lines=lines)
    assert found(world, "held_bed")[0].get(("provider", "P1")) == said


def wards(a_night, people=5):
    # 1 to 11 March: P1 bills beds of 10.00 a night and all else on the first day and the sixth; P2 cares each day.
    world = World()
    for number in range(people):
        lines = [(f"2026-03-{day:02d}", "BED", 1, 10, BED) for day in range(1, 11)]
        lines += [(f"2026-03-{day:02d}", "NURSE", 1, 5 * a_night - 50, NURSED) for day in (1, 6)]
        world.stay(f"S{number}", "2026-03-01", "2026-03-11", lines=lines, person_id=f"N{number}")
        full = [(f"2026-03-{day:02d}", "NURSE", 1, 200, NURSED) for day in range(1, 11)]
        world.stay(f"F{number}", "2026-03-01", "2026-03-11", lines=full, person_id=f"M{number}", provider_id="P2")
    return world


@pytest.mark.parametrize(("a_night", "is_found"), [(60, True), (300, False)])
def test_a_ward_whose_stays_all_look_empty_posts_otherwise_only_if_its_nights_cost_as_much(found, a_night, is_found):
    assert (("provider", "P1") in found(wards(a_night), "held_bed")[0]) == is_found


def test_one_dear_stay_does_not_make_a_cheap_ward_one_that_posts_otherwise(found):
    # Four of P1's five stays cost 60.00 a night where 130.00 are usual, one costs 300.00: it is named as they are.
    world = wards(60)
    world.settlements[0] |= {"total_amount": 3000}
    said, _ = found(world, "held_bed")
    assert ("patient", "N0") in said


def with_drugs(*, before, now):
    world = back("2026-03-16")
    number = {"S1": 2, "S2": 2}
    for settlement, day, drugs in (("S1", "2026-03-02", before), ("S2", "2026-03-16", now)):
        for drug in drugs:
            number[settlement] += 1
            world.lines.append(
                world.lines[0] | DRUG
                | {"settlement_id": settlement, "line_number": number[settlement], "item_code": drug,
                   "fee_time": f"{day} 00:00:00"}
            )  # fmt: skip
    return world


@pytest.mark.parametrize(("now", "is_found"), [(("A", "B"), True), (("A", "X"), False), ((), True)])
def test_a_stay_goes_on_where_its_drugs_do(found, now, is_found):
    # The other two items are common to both; of A, B and X one of three drugs is: a relapse that is treated anew.
    assert (("patient", "A") in found(with_drugs(before=("A", "B"), now=now), "split_admission")[0]) == is_found


def test_contracts_are_named_without_a_line_in_question(found):
    said, result = found(panel(20), "ghost_panel")
    assert said == {("provider", "P1"): (0, 0)}
    assert result.findings.lines["role"].unique().tolist() == ["involved"]
    assert "this month 20 patients were served elsewhere" in result.findings.findings["reason_en"].iloc[0]


def test_one_of_a_hundred_in_three_months_is_more_than_a_twentieth_in_a_year(found):
    # Window from January: 90 days. One of 100 seen is 1 %, and 5 % of 90 / 365 are 1.23 %; two of 100 are more.
    for seen, is_found in ((1, True), (2, False)):
        world = panel(100)
        for number in range(seen):
            world.bill(f"V{number}", lines=[("2026-03-06", "VISIT", 1, 10)], person_id=f"N{number}", provider_id="P1")
        assert (("provider", "P1") in found(world, "ghost_panel")[0]) == is_found
