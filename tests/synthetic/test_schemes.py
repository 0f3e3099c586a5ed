"""Planted lines carry the pattern, look-alikes lack the guilty part, and schemes leave the others alone."""

from collections import Counter

import pytest

from experiments.synthetic import make_city
from experiments.synthetic.schemes import SCHEMES
from tests.synthetic.test_scheme_contract import NAMED_TOO

FOUR = {"R01", "H04", "H08", "P06"}
CITY = {"persons": 6_000, "providers": 120, "months": 5, "seed": 11}


def test_every_scheme_asked_for_is_planted(guilty):
    assert {code for (code,) in guilty.rows("select distinct scheme_code from truth_lines")} == FOUR
    assert {code for (code,) in guilty.rows("select distinct twin_of from truth_twins")} == FOUR
    assert guilty.one("select count(*) from truth_lines where exposure_amount < 0") == 0
    assert guilty.one("select count(*) from truth_lines t anti join settlements using (settlement_id)") == 0


def test_innocents_are_not_guilty(guilty):
    assert (
        guilty.one("""select count(*) from truth_twins t join truth_providers p on p.provider_id = t.subject_id""") == 0
    )
    assert (
        guilty.one("""select count(*) from truth_twins t join truth_patients p on p.person_id = t.subject_id
        where t.subject_type = 'patient'""")
        == 0
    )


def test_ring_sends_its_scripts_to_its_shops(guilty):
    """Of the dear scripts of ring patients at ring clinics, the ring's shops fill most, far beyond their size."""
    for ring, inside, n in guilty.rows("""
        with m as (select * from truth_rings) select c.ring_id, avg((exists (select 1 from m s where s.ring_id =
        c.ring_id
        and s.member_type = 'pharmacy' and s.member_id = r.dispensing_provider_id))::int), count(*)
        from prescriptions r join m c on c.member_type = 'clinic' and c.member_id = r.issuing_provider_id
        join m p on p.member_type = 'patient' and p.member_id = r.person_id and p.ring_id = c.ring_id group by 1"""):
        assert inside > 0.7, ring  # loyalty is drawn from 0.80 to 0.95
        assert n >= 15, ring


def test_ring_keeps_honest_business(guilty):
    """Ring members serve others too, and ring patients go elsewhere too."""
    others = guilty.one("""
        select min(n) from (select s.provider_id, count(*) n from settlements s join truth_providers p using
        (provider_id)
        where p.scheme_code = 'R01' and s.person_id not in (select person_id from truth_patients where scheme_code =
        'R01')
        group by 1)""")
    assert others > 0


def test_village_has_nowhere_else_to_go(guilty):
    """The twin: one clinic and one shop, far from all others, whose scripts stay together without a ring."""
    twins = guilty.rows("""select provider_id, provider_type, latitude from truth_twins join providers
        on provider_id = subject_id where twin_of = 'R01' and note like '%village%' order by 2""")
    assert [kind for _, kind, _ in twins] == ["retail_pharmacy", "village_clinic"]
    shop, clinic = (provider for provider, _, _ in twins)
    share = guilty.one(f"""select avg((dispensing_provider_id = '{shop}')::int) from prescriptions
        where issuing_provider_id = '{clinic}'""")
    assert share > 0.6
    in_scope = guilty.one(f"""select avg(case when i.is_sentinel_drug then 1 else 0 end) from claim_lines
        join settlements using (settlement_id) join
        (select * from ref_items where valid_to_date is null) i using (item_code) where provider_id = '{shop}'""")
    assert in_scope < 0.15  # it sells what people need, not what is dear


def test_split_stays_come_back_for_the_same(guilty):
    """Each guilty stay begins 2 to 14 days after a stay there of the same person for the same illness, unplanned."""
    guilty_stays = guilty.one("select count(*) from truth_lines where scheme_code = 'H04'")
    matched = guilty.one("""
        select count(distinct t.settlement_id) from truth_lines t join settlements b using (settlement_id)
        join settlements a on a.person_id = b.person_id and a.provider_id = b.provider_id
        and date_diff('day', a.discharge_time::date, b.admit_time::date) between 2 and 14
        join diagnoses da on da.settlement_id = a.settlement_id and da.sequence_number = 1
        join diagnoses db on db.settlement_id = b.settlement_id and db.sequence_number = 1
        where t.scheme_code = 'H04' and da.diagnosis_code[1:3] = db.diagnosis_code[1:3] and not
        b.is_planned_readmission""")
    assert guilty_stays >= 5
    assert matched == guilty_stays


def test_chemotherapy_is_planned(guilty):
    """The twin: its cycles come back for the same illness too, but every one of them was planned."""
    gaps = guilty.rows("""
        select date_diff('day', a.discharge_time::date, b.admit_time::date) from settlements a join settlements b
        using (person_id, provider_id) join truth_twins t on t.subject_id = provider_id and t.twin_of = 'H04'
        where b.is_planned_readmission and b.admit_time > a.discharge_time and a.person_id in
        (select subject_id from truth_twins where subject_type = 'patient' and twin_of = 'H04')""")
    assert sum(9 <= gap <= 23 for (gap,) in gaps) >= 10
    assert (
        guilty.one("""select count(*) from truth_lines l join settlements s using (settlement_id)
        where l.scheme_code = 'H04' and s.is_planned_readmission""")
        == 0
    )


def test_duplicates_repeat_an_item_within_minutes(guilty):
    again = "scheme_code = 'H08' and item_name not in ('二级护理', '主治医师诊察')"
    n = guilty.one(
        f"select count(*) from truth_lines join claim_lines using (settlement_id, line_number) where {again}"
    )
    pairs = guilty.one(f"""
        select count(distinct (t.settlement_id, t.line_number)) from truth_lines t join claim_lines b
        using (settlement_id, line_number) join claim_lines a on a.settlement_id = b.settlement_id
        and a.line_number <> b.line_number and a.item_code = b.item_code and a.amount = b.amount
        and abs(date_diff('second', a.fee_time, b.fee_time)) <= 1500
        and a.body_site is not distinct from b.body_site where {again.replace("item_name", "b.item_name")}""")
    assert n >= 10
    assert pairs == n
    exact = guilty.one("""select sum(t.exposure_amount) - sum(l.in_scope_amount) from truth_lines t
        join claim_lines l using (settlement_id, line_number) where t.scheme_code = 'H08'""")
    assert exact == 0


def test_two_sides_and_two_times_are_no_duplicates(guilty):
    """The twins repeat items too: always at another site, or hours apart."""
    repeats, guilty_looking = guilty.one("""
        select count(*), count(*) filter (where a.body_site is not distinct from b.body_site
        and abs(date_diff('minute', a.fee_time, b.fee_time)) < 60)
        from claim_lines a join claim_lines b using (settlement_id, item_code) join settlements using (settlement_id)
        join truth_twins t on t.subject_id = provider_id and t.twin_of = 'H08'
        where a.line_number < b.line_number and a.fee_time::date = b.fee_time::date
        and a.quantity > 0 and b.quantity > 0""")
    assert repeats >= 20
    assert guilty_looking == 0


def test_bundled_cards_pass_one_till_in_ten_minutes(guilty):
    """Every run: five or more cards at one till within ten minutes, weekly."""
    runs = guilty.rows("""
        select provider_id, terminal_id, s.settle_time::date, count(distinct person_id),
        date_diff('second', min(settle_time), max(settle_time)) from truth_lines t join settlements s using
        (settlement_id)
        where t.scheme_code = 'P06' group by all""")
    assert len(runs) >= 8
    tight = [run for run in runs if run[3] >= 5 and run[4] <= 600]
    assert len(tight) >= 0.7 * len(runs)  # two bundles of one shop may come on one day; a holder may be in hospital
    assert (
        guilty.one("""select count(*) from truth_lines t join settlements using (settlement_id)
        where t.scheme_code = 'P06' and is_proxy_purchase""")
        == 0
    )


def test_carer_is_registered(guilty):
    """The twin: the same rhythm, every purchase by a registered proxy, one address for all."""
    n, proxies, addresses = guilty.one("""
        select count(*), count(*) filter (where is_proxy_purchase), count(distinct address_hash) filter (where
        is_proxy_purchase)
        from settlements join persons using (person_id) where person_id in
        (select subject_id from truth_twins where subject_type = 'patient' and twin_of = 'P06') and provider_id in
        (select subject_id from truth_twins where subject_type = 'provider' and twin_of = 'P06')""")
    assert proxies >= 60  # ten residents, most weeks of five months
    assert proxies > 0.9 * n
    assert addresses == 1


def test_schemes_leave_the_others_alone(honest, guilty):
    """Persons and providers without a part have the same settlements and lines as in the honest city."""
    rows = {}
    for name, asked in (("honest", honest), ("guilty", guilty)):
        rows[name] = dict(asked.rows("select settlement_id, provider_id || total_amount::varchar from settlements"))
    part = {
        p
        for (p,) in guilty.rows(
            """select provider_id from truth_providers
            union select subject_id from truth_twins where subject_type = 'provider'"""
        )
    }
    changed = [
        s for s, content in rows["honest"].items() if content[:11] not in part and rows["guilty"].get(s) != content
    ]
    # Only visits that a second, split stay made impossible are gone.
    assert len(changed) <= 0.002 * len(rows["honest"])
    more = [s for s, content in rows["guilty"].items() if s not in rows["honest"]]
    planted = guilty.one("select count(distinct settlement_id) from truth_lines where line_number is null")
    assert len(more) >= planted


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted({scheme.code for scheme in SCHEMES}))
def test_one_scheme_alone(code):
    # Hospitals that operate several times on one person are few.
    size = {"persons": 6_000, "providers": 150} if code == "H13" else {"persons": 2_000, "providers": 60}
    city = make_city(**{**CITY, **size, "months": 3}, schemes=f"{code}:small")
    named = {code, *NAMED_TOO.get(code, ())}
    assert set(city.truth["truth_lines"]["scheme_code"].to_pylist()) <= named
    guilty = (city.truth[f"truth_{name}"]["scheme_code"].to_pylist() for name in ("providers", "patients"))
    assert code in {each for codes in guilty for each in codes} <= named
    assert set(city.truth["truth_providers"]["size"].to_pylist()) <= {"small"}


@pytest.mark.slow
def test_sizes_differ():
    """A large ring has (4, 5) providers and up to 150 patients, a small one (1, 1) and up to 15."""
    members = {}
    for size in ("small", "large"):
        city = make_city(6_000, 80, 4, "2026-01", 3, schemes=f"R01:{size}")
        rings = city.frame("truth_rings")
        members[size] = Counter(rings.loc[rings["ring_id"] == "R01-1", "member_type"])
    assert (members["small"]["clinic"], members["small"]["pharmacy"]) == (1, 1)
    assert (members["large"]["clinic"], members["large"]["pharmacy"]) == (4, 5)
    assert members["small"]["patient"] <= 15
    assert 100 <= members["large"]["patient"] <= 150
