"""Stays that overlap, and what is claimed elsewhere meanwhile."""

import pytest

from tests.rules.examples.claim_during_stay import purchase
from tests.rules.examples.overlapping_stays import two_stays
from tests.rules.world import World

OVERLAP = "overlapping_stays"
DURING = "claim_during_stay"
DAYS = [*(f"2026-03-{day}" for day in range(20, 32)), *(f"2026-04-0{day}" for day in range(1, 6))]


def test_lines_that_do_not_tell_days_apart_violate_by_their_share_of_the_nights(found):
    # P2 from 5 to 15 March (10 nights) posts 1,000.00 on one day; nights in common with 1 to 8 March: 3.
    world = World().stay("S1", "2026-03-01", "2026-03-08", lines=[("2026-03-01", "BED", 1, 100)])
    world.stay("S2", "2026-03-05", "2026-03-15", provider_id="P2", lines=[("2026-03-15", "BED", 1, 1000)])
    said, result = found(world, OVERLAP)
    # 1,000.00 x 3 / 10 = 300.00
    assert said == {("provider", "P2"): (30000, 1), ("patient", "A"): (30000, 1)}
    assert "by up to 3 nights" in result.findings.findings["reason_en"].iloc[0]
    involved = result.findings.lines[result.findings.lines["role"] == "involved"]
    assert involved["settlement_id"].unique().tolist() == ["S1"]
    assert involved["line_number"].isna().all()


def test_the_stay_settled_later_is_named_though_it_began_earlier(found):
    # P1 lies from 1 February and settles in March; P2's week was settled in February.
    world = World().stay("S1", "2026-02-01", "2026-03-10", lines=[("2026-03-10", "BED", 1, 3700)])
    world.stay("S2", "2026-02-10", "2026-02-17", provider_id="P2", lines=[("2026-02-10", "BED", 1, 700)])
    # 37 nights, 7 in common: 3,700.00 x 7 / 37 = 700.00
    assert found(world, OVERLAP, "2026-03")[0] == {("provider", "P1"): (70000, 1), ("patient", "A"): (70000, 1)}


def test_february_alone_knows_no_overlap(found):
    world = World().stay("S1", "2026-02-01", "2026-03-10", lines=[("2026-03-10", "BED", 1, 3700)])
    world.stay("S2", "2026-02-10", "2026-02-17", provider_id="P2", lines=[("2026-02-10", "BED", 1, 700)])
    assert found(world, OVERLAP, "2026-02")[0] == {}


def test_two_overlaps_of_one_stay_count_a_line_once(found):
    # S3 (1 to 11 March, 10 nights, 1,000.00 on one day) overlaps two stays: by 4 nights and by 3; the larger counts.
    world = World().stay("S1", "2026-03-01", "2026-03-05", provider_id="P1", lines=[("2026-03-01", "BED", 1, 1)])
    world.stay("S2", "2026-03-06", "2026-03-09", provider_id="P2", lines=[("2026-03-06", "BED", 1, 1)])
    world.stay("S3", "2026-03-01", "2026-03-11", provider_id="P3", lines=[("2026-03-11", "BED", 1, 1000)])
    assert found(world, OVERLAP)[0][("provider", "P3")] == (40000, 1)


def test_a_leave_that_covers_the_days_in_common_is_lawful(found):
    world = two_stays("2026-03-08")
    world.add("stay_leaves", settlement_id="S1", start_date="2026-03-08", end_date="2026-03-11")
    assert found(world, OVERLAP)[0] == {}


def test_a_leave_that_covers_only_some_of_them_is_not(found):
    world = two_stays("2026-03-08")
    world.add("stay_leaves", settlement_id="S1", start_date="2026-03-08", end_date="2026-03-09")
    assert ("provider", "P2") in found(world, OVERLAP)[0]


def test_settlements_of_one_encounter_are_one_stay(found):
    world = two_stays("2026-03-08", encounter_id="E1")
    world.settlements[0]["encounter_id"] = "E1"
    assert found(world, OVERLAP)[0] == {}


def seen(**second):
    # A stay from 20 March to 5 April with care each day; on the 28th a doctor elsewhere sees the patient for 50.00.
    nursed = [(day, "NURSE", 1, 90, {"charge_category": "nursing"}) for day in DAYS]
    world = World().stay("S1", "2026-03-20", "2026-04-05", lines=nursed)
    drug = {"charge_category": "western_drug", "item_type": "western_drug"}
    fee = {"charge_category": "consultation"}
    time = "2026-03-28 15:00:00"
    return world.bill("S2", provider_id="P2", lines=[(time, "DRUG", 1, 40, drug), (time, "FEE", 1, 10, fee)], **second)


def test_a_visit_is_found_when_the_stay_is_settled(found):
    # seen in March, the stay is settled in April: April's finding
    assert found(seen(), DURING, "2026-04")[0] == {("provider", "P2"): (5000, 2), ("patient", "A"): (5000, 2)}


def test_a_visit_that_the_account_paid_is_in_question_too(found):
    assert ("provider", "P2") in found(seen(fund=0), DURING, "2026-04")[0]


def test_a_proxy_may_see_the_doctor(found):
    assert found(seen(is_proxy_purchase=True), DURING, "2026-04")[0] == {}


def test_who_fetches_a_refill_may_pay_the_doctors_fee(found):
    world = seen()
    drug = {"charge_category": "western_drug", "item_type": "western_drug"}
    world.bill("S0", lines=[("2026-03-02 15:00:00", "DRUG", 1, 40, drug)])
    assert found(world, DURING, "2026-04")[0] == {}


@pytest.mark.parametrize("left_out", [("2026-03-28",), tuple(f"2026-03-{day}" for day in range(20, 28))])
def test_where_the_ward_did_nothing_the_stay_is_in_question(found, left_out):
    # nothing on the day of the visit, or on eight of its days
    world = seen()
    world.lines = [
        line for line in world.lines if line["fee_time"][:10] not in left_out or line["item_code"] != "NURSE"
    ]
    assert found(world, DURING, "2026-04")[0] == {}


@pytest.mark.parametrize("day", ["2026-03-10", "2026-03-20", "2026-03-09", "2026-03-21"])
def test_first_and_last_day_and_outside_are_left_in_peace(found, day):
    assert found(purchase(day), DURING)[0] == {}


@pytest.mark.parametrize("day", ["2026-03-11", "2026-03-19"])
def test_second_and_last_but_one_day_are_inside(found, day):
    assert ("provider", "SHOP") in found(purchase(day), DURING)[0]


def test_discharge_medication_is_lawful(found):
    assert found(purchase("2026-03-15", is_discharge_medication=True), DURING)[0] == {}


@pytest.mark.parametrize(("issuer", "day"), [("P3", "2026-03-09"), ("P1", "2026-03-12")])
def test_a_prescription_from_before_admission_or_of_the_ward_is_lawful(found, issuer, day):
    world = purchase("2026-03-15", prescription_id="RX1")
    script = {"prescription_id": "RX1", "person_id": "A", "issuing_provider_id": issuer}
    world.add("prescriptions", issue_time=f"{day} 10:00:00", **script)
    assert found(world, DURING)[0] == {}


def test_a_prescription_that_another_wrote_during_the_stay_excuses_nothing(found):
    world = purchase("2026-03-15", prescription_id="RX1")
    script = {"prescription_id": "RX1", "person_id": "A", "issuing_provider_id": "P3"}
    world.add("prescriptions", issue_time="2026-03-12 10:00:00", **script)
    assert ("provider", "SHOP") in found(world, DURING)[0]


def test_a_referral_is_lawful(found):
    referred = purchase("2026-03-15")
    referred.settlements[1]["referral_id"] = "REF1"
    assert found(referred, DURING)[0] == {}
