"""Pathways of care: births, staged and day surgery, rehabilitation with leave, care outside, referrals."""

import numpy as np
import pandas as pd
import pytest

from experiments.synthetic.care.admissions import WARD, draw_stays
from experiments.synthetic.care.bills import DAY_SURGERY, FILINGS, INPATIENT, MATERNITY, Bills
from experiments.synthetic.care.day_surgery import bill_day_surgery
from experiments.synthetic.care.follow_ups import bill_follow_ups
from experiments.synthetic.care.maternity import DELIVERY, bill_antenatal, bill_deliveries, pregnancies
from experiments.synthetic.care.out_of_area import away, bill_out_of_area, misplaced
from experiments.synthetic.care.outreach import bill_outreach
from experiments.synthetic.care.rehabilitation import bill_rehabilitation
from experiments.synthetic.identity import Identity
from experiments.synthetic.payer.referrals import referrals_table, with_referrals
from experiments.synthetic.world.capital import OUTSIDE_HOSPITAL, OUTSIDE_PHARMACY
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.presence import Presence
from experiments.synthetic.world.world import make_world

VISIT_PATHWAYS = (bill_antenatal, bill_day_surgery, bill_outreach, bill_out_of_area)
STAY_PATHWAYS = (bill_deliveries, bill_rehabilitation, bill_follow_ups)


class Walked:
    """A city's stays, and what its pathways bill over all months."""

    def __init__(self, world):
        self.world = world
        self.stays = draw_stays(world)
        headers = self.stays[["person", "start", "end"]].assign(is_stay=True, reverses=-1)
        presence = Presence.of(headers, world.people.death_day)
        bills = Bills()
        self.months = {}
        for month in world.calendar.spans:
            before = len(bills.ledger().visits)
            for pathway in VISIT_PATHWAYS:
                pathway(world, bills, presence, month)
            for pathway in STAY_PATHWAYS:
                pathway(world, bills, self.stays, month)
            self.months[month] = slice(before, len(bills.ledger().visits))
        self.ledger = bills.ledger()
        self.kind = world.places.providers["kind"].to_numpy()
        self.code = world.catalogue.diagnoses["code"].to_numpy()

    def of(self, encounter):
        visits = self.ledger.visits
        return visits[visits["encounter"] == encounter]


@pytest.fixture(scope="module")
def walked():
    return Walked(make_world(12_000, 150, 5, "2026-01", 11))


def test_visits_of_a_month_start_in_it(walked):
    """Stays that began before the window are billed with its first month."""
    for month, rows in walked.months.items():
        day = walked.ledger.visits["start"].to_numpy()[rows] // DAY
        assert len(day) > 50
        assert day.max() <= month.last_day
        assert day.min() >= (month.first_day if month.number else -60)


def test_lines_lie_between_start_and_settlement_and_are_sold_there(walked):
    ledger, world = walked.ledger, walked.world
    lines = ledger.lines.merge(ledger.visits[["draft", "start", "settle", "end", "is_stay", "provider"]], on="draft")
    assert (lines["time"] >= lines["start"]).all()
    assert (lines["time"] <= lines["end"])[lines["is_stay"]].all()
    assert (lines["time"] // DAY == lines["start"] // DAY)[~lines["is_stay"]].all()
    assert (ledger.visits["settle"] > ledger.visits["start"]).all()
    works_at = world.places.practitioners["provider"].to_numpy()
    for who in ("prescriber", "executor"):
        named = lines[lines[who] >= 0]
        assert (works_at[named[who]] == named["provider"]).all()


def test_stays_never_touch_and_those_away_lie_outside(walked):
    stays, world = walked.stays, walked.world
    same = stays["person"].to_numpy()[1:] == stays["person"].to_numpy()[:-1]
    gap = stays["start"].to_numpy()[1:] // DAY - stays["end"].to_numpy()[:-1] // DAY
    assert (gap[same] >= 2).all()
    assert not misplaced(world, away(world), stays).any()
    at_home = stays.assign(provider=world.places.of_kind("secondary")[0])
    assert misplaced(world, away(world), at_home).sum() == (stays["filing"].isin([0, 3])).sum()


def test_only_women_of_the_age_give_birth_and_visits_come_before(walked):
    people = walked.world.people
    born = walked.stays[walked.stays["kind"] == DELIVERY]
    assert people.female[born["person"]].all()
    assert np.isin(people.age[born["person"]], range(20, 43)).all()
    assert born["person"].is_unique
    assert set(walked.code[born["dx1"]]) == {"O80.900", "O82.900"}
    # 0.0068 births a year and person: 12,000 × 0.0068 × 150/365 ≈ 34 in five months
    assert 18 < len(born) < 50
    visits = walked.of(MATERNITY)
    assert people.female[visits["person"]].all()
    due = pregnancies(walked.world).set_index("person")["birth_day"].reindex(visits["person"]).to_numpy()
    weeks_before = (due - visits["start"].to_numpy() // DAY) / 7
    assert weeks_before.min() > 0
    assert weeks_before.max() < 34
    assert 5 < visits.groupby("person").size().max() < 14


def test_a_birth_is_attended_once_and_the_child_nursed_after_it(walked):
    lines = walked.ledger.lines.merge(walked.ledger.visits[["draft", "dx1", "encounter"]], on="draft")
    item = walked.world.catalogue.item
    born = lines[lines["item"].isin([item("自然分娩接生"), item("剖宫产术")])]
    stays = walked.of(INPATIENT)
    deliveries = stays[np.isin(walked.code[stays["dx1"]], ("O80.900", "O82.900"))]
    assert sorted(born["draft"]) == sorted(deliveries["draft"])
    when = born.set_index("draft")["time"]
    nursed = lines[lines["item"] == item("新生儿护理")]
    assert len(nursed) > len(deliveries)
    assert (nursed["time"].to_numpy() > when.reindex(nursed["draft"]).to_numpy() - HOUR).all()


def test_staged_operations_come_back_planned_to_the_same_hospital(walked):
    """The second eye: cataract again after two to seven weeks, planned, where the first was done."""
    stays = walked.stays.sort_values(["person", "start"])
    eyes = stays[walked.code[stays["dx1"]] == "H25.900"]
    before = eyes.groupby("person").shift(1)
    second = eyes[eyes["is_planned"] & before["end"].notna()]
    before = before.loc[second.index]
    assert len(second) > 3
    days = second["start"] // DAY - before["end"] // DAY
    assert days.between(13, 43).all()
    assert (second["provider"] == before["provider"]).all()


def test_plates_come_out_planned_at_hospitals_that_operate(walked):
    """0.0009 a year and person: 12,000 × 0.0009 × 150/365 ≈ 4 in five months."""
    out = walked.stays[walked.code[walked.stays["dx1"]] == "Z47.000"]
    assert 0 < len(out) < 14
    assert out["is_planned"].all()
    assert np.isin(walked.kind[out["provider"]], ("tertiary", "secondary")).all()


def test_unplanned_returns_remain(walked):
    stays = walked.stays.sort_values(["person", "start"])
    before = stays.groupby("person").shift(1)
    back = ~stays["is_planned"] & (stays["start"] - before["end"] < 30 * DAY)
    chapter = walked.code[stays["dx1"]].astype("U1")
    other = chapter[back] != walked.code[before["dx1"][back].astype(int)].astype("U1")
    assert back.sum() > 10
    assert other.sum() > 5


def test_day_surgery_is_done_and_paid_within_the_day_at_hospitals(walked):
    visits = walked.of(DAY_SURGERY)
    assert len(visits) > 10
    assert np.isin(walked.kind[visits["provider"]], ("tertiary", "secondary")).all()
    assert (visits["start"] // DAY == visits["end"] // DAY).all()
    assert not visits["is_stay"].any()
    operated = visits[visits["surgery"] >= 0]
    assert ((operated["start"] < operated["surgery_time"]) & (operated["surgery_time"] < operated["end"])).all()
    assert (operated["surgeon"] >= 0).all()
    weekday = (visits["start"].to_numpy() // DAY + walked.world.calendar.first.weekday()) % 7
    assert (weekday < 5).all()


def test_second_eye_by_day_is_the_other_eye(walked):
    lens = walked.ledger.lines[walked.ledger.lines["item"] == walked.world.catalogue.item("人工晶体")]
    visits = walked.of(DAY_SURGERY)[["draft", "person", "start", "is_planned", "provider"]]
    eyes = visits.merge(lens[["draft", "site"]], on="draft").sort_values(["person", "start"])
    second = eyes[eyes["is_planned"]]
    first = eyes[~eyes["is_planned"]].set_index("person")
    both = second[second["person"].isin(first.index)]
    assert len(both) > 0
    assert (both["site"].to_numpy() + first["site"].reindex(both["person"]).to_numpy() == 3).all()
    assert (both["provider"].to_numpy() == first["provider"].reindex(both["person"]).to_numpy()).all()


def test_rehabilitation_leaves_have_an_order_and_only_the_bed(walked):
    ledger, world = walked.ledger, walked.world
    stays = walked.of(INPATIENT)
    ours = stays[walked.code[stays["dx1"]] == "Z50.100"]
    nights = ours["end"] // DAY - ours["start"] // DAY
    assert nights.between(14, 35).all()
    assert (ours["dx2"] >= 0).all()
    leaves = ledger.leaves.merge(ours[["draft", "start", "end"]], on="draft")
    assert len(leaves) == len(ledger.leaves) > 5
    assert ((leaves["first_day"] > leaves["start"] // DAY) & (leaves["last_day"] < leaves["end"] // DAY)).all()
    assert ((leaves["first_day"] + world.calendar.first.weekday()) % 7 == 5).all()  # Saturdays
    days = pd.concat([leaves.assign(day=leaves["first_day"]), leaves.assign(day=leaves["last_day"])])
    lines = ledger.lines.assign(day=ledger.lines["time"] // DAY).merge(days[["draft", "day"]], on=["draft", "day"])
    assert set(lines["item"]) == {world.catalogue.item("普通床位费")}
    assert len(lines) == len(days)


def test_who_lives_elsewhere_is_treated_only_there(walked):
    visits, world = walked.ledger.visits, walked.world
    outside = np.isin(walked.kind[visits["provider"]], (OUTSIDE_HOSPITAL, OUTSIDE_PHARMACY))
    assert (visits["filing"][outside] >= 0).all()
    assert (visits["filing"][~outside] < 0).all()
    absent = away(world)
    day = visits["start"].to_numpy() // DAY
    assert absent.covers(visits["person"].to_numpy(), day)[outside].all()
    regions = world.geography.regions["region_code"].to_numpy()
    cared = regions[world.places.providers["region"].to_numpy()[visits["provider"][outside]]]
    assert set(cared) == {"420100"}
    retired = visits["filing"] == FILINGS.index("retired_elsewhere")
    assert (world.people.age[visits["person"][retired]] >= 60).all()
    seen = np.unique(np.r_[visits["filing"].to_numpy(), walked.stays["filing"].to_numpy()])
    assert [FILINGS[f] for f in seen if f >= 0] == ["retired_elsewhere", "referred", "emergency"]


def test_serious_cases_sent_beyond_the_city_are_ordinary_stays(walked):
    sent = walked.stays[walked.stays["filing"] == FILINGS.index("referred")]
    assert len(sent) > 3
    assert (walked.kind[sent["provider"]] == OUTSIDE_HOSPITAL).all()
    assert (sent["kind"] == WARD).all()


def test_outside_providers_count_among_those_asked_for():
    world = make_world(1_000, 40, 1, "2026-01", 3)
    kinds = world.places.providers["kind"].value_counts()
    assert len(world.places.providers) == 40
    assert (kinds[OUTSIDE_HOSPITAL], kinds[OUTSIDE_PHARMACY]) == (2, 1)
    staff = world.places.practitioners["provider"].to_numpy()
    for place in world.places.of_kind(OUTSIDE_HOSPITAL).tolist():
        row = world.places.providers.iloc[place]
        own = np.arange(row["first_doctor"], row["first_doctor"] + row["n_doctors"])
        assert len(own) > 0
        assert (staff[own] == place).all()


@pytest.fixture(scope="module")
def referred(walked):
    """Referrals of the pathways' visits and of ward stays as plain headers."""
    world, stays = walked.world, walked.stays
    wards = stays[stays["kind"] == WARD]
    headers = pd.DataFrame({"draft": np.arange(len(wards))})
    for name in ("person", "provider", "start", "end", "dx1", "is_planned", "filing"):
        headers[name] = wards[name].to_numpy()
    headers = headers.assign(is_stay=True, reverses=-1, same_encounter_as=-1, referral=-1)
    visits = with_referrals(world, pd.concat([walked.ledger.visits, headers], ignore_index=True))
    return visits, referrals_table(world, Identity.of(world), visits).to_pandas()


def test_referrals_go_up_and_down_and_precede_the_visit(walked, referred):
    visits, table = referred
    named = visits[visits["referral"] >= 0]
    assert table["referral_id"].is_unique
    assert len(table) == named["referral"].nunique()
    issued = (table["issue_time"] - pd.Timestamp(walked.world.calendar.first)) // pd.Timedelta(seconds=1)
    assert (issued.to_numpy() <= named["start"].to_numpy()).all()
    assert (table["from_provider_id"] != table["to_provider_id"]).all()
    counts = table["direction"].value_counts()
    assert counts["up"] > 20
    assert counts["down"] > 10


def test_who_is_sent_down_was_in_a_bigger_hospital_shortly_before(walked, referred):
    visits, table = referred
    named = visits[visits["referral"] >= 0]
    names = Identity.of(walked.world)
    down = named[(table["direction"] == "down").to_numpy()]
    senders = table["from_provider_id"][(table["direction"] == "down").to_numpy()].tolist()
    stays = visits[visits["is_stay"]]
    stayed = 0
    for (_, row), sender in zip(down.iterrows(), senders, strict=True):
        at = stays[(stays["person"] == row["person"]) & (stays["provider"] == names.providers.index(sender))]
        stayed += bool(((at["end"] < row["start"]) & (row["start"] - at["end"] < 45 * DAY)).any())
    assert stayed == len(down)


def test_experts_see_one_township_in_one_week_each_patient_referred(walked):
    visits = walked.ledger.visits
    clinics = visits[(walked.kind[visits["provider"]] == "tertiary") & (visits["referral"] >= 0)]
    assert len(clinics) > 10
    for _, clinic in clinics.groupby("doctor"):
        week = clinic["start"] // DAY
        for _, one in clinic.groupby((week - week.min()) // 14):
            assert len(set(walked.world.people.township[one["person"]])) == 1
            assert one["start"].max() - one["start"].min() < 7 * DAY


def test_one_seed_repeats_and_two_differ(walked):
    again = Walked(make_world(12_000, 150, 5, "2026-01", 11))
    pd.testing.assert_frame_equal(again.ledger.visits, walked.ledger.visits)
    pd.testing.assert_frame_equal(again.ledger.lines, walked.ledger.lines)
    other = pregnancies(make_world(12_000, 150, 5, "2026-01", 12))
    assert not other["person"].equals(pregnancies(walked.world)["person"])
