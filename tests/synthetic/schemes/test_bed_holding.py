"""H02: beds charged while the patient is elsewhere; rehabilitation with ordered weekends at home."""

import pytest

STAYS = (
    """(select distinct s.*, t.line_number is null whole from settlements s join truth_lines t using (settlement_id))"""
)
DAYS = """(select settlement_id, fee_time::date d, bool_and(charge_category = 'bed') only_bed
    from claim_lines group by all)"""
TWINS = """(select s.* from settlements s join truth_twins p on p.subject_id = s.person_id
    join truth_twins h on h.subject_id = s.provider_id where admit_time is not null)"""


def test_most_days_have_a_bed_and_nothing_else(planted):
    lowest, stays = planted("H02:large").one(f"""select min(share), count(*) from (select settlement_id,
        avg(only_bed::int) share from {DAYS} join {STAYS} using (settlement_id) group by 1)""")
    assert lowest > 0.4
    assert stays == 150


def test_honest_stays_have_no_such_days(planted):
    city = planted("H02:large").sound
    share = city.one(f"""select avg(share) from (select settlement_id, avg(only_bed::int) share from {DAYS}
        join settlements s using (settlement_id) join truth_providers using (provider_id)
        where admit_time is not null and settlement_id not in (select settlement_id from truth_lines) group by 1)""")
    assert share < 0.05


def test_absent_patients_are_seen_elsewhere(planted):
    """Within the stay, days of admission and discharge left out, at a pharmacy or a clinic."""
    seen, stays, providers = planted("H02:large").one(f"""
        select count(distinct settlement_id) filter (o is not null), count(distinct settlement_id), count(distinct o)
        from (select s.settlement_id, o.provider_id o from {STAYS} s left join settlements o
        on o.person_id = s.person_id and o.admit_time is null
        and o.service_start_date between s.admit_time::date + 1 and s.discharge_time::date - 1)""")
    assert 0.5 * stays < seen < stays
    assert providers > 5


def test_guilty_lines_are_bed_fees_of_empty_days_where_the_patient_had_been_ill(planted):
    city = planted("H02:large").sound
    assert city.one("select count(*) from truth_lines where line_number is not null") > 50
    wrong = city.one(f"""select count(*) from truth_lines t join claim_lines l using (settlement_id, line_number)
        join {DAYS} d on d.settlement_id = l.settlement_id and d.d = l.fee_time::date
        where charge_category <> 'bed' or not only_bed or t.exposure_amount <> l.in_scope_amount""")
    assert wrong == 0
    # Every empty day but that of a whole guilty stay is named.
    unnamed = city.one(f"""select count(*) from {DAYS} d join {STAYS} s using (settlement_id) where only_bed and not
        whole and not exists (select 1 from truth_lines t join claim_lines l using (settlement_id, line_number)
        where l.settlement_id = d.settlement_id and l.fee_time::date = d.d)""")
    assert unnamed == 0


def test_both_new_and_prolonged_stays(planted):
    new, prolonged = planted("H02:large").one(
        f"select count(*) filter (whole), count(*) filter (not whole) from {STAYS}"
    )
    assert new > 10
    assert prolonged >= 5


def test_stays_of_one_person_never_overlap_and_lines_lie_within(planted):
    city = planted("H02:large").sound
    assert (
        city.one("""select count(*) from settlements a join settlements b using (person_id) where a.settlement_id <
        b.settlement_id and a.admit_time < b.discharge_time and b.admit_time < a.discharge_time""")
        == 0
    )
    assert (
        city.one("""select count(*) from claim_lines join settlements using (settlement_id) where admit_time is not
        null and not fee_time between admit_time and discharge_time or discharge_time > settle_time""")
        == 0
    )
    nights = city.one("""select count(*) from (select count(*) filter (charge_category = 'bed') beds,
        any_value(date_diff('day', admit_time::date, discharge_time::date)) nights from claim_lines join settlements
        using (settlement_id) where admit_time is not null group by settlement_id) where beds <> nights""")
    assert nights == 0


def test_honest_business_goes_on(planted):
    honest, guilty = planted("H02:large").one("""
        select count(*) filter (t.settlement_id is null), count(distinct t.settlement_id) from settlements
        join truth_providers using (provider_id) left join truth_lines t using (settlement_id)""")
    assert honest > guilty


@pytest.mark.slow
def test_sizes_grow_and_seeds_differ(planted):
    number = f"select count(*) from {STAYS}"
    assert [planted(f"H02:{size}").one(number) for size in ("small", "large")] == [10, 150]
    mean = "select sum(exposure_amount) from truth_lines"
    assert planted("H02:large").one(mean) != planted("H02:large", seed=12).one(mean)


def test_innocent_weekends_at_home(planted):
    """As many empty days as some of the guilty have, all of them from Friday to Sunday, and exercise on the others."""
    city = planted("H02:large").sound
    stays, highest, on_weekdays = city.one(f"""select count(*), max(share), sum(other_days) from (
        select settlement_id, avg(only_bed::int) share, count(*) filter (only_bed and isodow(d) < 5) other_days
        from {DAYS} join {TWINS} using (settlement_id) group by 1)""")
    assert stays >= 8
    assert highest > 0.35
    assert on_weekdays == 0
    assert city.one(f"""select count(*) from {TWINS} s where not exists (select 1 from claim_lines l
        where l.settlement_id = s.settlement_id and item_name = '运动疗法')""") <= city.one(
        f"select count(*) from {TWINS} where admit_time < '2026-01-01'"
    )
    assert city.one(f"select count(*) from {TWINS} join truth_lines using (settlement_id)") == 0


def test_leave_is_ordered_for_every_empty_day_of_the_innocent(planted):
    city = planted("H02:large").sound
    empty, covered, stays = city.one(f"""
        select count(*), count(*) filter (exists (select 1 from stay_leaves v where v.settlement_id = d.settlement_id
        and d.d between v.start_date and v.end_date)), count(distinct settlement_id)
        from {DAYS} d join {TWINS} using (settlement_id) where only_bed""")
    assert stays >= 8
    assert empty == covered > 30
    assert city.one("select count(*) from stay_leaves join truth_lines using (settlement_id)") == 0
    errands = city.one(f"""select count(*) from {TWINS} s join settlements o using (person_id)
        where o.admit_time is null and o.service_start_date between s.admit_time::date and s.discharge_time::date
        and not exists (select 1 from stay_leaves v where v.settlement_id = s.settlement_id
        and o.service_start_date between v.start_date and v.end_date)""")
    assert errands == 0


def test_who_was_there_for_four_days_in_a_row_came_back_after_an_absence(planted):
    """Of stays that are guilty as a whole: else they were real stays in the books for longer."""
    left, whole = planted(
        "H02:large"
    ).one(f"""select count(*) filter (last_there < first_away and n_there > 3), count(*)
        from (select settlement_id, max(d) filter (not only_bed) last_there, min(d) filter (only_bed) first_away,
        count(*) filter (not only_bed) n_there
        from {DAYS} join {STAYS} using (settlement_id) where whole group by 1)""")
    assert left == 0
    assert whole > 50
