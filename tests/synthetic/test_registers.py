"""Registers beside the claims: keys, links, one contract and one insurance at a time, balances that add up."""

import numpy as np
import pytest

from experiments.synthetic.identity import Identity
from experiments.synthetic.payer.enrolments import enrolments_table
from experiments.synthetic.payer.family_doctors import KINDS, contracts_table, sign_contracts
from experiments.synthetic.payer.funds import (
    budgets_table,
    complaints_table,
    fund_months_table,
    fund_paid,
    surveys_table,
)
from experiments.synthetic.payer.registers import practitioners_table, regions_table
from experiments.synthetic.register import Register
from experiments.synthetic.world.people import NEVER
from experiments.synthetic.world.world import make_world
from tests.synthetic.drafts import drafts_of


@pytest.fixture(scope="module")
def drafts():
    """Two months of honest visits in a city of 3,000."""
    return drafts_of(3_000, 60, 2, seed=5)


def test_contracts_are_plausible(drafts):
    world = drafts.stage.world
    contracts = sign_contracts(world)
    assert contracts.equals(sign_contracts(world))
    assert not contracts.equals(sign_contracts(make_world(3_000, 60, 2, "2026-01", 6)))
    places = world.places.providers
    assert set(places["kind"].to_numpy()[contracts["provider"]]) <= set(KINDS)
    assert 0.4 < contracts["person"].nunique() / 3_000 < 0.8
    ill = world.people.conditions[:, :5].any(axis=1)
    signed = np.isin(np.arange(3_000), contracts["person"])
    assert signed[ill].mean() > signed[~ill].mean() + 0.1
    # One at a time: the next contract of a person begins after the last has run out.
    same = contracts["person"].to_numpy()[1:] == contracts["person"].to_numpy()[:-1]
    assert (contracts["start_day"].to_numpy()[1:] > contracts["end_day"].to_numpy()[:-1])[same].all()
    assert (contracts["start_day"] < world.people.death_day[contracts["person"]]).all()
    assert (contracts["end_day"] >= 0).all()


def test_the_signed_are_seen_at_their_place(drafts):
    """Whoever is signed comes to that provider far more often than chance has it."""
    world, visits = drafts.stage.world, drafts.stage.visits
    contracts = sign_contracts(world).drop_duplicates("person")
    seen = set(zip(visits["person"].tolist(), visits["provider"].tolist(), strict=True))
    pairs = list(zip(contracts["person"].tolist(), contracts["provider"].tolist(), strict=True))
    shuffled = zip(contracts["person"].tolist(), np.roll(contracts["provider"].to_numpy(), 500).tolist(), strict=True)
    come, by_chance = (sum(pair in seen for pair in some) for some in (pairs, shuffled))
    assert come > 0.15 * len(pairs)
    assert come > 3 * by_chance


def test_contract_table_holds_what_schemes_add(drafts):
    world = drafts.stage.world
    who = Identity.of(world)
    clinic = int(world.places.of_kind("community")[0])
    plain, more = contracts_table(world, who), contracts_table(world, who, [(7, clinic, 0, 12, 376)])
    assert more.num_rows == plain.num_rows + 1
    starts = {str(day) for day in more.column("start_date").to_pylist()}
    assert "2026-01-13" in starts  # day 12 after 1 January


def test_enrolments_cover_the_claims(drafts):
    """Each claim falls into exactly one enrolment, of the insurance and region it was settled under."""
    world, visits = drafts.stage.world, drafts.stage.visits
    drafts.register(enrolments=enrolments_table(world, Identity.of(world), visits))
    assert drafts.one("select count(distinct person_id) from enrolments") == 3_000
    overlaps = drafts.one("""
        select count(*) from enrolments a join enrolments b using (person_id) where a.start_date < b.start_date
        and coalesce(a.end_date, date '9999-12-31') >= b.start_date""")
    assert overlaps == 0
    uncovered = drafts.one("""
        select count(*) from visits v where (select count(*) from enrolments e where e.person_id = v.person_id
        and v.settle_date between e.start_date and coalesce(e.end_date, date '9999-12-31')
        and e.insurance_type = v.insurance_type and e.region_code = v.region_code) <> 1""")
    assert uncovered == 0
    changed, joined, left = drafts.one("""
        select count(*) filter (n > 1), count(*) filter (first > '2026-01-01'), count(*) filter (last < '2026-02-28')
        from (select person_id, count(*) n, min(start_date) first, max(coalesce(end_date, date '9999-12-31')) last
        from enrolments group by 1)""")
    assert min(changed, joined, left) > 5
    assert max(changed, joined, left) < 300


def test_balances_add_up(drafts):
    """Each month's balance is the last month's plus income less payout; payouts are the claims' fund payments."""
    world, visits = drafts.stage.world, drafts.stage.visits.assign(fund=1_234)
    month = visits["settle"].to_numpy() // 86_400 >= world.calendar.month_first_day[1]
    table = fund_months_table(world, [fund_paid(world, visits[~month]), fund_paid(world, visits[month])])
    drafts.register(fund_months=table)
    assert drafts.one("select sum(payout_amount)::decimal(18,2) * 100 from fund_months") == len(visits) * 1_234
    wrong = drafts.one("""
        select count(*) from (select cumulative_balance_amount b, income_amount i, payout_amount p,
        lag(cumulative_balance_amount) over (partition by region_code, insurance_type order by month) before
        from fund_months) where before is not null and b <> before + i - p""")
    assert wrong == 0
    assert drafts.one("select count(*) from fund_months where income_amount <= 0") == 0
    assert drafts.one("select count(distinct month) from fund_months") == 2


def test_budgets_and_surveys(drafts):
    world, visits = drafts.stage.world, drafts.stage.visits
    who = Identity.of(world)
    paid = np.full(len(world.places.providers), 59_000_000)
    drafts.register(budgets=budgets_table(world, who, paid), surveys=surveys_table(world, who, visits))
    hospitals = (world.places.providers["provider_type"] == "hospital").sum()
    low, high, n = drafts.one("select min(budget_amount), max(budget_amount), count(*) from budgets")
    assert 0 < n < hospitals  # those of the capital have none here
    # 590,000 yuan in 59 days are 3.65 m a year; budgets lie between 93 and 110 % of it, in whole 10,000.
    assert 3_380_000 <= low < high <= 4_020_000
    assert drafts.one("select count(*) from surveys where satisfied_share not between 0 and 1 or n_responses < 1") == 0
    assert drafts.one("select avg(satisfied_share) from surveys") > 0.8


def test_complaints_are_a_weak_signal():
    """Over cities: the guilty draw about three times their share, yet most complaints concern innocents."""
    ratio, of_guilty, total = [], 0, 0
    for seed in range(8):
        world = make_world(3_000, 200, 24, "2025-01", seed)
        who = Identity.of(world)
        guilty = list(range(5, 200, 12))
        names = {who.providers[p] for p in guilty}
        subjects = complaints_table(world, who, guilty).column("subject_id").to_pylist()
        plain = complaints_table(world, who, []).column("subject_id").to_pylist()
        assert set(plain) <= set(subjects)  # guilt adds complaints and changes none
        held = sum(s in names for s in plain)
        of_guilty, total = of_guilty + sum(s in names for s in subjects), total + len(subjects)
        ratio.append((sum(s in names for s in subjects), held))
    times = sum(a for a, _ in ratio) / sum(b for _, b in ratio)
    assert 2.2 < times < 4.0
    assert of_guilty < total / 3


def test_practitioners_live_in_the_city(drafts):
    world = drafts.stage.world
    staff = world.places.practitioners
    home = staff["person"].to_numpy()
    housed = home >= 0
    assert len(np.unique(home[housed])) == housed.sum()
    assert ((world.people.age[home[housed]] >= 23) & (world.people.death_day[home[housed]] == NEVER)).all()
    region = world.places.providers["region"].to_numpy()[staff["provider"]]
    assert not housed[region == world.geography.capital].any()
    assert housed[(region < world.geography.capital) & ~staff["is_team"].to_numpy(bool)].mean() > 0.95
    town = world.places.providers["township"].to_numpy()[staff["provider"]]
    near = (world.people.township[home] == town)[housed].mean()
    assert 0.4 < near < 0.95


def test_team_numbers_carry_many_patients():
    """A team's common number sees far more patients a day than a doctor of the same place, and is registered."""
    drafts = drafts_of(8_000, 140, 1, seed=4)
    world, visits = drafts.stage.world, drafts.stage.visits
    staff, places = world.places.practitioners, world.places.providers
    teams = np.flatnonzero(staff["is_team"].to_numpy(bool))
    assert len(teams)
    counts = np.bincount(visits["doctor"].to_numpy()[visits["doctor"].to_numpy() >= 0], minlength=len(staff))
    for team in teams.tolist():
        place = places.iloc[int(staff["provider"].iloc[team])]
        doctors = np.arange(place["first_doctor"], place["first_doctor"] + place["n_doctors"])
        others = counts[doctors[doctors != team]]
        if counts[doctors].sum() > 60:
            assert counts[team] > 1.5 * others.mean()
    drafts.register(practitioners=practitioners_table(world, Identity.of(world), Register(teams={0})))
    assert drafts.one("select count(*) from practitioners where is_team_identifier") >= len(teams)
    assert drafts.one("select count(*) from practitioners where licence_end_date < '2026-02-01'") == 0


def test_regions_have_parents(drafts):
    drafts.register(regions=regions_table(drafts.stage.world))
    orphans = drafts.one("""
        select count(*) from regions where parent_code is not null
        and parent_code not in (select region_code from regions)""")
    assert orphans == 0
    assert drafts.rows("select parent_code from regions where region_code = '429900'") == [("420000",)]
