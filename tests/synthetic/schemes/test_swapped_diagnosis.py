"""H05: the second half of a stay under another diagnosis; patients who really had something new."""

import pytest

CITY = {"persons": 5_000, "providers": 40, "months": 4}  # few hospitals, so that one has many long stays
# Each second case with the stay before it, main diagnoses, and how many items either and both have.
PAIRS = """(select *, (select count(distinct item_code) from claim_lines where settlement_id = a) n_a,
    (select count(distinct item_code) from claim_lines where settlement_id = b) n_b,
    (select count(distinct item_code) from claim_lines where settlement_id in (a, b)) n_any
    from (select lag(settlement_id) over w a, settlement_id b, person_id, provider_id,
    date_diff('day', lag(discharge_time) over w, admit_time) gap, lag(diagnosis_code) over w dx_a, diagnosis_code dx_b,
    is_planned_readmission planned from settlements join diagnoses using (settlement_id)
    where admit_time is not null and sequence_number = 1 and not is_reversal
    window w as (partition by person_id, provider_id order by admit_time)) where gap <= 30)"""
GUILTY = f"(select * from {PAIRS} where b in (select settlement_id from truth_lines))"


def test_second_case_follows_soon_under_another_illness(planted):
    city = planted("H05:medium", **CITY).sound
    pairs, same, longest, planned = city.one(f"""select count(*), count(*) filter (dx_a[1:3] = dx_b[1:3]), max(gap),
        count(*) filter (planned) from {GUILTY}""")
    assert pairs == city.one("select count(*) from truth_lines") >= 5
    assert (same, planned) == (0, 0)
    assert 5 < longest <= 26


def test_most_items_are_the_same(planted):
    """At least three items in five of both cases together occur in both."""
    lowest = planted("H05:medium", **CITY).one(f"select min((n_a + n_b - n_any) / n_any) from {GUILTY}")
    assert lowest >= 0.6


def test_real_new_illnesses_have_other_items_and_other_chapters(planted):
    city = planted("H05:medium", **CITY).sound
    twins, same_chapter, highest = city.one(f"""select count(*), count(*) filter (dx_a[1] = dx_b[1]),
        min((n_a + n_b - n_any) / n_any) from {PAIRS} p join truth_twins t on t.subject_id = p.person_id
        join truth_twins h on h.subject_id = p.provider_id where dx_a[1] <> dx_b[1] and not planned""")
    assert twins >= 2
    assert same_chapter == 0
    assert highest < 0.5
    assert (
        city.one("""select count(*) from truth_lines join settlements using (settlement_id)
        join truth_twins on subject_id in (person_id, provider_id)""")
        == 0
    )


def test_men_and_women_have_illnesses_they_can_have(planted):
    assert (
        planted("H05:medium", **CITY).one(f"""select count(*) from {GUILTY} where dx_b[1:3] in ('O82', 'C50', 'C34',
        'C18', 'H25', 'K40', 'Z50')""")
        == 0
    )


def test_nobody_is_in_two_places(planted):
    city = planted("H05:medium", **CITY).sound
    assert (
        city.one("""select count(*) from settlements a join settlements b using (person_id)
        where a.admit_time is not null and a.settlement_id <> b.settlement_id and not a.is_reversal
        and b.service_start_date <= a.discharge_time::date and b.service_end_date >= a.admit_time::date
        and (b.admit_time is null or b.admit_time < a.discharge_time and a.admit_time < b.discharge_time)""")
        == 0
    )
    assert (
        city.one("""select count(*) from claim_lines join settlements using (settlement_id)
        where admit_time is not null and not fee_time between admit_time and discharge_time""")
        == 0
    )


def test_honest_long_stays_remain(planted):
    city = planted("H05:medium", **CITY).sound
    uncut = city.one(f"""select count(*) from settlements s join truth_providers using (provider_id)
        where date_diff('day', admit_time, discharge_time) >= 5 and settlement_id not in
        (select a from {GUILTY} union select b from {GUILTY})""")
    assert uncut >= 4


@pytest.mark.slow
def test_sizes_grow_and_seeds_differ(planted):
    small, medium = (
        planted(f"H05:{size}", **CITY).one("select count(*) from truth_lines") for size in ("small", "medium")
    )
    assert small <= 10 < medium
    total = "select sum(exposure_amount) from truth_lines"
    assert planted("H05:medium", **CITY).one(total) != planted("H05:medium", seed=12, **CITY).one(total)
