"""H26: one doctor's minutes pass what a day holds; a team's identifier is registered as one."""

import pytest

MINUTES = """
    select executor_id as doctor, l.fee_time::date as day, sum(quantity * standard_minutes) as minutes
    from claim_lines l join settlements using (settlement_id) join ref_items i on i.item_code = l.item_code
        and l.fee_time::date between i.valid_from_date and coalesce(i.valid_to_date, date '2999-01-01')
    where standard_minutes is not null and executor_id is not null group by all"""


@pytest.fixture(scope="module")
def asked(planted):
    return planted("H26:medium")


def test_ten_days_hold_more_than_days_hold(asked):
    """Medium: ten days of 900 to 2,000 minutes each, give or take a visit that could not be."""
    days = asked.rows(f"select minutes from ({MINUTES}) join truth_practitioners on doctor = practitioner_id")
    long = sorted(minutes for (minutes,) in days if minutes > 780)
    assert 9 <= len(long) <= 10
    assert long[-1] < 2_000 + 780  # what was added, on the doctor's own day


def test_the_doctor_works_honestly_on_other_days(asked):
    days = asked.rows(f"select minutes from ({MINUTES}) join truth_practitioners on doctor = practitioner_id")
    assert sum(minutes < 660 for (minutes,) in days) >= 20


def test_nobody_else_works_so_long_alone(asked):
    others = asked.one(f"""
        select count(*) from ({MINUTES}) join practitioners on doctor = practitioner_id
        where minutes > 780 and not is_team_identifier and doctor not in (select practitioner_id
        from truth_practitioners)""")
    assert others == 0


def test_team_is_registered_and_busy(asked):
    """The twin's identifier does more on its busiest day than any single colleague of the city, and is on record."""
    registered = dict(
        asked.rows("""select note like 'a team%', is_team_identifier from practitioners
        join truth_twins on subject_id = practitioner_id where twin_of = 'H26'""")
    )
    assert registered == {True: True, False: False}  # the pooled number is none of a team's
    share = asked.one("""
        select avg((attending_practitioner_id in (select subject_id from truth_twins))::int) from settlements
        where provider_id in (select subject_id from truth_twins) and admit_time is null
        and attending_practitioner_id is not null""")
    assert share > 0.5


@pytest.mark.slow
def test_days_grow_with_the_size(planted):
    days = [
        planted(f"H26:{size}").one("""select count(distinct settle_time::date) from settlements where settlement_id in
        (select settlement_id from truth_lines)""")
        for size in ("small", "medium", "large")
    ]
    assert days[0] == 3
    assert 9 <= days[1] <= 10
    assert 30 <= days[2] <= 41
