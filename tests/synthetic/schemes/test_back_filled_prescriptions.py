"""T05: scripts of one prescriber are written hours to days after the sale; a slow exchange takes minutes."""

import pytest

_GUILTY = """
    select r.*, s.settle_time, date_diff('second', r.dispense_time, r.issue_time) as lag from prescriptions r
    join truth_lines t on t.settlement_id = r.dispense_settlement_id
    join settlements s on s.settlement_id = t.settlement_id where t.scheme_code = 'T05'"""

_TOWN = {"persons": 2_000, "providers": 60, "months": 3}
_ASKED = (("small", 11), ("large", 11), ("small", 12))


@pytest.fixture(scope="module")
def asked(planted_first):
    return planted_first("T05:medium")


def test_scripts_follow_the_sale_by_hours_or_days(asked):
    n, earliest, latest, unpaid = asked.one(f"""
        select count(*), min(lag), max(lag), count(*) filter (where settle_time > issue_time) from ({_GUILTY})""")
    assert 80 <= n <= 100  # a hundred, less those that meet an admission or the end of the window
    assert earliest >= 3_600
    assert latest <= 3 * 86_400
    assert unpaid == 0  # every sale was settled before its script existed


def test_one_prescriber_writes_them_in_the_evening(asked):
    prescribers, shops, clinics = asked.one(f"""
        select count(distinct prescriber_id), count(distinct dispensing_provider_id),
        count(distinct issuing_provider_id) from ({_GUILTY})""")
    assert (prescribers, shops, clinics) == (1, 1, 1)
    evening, in_batch = asked.one(f"""
        select avg((hour(issue_time) >= 19)::int), avg((gap <= 300)::int) from (select issue_time, least(
        coalesce(date_diff('second', lag(issue_time) over w, issue_time), 1e9),
        coalesce(date_diff('second', issue_time, lead(issue_time) over w), 1e9)) as gap
        from ({_GUILTY}) window w as (order by issue_time))""")
    assert evening > 0.85
    assert in_batch > 0.5  # the next script is written within five minutes
    employer = asked.one(f"""select count(*) from ({_GUILTY}) g join practitioners p on p.practitioner_id =
        g.prescriber_id where p.provider_id <> g.issuing_provider_id""")
    assert employer == 0


def test_honest_business_goes_on(asked):
    """The shop fills scripts of others before the sale, the clinic sees patients who never come to the shop."""
    signed, in_time = asked.one("""
        select avg((prescriber_id in (select practitioner_id from truth_practitioners))::int),
        avg((issue_time <= dispense_time)::int) from prescriptions
        join truth_providers on provider_id = dispensing_provider_id""")
    assert 0.3 < signed < 0.95
    assert 0.05 < in_time < 0.7
    for provider, honest in asked.rows("""
        select p.provider_id, count(*) from truth_providers p join settlements s using (provider_id)
        where s.settlement_id not in (select settlement_id from truth_lines) group by 1"""):
        assert honest >= 20, provider


def test_drugs_fit_what_the_sale_says(asked):
    """Every guilty fill names one script on all its lines and has a chronic diagnosis."""
    wrong, ill = asked.one("""
        with l as (select c.settlement_id, count(*) filter (where c.prescription_id is null) as without_script,
        count(distinct c.prescription_id) as scripts from truth_lines t join claim_lines c using (settlement_id)
        join settlements s using (settlement_id) where s.provider_id in (select dispensing_provider_id from
        prescriptions) group by 1)
        select count(*) filter (where without_script > 0 or scripts <> 1),
        (select count(*) from l join diagnoses d using (settlement_id) where d.diagnosis_code[1:3] in
        ('I10', 'E11', 'I25', 'J44')) - count(*) from l""")
    assert wrong == 0
    assert ill == 0


def test_slow_exchange_is_innocent(asked):
    """The twin: most scripts seem written after the sale, by five minutes at the most."""
    late, most, worst = asked.one("""
        select avg((issue_time > dispense_time)::int), count(*), max(date_diff('second', dispense_time, issue_time))
        from prescriptions join truth_twins on subject_id = dispensing_provider_id where twin_of = 'T05'""")
    assert late > 0.5
    assert most >= 20
    assert worst <= 300
    assert asked.one("select count(*) from truth_twins join truth_providers on provider_id = subject_id") == 0


@pytest.mark.slow
def test_sizes_and_seeds(planted_first):
    """20, 100, 500 scripts, less some that meet an admission or the window's end; seeds differ in how they cheat."""
    small, large, other = (planted_first(f"T05:{size}", seed=seed, **_TOWN) for size, seed in _ASKED)
    for planned, town in ((20, small), (500, large), (20, other)):
        assert 0.75 * planned <= town.one(f"select count(*) from ({_GUILTY})") <= planned
    one, two = (town.one(f"select avg(lag), min(dispense_time)::varchar from ({_GUILTY})") for town in (small, other))
    assert one != two
