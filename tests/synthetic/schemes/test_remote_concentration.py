"""P14: the people of one township lie in one far hospital in the same days, without being sent there."""

import pytest

_GUILTY = """
    select s.*, p.township_code from settlements s join truth_lines t using (settlement_id) join persons p using
    (person_id) where t.scheme_code = 'P14'"""
_TWIN = """
    select s.*, p.township_code from settlements s join persons p using (person_id) where s.admit_time is not null
    and s.person_id in (select subject_id from truth_twins where twin_of = 'P14' and subject_type = 'patient')
    and s.provider_id in (select subject_id from truth_twins where twin_of = 'P14' and subject_type = 'provider')"""

_TOWN = {"persons": 2_000, "providers": 60, "months": 3}
_ASKED = (("small", 11), ("large", 11), ("small", 12))


@pytest.fixture(scope="module")
def asked(planted):
    return planted("P14:medium")


def test_one_township_one_hospital_one_week(asked):
    n, persons, townships, hospitals, doctors, days = asked.one(f"""
        select count(*), count(distinct person_id), count(distinct township_code), count(distinct provider_id),
        count(distinct attending_practitioner_id), date_diff('day', min(admit_time), max(admit_time)) from ({_GUILTY})
        """)
    assert n >= 30
    assert persons == n
    assert (townships, hospitals, doctors) == (1, 1, 1)
    assert days <= 9


def test_far_from_home_and_nobody_sent_them(asked):
    sent, urgent, at_home = asked.one(f"""
        select count(referral_id) + count(filing_type), count(*) filter (where encounter_type <> 'inpatient'),
        count(*) filter (where insured_region_code = care_region_code) from ({_GUILTY})""")
    assert (sent, urgent, at_home) == (0, 0, 0)


def test_busloads_arrive_together_with_little(asked):
    """Several are admitted within one day, one after the other; their illnesses would not need a ward."""
    for day, n, minutes in asked.rows(f"""
        select admit_time::date, count(*), date_diff('minute', min(admit_time), max(admit_time)) from ({_GUILTY})
        group by 1"""):
        assert minutes <= 7 * n, day
    assert asked.one(f"select max(n) from (select count(*) n from ({_GUILTY}) group by admit_time::date)") >= 5
    serious = asked.one(f"""
        select count(*) from ({_GUILTY}) join diagnoses d using (settlement_id) where d.sequence_number = 1
        and d.diagnosis_code[1:3] not in ('J06', 'J20', 'K29', 'M54', 'R51', 'I10')""")
    assert serious == 0


def test_nobody_is_in_two_places(asked):
    clashes = asked.one(f"""
        select count(*) from ({_GUILTY}) g join settlements s using (person_id) where s.settlement_id <>
        g.settlement_id and s.service_start_date <= g.discharge_time::date and s.service_end_date >= g.admit_time::date
        """)
    assert clashes == 0


def test_hospital_keeps_honest_stays_and_everyone_is_in_the_ring(asked):
    honest = asked.one("""select count(*) from settlements join truth_providers using (provider_id)
        where settlement_id not in (select settlement_id from truth_lines) and admit_time is not null""")
    assert honest >= 10
    members = dict(asked.rows("select member_type, count(*) from truth_rings group by 1"))
    patients = asked.one("select count(*) from truth_patients where scheme_code = 'P14'")
    assert members == {"hospital": 1, "practitioner": 1, "patient": patients}


def test_outreach_refers_every_patient(asked):
    """The twin: one township, one far hospital, one week; but each has a referral of his own."""
    n, townships, hospitals, days, referrals, doctors = asked.one(f"""
        select count(*), count(distinct township_code), count(distinct provider_id),
        date_diff('day', min(admit_time), max(admit_time)), count(distinct referral_id),
        count(distinct attending_practitioner_id) from ({_TWIN})
        where referral_id is not null""")
    assert n >= 10
    assert (townships, hospitals) == (1, 1)
    assert days <= 7
    assert referrals == n
    assert doctors >= 2
    known = asked.one(f"""select count(*) from ({_TWIN}) s join referrals r on r.referral_id = s.referral_id
        and r.person_id = s.person_id and r.to_provider_id = s.provider_id and r.issue_time < s.admit_time""")
    assert known == n
    assert asked.one("select count(*) from truth_twins join truth_providers on provider_id = subject_id") == 0


@pytest.mark.slow
def test_sizes_and_seeds(planted):
    small, large, other = (planted(f"P14:{size}", seed=seed, **_TOWN) for size, seed in _ASKED)
    for planned, town in ((10, small), (120, large), (10, other)):
        assert 0.6 * planned <= town.one(f"select count(*) from ({_GUILTY})") <= planned
    one, two = (
        town.one(f"select min(admit_time)::varchar, avg(total_amount) from ({_GUILTY})") for town in (small, other)
    )
    assert one != two
