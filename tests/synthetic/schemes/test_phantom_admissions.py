"""H01: recruited villagers, admitted and discharged in groups, copied lines, nothing paid; a screening campaign."""

import pytest

GUILTY = "(select * from settlements join truth_lines using (settlement_id))"
TWINS = """(select s.* from settlements s join truth_twins p on p.subject_id = s.person_id and p.twin_of = 'H01'
    join truth_twins h on h.subject_id = s.provider_id and h.twin_of = 'H01' join procedures using (settlement_id)
    where procedure_code = '13.4100' and encounter_type = 'inpatient')"""


def test_groups_come_and_go_together(planted):
    """Nearly all have two companions at least, admitted within a day and discharged on the same one."""
    stays, alone = planted("H01:large").one(f"""select count(*), count(*) filter (companions < 2) from
        (select (select count(*) from {GUILTY} b where b.settlement_id <> a.settlement_id
        and b.discharge_time::date = a.discharge_time::date
        and abs(date_diff('day', a.admit_time::date, b.admit_time::date)) <= 1) companions from {GUILTY} a)""")
    assert stays == 120
    assert alone <= 12


def test_patients_are_old_neighbours_who_pay_nothing(planted):
    city = planted("H01:large")
    youngest, townships, hospitals, doctors = city.one(f"""
        select min(date_diff('year', birth_date, admit_time::date)), count(distinct township_code),
        count(distinct provider_id), count(distinct attending_practitioner_id) from {GUILTY} join persons
        using (person_id)""")
    assert youngest >= 55
    assert townships <= 3
    assert (hospitals, doctors <= 2) == (1, True)
    assert city.one(f"select avg((cash_paid_amount + deductible_amount = 0)::int) from {GUILTY}") > 0.85
    honest = city.one("""select avg((deductible_amount = 0)::int) from settlements left join truth_lines using
        (settlement_id) where admit_time is not null and scheme_code is null and not is_planned_readmission""")
    assert honest < 0.2


def test_nurse_and_laboratory_are_absent_on_most_days_though_the_drugs_run_on(planted):
    city = planted("H01:large")
    days = """(select settlement_id, fee_time::date d, bool_or(charge_category = 'nursing') nursed,
        bool_or(item_type = 'western_drug') drugs from claim_lines join truth_lines t using (settlement_id)
        group by all)"""
    nursed, drugs = city.one(f"select avg(nursed::int), avg(drugs::int) from {days}")
    assert nursed < 0.5
    assert drugs > 0.95
    assert (
        city.one(
            f"select count(distinct s.settlement_id) from {GUILTY} s left join drg_assignments using (settlement_id)"
        )
        == 120
    )


def test_lines_are_copied_from_few_templates(planted):
    """Stays share the drugs and doses of one of three templates, or all but one drug of them."""
    city = planted("H01:large")
    regimens = city.rows("""select list(distinct item_code || 'x' || quantity order by item_code || 'x' || quantity)
        from claim_lines join truth_lines t using (settlement_id) where item_type <> 'service' and
        charge_category <> 'consumable' group by settlement_id""")
    assert len({tuple(r) for (r,) in regimens}) <= 6


def test_some_come_again_with_the_same_companions(planted):
    city = planted("H01:large")
    again = city.rows(f"""select person_id, min(discharge_time), max(admit_time) from {GUILTY} group by 1
        having count(*) > 1""")
    assert len(again) >= 5
    assert all((back - left).days >= 25 for _, left, back in again)
    assert len({back.date() for *_, back in again}) < len(again) / 2


def test_ring_and_hospital_go_on_record(planted):
    city = planted("H01:large")
    members = dict(city.rows("select member_type, count(*) from truth_rings where ring_id = 'H01-1' group by 1"))
    assert members["hospital"] == 1
    assert members["patient"] == city.one("select count(*) from truth_patients")
    assert members["practitioner"] == city.one("select count(*) from truth_practitioners")
    honest = city.one("""select count(*) from settlements join truth_providers p using (provider_id)
        left join truth_lines using (settlement_id) where exposure_amount is null""")
    assert honest > 30


def test_nobody_is_in_two_places_and_lines_lie_within_stays(planted):
    city = planted("H01:large")
    assert (
        city.one(f"""select count(*) from {GUILTY} s join settlements o using (person_id) where
        o.settlement_id <> s.settlement_id and o.service_start_date <= s.discharge_time::date
        and o.service_end_date >= s.admit_time::date""")
        == 0
    )
    assert (
        city.one(f"""select count(*) from claim_lines l join {GUILTY} s using (settlement_id)
        where not fee_time between admit_time and discharge_time""")
        == 0
    )


@pytest.mark.slow
def test_sizes_grow_and_seeds_differ(planted):
    assert [planted(f"H01:{size}").one("select count(*) from truth_lines") for size in ("small", "large")] == [
        8,
        120,
    ]
    mean = "select avg(exposure_amount) from truth_lines"
    assert planted("H01:large").one(mean) != planted("H01:large", seed=12).one(mean)


def test_screened_patients_are_operated_and_pay(planted):
    """As grouped as the guilty, but with lens, surgeon and a share of their own; nurses every day."""
    city = planted("H01:large")
    stays, grouped, unpaid = city.one(f"""
        select count(*), count(*) filter (n >= 3), count(*) filter (cash_paid_amount + account_paid_amount < 100)
        from (select *, count(*) over (partition by discharge_time::date) n from {TWINS})""")
    assert stays >= 15
    assert grouped > 0.8 * stays
    assert unpaid == 0
    assert (
        city.one(f"""select count(*) from {TWINS} t where not exists (select 1 from claim_lines l where
        l.settlement_id = t.settlement_id and item_name = '人工晶体')""")
        == 0
    )
    assert (
        city.one(f"""select count(*) from procedures join {TWINS} t using (settlement_id)
        where procedure_time not between admit_time and discharge_time""")
        == 0
    )
    assert city.one("select count(*) from truth_patients join truth_twins on person_id = subject_id") == 0
