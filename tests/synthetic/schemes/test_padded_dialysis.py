"""H36: sessions on days off and at night in the names of others' patients; missed ones made up are lawful."""

import pytest

SESSIONS = """
    with sessions as (select s.person_id, s.provider_id, l.fee_time::date as d, l.device_id,
        t.settlement_id is not null as guilty from claim_lines l join settlements s using (settlement_id)
        left join truth_lines t on t.settlement_id = s.settlement_id
        where l.item_name = '血液透析' and s.encounter_type = 'chronic_outpatient' and not s.is_reversal)
"""


@pytest.fixture(scope="module")
def asked(planted_first):
    return planted_first("H36:large", persons=8_000)


def test_guilty_sessions_are_too_many_or_elsewhere(asked):
    """Each is the seventh of a fortnight, or at a second centre on the day of a session at the first."""
    n, seventh, elsewhere = asked.one(
        SESSIONS
        + """
        select count(*), count(*) filter (where 6 < (select count(distinct b.d) from sessions b
            where b.person_id = a.person_id and b.d <= a.d and b.d > a.d - 14)),
        count(*) filter (where exists (select 1 from sessions b where b.person_id = a.person_id and b.d = a.d
            and b.provider_id <> a.provider_id and not b.guilty))
        from sessions a where guilty"""
    )
    assert n >= 10
    assert min(seventh, elsewhere) > 0
    assert seventh + elsewhere >= n


def test_no_dialyser_is_opened_for_them(asked):
    assert (
        asked.one("""select count(*) from truth_lines join claim_lines using (settlement_id)
        where item_name = '透析器'""")
        == 0
    )


def test_look_alike_makes_missed_sessions_up(asked):
    """Its patients come oftener than in other weeks, some on a day next to the usual one; no fortnight has more."""
    too_many, close = asked.one(
        SESSIONS
        + """
        , ours as (select *, d - lag(d) over (partition by person_id order by d) as gap from sessions
            where provider_id in (select subject_id from truth_twins)),
        counted as (select *, (select count(distinct b.d) from ours b where b.person_id = a.person_id and b.d <= a.d
            and b.d > a.d - 7) as week, (select count(distinct b.d) from ours b where b.person_id = a.person_id
            and b.d <= a.d and b.d > a.d - 14) as fortnight from ours a)
        select count(*) filter (where week > 3 and fortnight > 6), count(*) filter (where gap = 1) from counted"""
    )
    assert too_many == 0
    assert close >= 1
