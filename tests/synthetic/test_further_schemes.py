"""Schemes from P15 on carry their pattern, look-alikes lack it, and an honest city holds what they are made of.

Each query counts what must not be there.
"""

import pytest

MINE = "P15,P10,P11,T05,T06,T03,T13,T14,H15:small,H28,H30,R12,H35,H36"
SIZE = {"persons": 14_000, "providers": 300}
GUILTY = """select t.*, s.* exclude (settlement_id) from truth_lines t join settlements s using (settlement_id)
    where scheme_code = '{}'"""
LINES = """select t.scheme_code, l.*, s.person_id, s.provider_id, s.encounter_type from truth_lines t
    join settlements s using (settlement_id) join claim_lines l on l.settlement_id = t.settlement_id
    and (t.line_number is null or l.line_number = t.line_number) where scheme_code = '{}'"""
TWINS = "(select subject_id from truth_twins where twin_of = '{}' and note like '%{}%')"
# Sessions of people who have none elsewhere: H36's crowded machine, not its other way.
CROWDED = """person_id not in (select person_id from settlements join diagnoses using (settlement_id)
    where diagnosis_code like 'N18%' and settlement_id not in (select settlement_id from truth_lines))"""
PATTERNS = {
    "P15: stays of one illness at three hospitals, next to nothing paid": f"""
        select count(*) from (select g.person_id from ({GUILTY.format("P15")}) g join diagnoses d using (settlement_id)
        where sequence_number = 1 group by 1 having count(*) < 6 or count(distinct provider_id) < 3 or
        count(distinct diagnosis_code[1:3]) > 1 or sum(total_amount - fund_paid_amount) > 0.05 * sum(total_amount))""",
    "P15: the look-alikes have a cancer": f"""
        select count(*) from settlements s join diagnoses d using (settlement_id)
        where s.person_id in {TWINS.format("P15", "cancer")} and admit_time is not null
        and diagnosis_code[1:1] <> 'C'""",
    "P10: marked and paid, or unmarked after a marked bill": f"""
        select count(*) from ({GUILTY.format("P10")}) g join diagnoses d using (settlement_id)
        where diagnosis_code like 'S%' and not (g.is_third_party_injury and fund_paid_amount > 0
        and not has_manual_override) and not exists (select 1 from settlements m where m.person_id = g.person_id
        and m.is_third_party_injury and date_diff('day', m.settle_time, g.admit_time) between 0 and 2)""",
    "P10: what is advanced is decided": f"""
        select count(*) from settlements where person_id in {TWINS.format("P10", "advances")}
        and is_third_party_injury and fund_paid_amount > 0 and not has_manual_override""",
    "P11: fetched after the death": f"""
        select count(*) from ({GUILTY.format("P11")}) g join persons p using (person_id)
        where service_start_date <= death_date""",
    "P11: late papers hold no late care": f"""
        select count(*) from settlements s join persons p using (person_id)
        where person_id in {TWINS.format("P11", "weeks later")} and service_end_date > death_date""",
    "T05: dual-channel drugs without the centre": f"""
        select count(*) from ({LINES.format("T05")}) g join ref_items r using (item_code)
        join prescriptions p using (prescription_id) where is_dual_channel and channel = 'prescription_centre'""",
    "T05: the look-alike's bills are filled scripts of the centre": f"""
        select count(*) from settlements s join claim_lines l using (settlement_id) join ref_items r using (item_code)
        where s.provider_id in {TWINS.format("T05", "numbers")} and is_dual_channel and not is_reversal
        and l.prescription_id is null and s.settlement_id not in
        (select dispense_settlement_id from prescriptions where channel = 'prescription_centre')""",
    "T05: a forged script is unknown, or by someone who works elsewhere": f"""
        select count(*) from ({LINES.format("T05")}) g left join prescriptions p using (prescription_id)
        left join practitioners d on d.practitioner_id = p.prescriber_id where encounter_type = 'chronic_outpatient'
        and prescription_id is not null and d.provider_id = p.issuing_provider_id and issue_time < fee_time""",
    "T06: more days than the paid course": f"""
        select count(*) from (select person_id, max(fee_time) t from ({LINES.format("T06")}) group by 1) g
        where (select sum(days_supply) from claim_lines l join settlements s using (settlement_id)
        where s.person_id = g.person_id and encounter_type = 'special_drug' and l.fee_time <= g.t) <= 112""",
    "T06: the look-alikes go on by approval": f"""
        select count(*) from (select has_manual_override, sum(days_supply) over (partition by person_id
        order by fee_time) as n_days from claim_lines join settlements using (settlement_id)
        where person_id in {TWINS.format("T06", "approval")} and encounter_type = 'special_drug')
        where n_days > 112 and not has_manual_override""",
    "T03: another shop sold the code at most three days before": f"""
        select count(*) from ({LINES.format("T03")}) g where not exists (select 1 from trace_events b
        join trace_events a using (trace_code) where b.settlement_id = g.settlement_id and b.item_code = g.item_code
        and a.event_type = 'sale' and b.event_type = 'sale' and a.provider_id <> b.provider_id
        and b.event_time - a.event_time between interval 0 second and interval 3 day)""",
    "T13: bought the day before too": f"""
        select count(*) from ({LINES.format("T13")}) g where not exists (select 1 from claim_lines l
        join settlements s using (settlement_id) where s.person_id = g.person_id and l.item_code = g.item_code
        and g.fee_time::date - l.fee_time::date between 1 and 2)""",
    "T13: a month's supply each": f"""
        select count(*) from ({LINES.format("T13")}) g where regexp_matches(item_name, '白蛋白|牛黄|颗粒|滴丸')
        or quantity < case when item_name like '银杏%' then 3 when item_name like '诺西那%' then 4
        when item_name like '%单硝酸%' then 2 else 1 end""",
    "T13: what is handed out over days is one script": f"""
        select count(*) from (select person_id, item_code, count(distinct prescription_id) n from claim_lines
        join settlements using (settlement_id) where person_id in {TWINS.format("T13", "fill out")}
        and prescription_id is not null group by all having count(distinct fee_time::date) = 3) where n <> 1""",
    "T14: far above the shop's own price": f"""
        select count(*) from ({LINES.format("T14")}) g where unit_price < 1.25 * (select median(unit_price)
        from claim_lines l join settlements s using (settlement_id) where s.provider_id = g.provider_id
        and l.item_code = g.item_code and l.fee_time < g.fee_time)""",
    "T14: nobody pays the price before while it is raised": f"""
        with raised as (select provider_id, item_code, min(fee_time) a, max(fee_time) z, max(unit_price) p
        from ({LINES.format("T14")}) group by all)
        select count(*) from raised r join settlements s using (provider_id) join claim_lines l
        on l.settlement_id = s.settlement_id and l.item_code = r.item_code
        where l.fee_time between a and z and l.unit_price < p and l.quantity > 0 and not s.is_reversal
        and not exists (select 1 from settlements o where o.original_settlement_id = s.settlement_id)
        and not exists (select 1 from claim_lines o where o.settlement_id = l.settlement_id
        and o.original_line_number = l.line_number)""",
    "H15: dated after the discharge": f"""
        select count(*) from ({LINES.format("H15")}) g join settlements s using (settlement_id)
        where fee_time < discharge_time""",
    "H15: settled as late as the latest honest stays": f"""
        select count(*) from ({GUILTY.format("H15")}) where date_diff('second', discharge_time, settle_time)
        not between 6 * 86400 + 600 and 14 * 86400 + 3 * 3600""",
    "H15: treatments are signed by nurses, tests by technicians": f"""
        select count(*) from ({LINES.format("H15")}) g join practitioners p on p.practitioner_id = g.executor_id
        where (title = '护师') <> (item_name in ('普通针刺', '中频脉冲电治疗', '雾化吸入', '静脉输液'))""",
    "H15: the look-alike posts results": f"""
        select count(*) from claim_lines join settlements using (settlement_id)
        where provider_id in {TWINS.format("H15", "laboratory")} and fee_time > discharge_time
        and charge_category <> 'laboratory' and settlement_id not in (select settlement_id from truth_slips)""",
    "H28: after the end of the agreement": f"""
        select count(*) from ({LINES.format("H28")}) g join providers p using (provider_id)
        where fee_time::date <= agreement_end_date and agreement_end_date < date '2026-06-01'""",
    "H28: the look-alike keeps to its end": f"""
        select count(*) from settlements s join providers p using (provider_id)
        where provider_id in {TWINS.format("H28", "emergencies")} and encounter_type <> 'emergency'
        and service_start_date > agreement_end_date""",
    "H28: without a visit no script of a place whose agreement has ended": """
        select count(*) from prescriptions p join providers v on v.provider_id = issuing_provider_id
        where issue_time::date > agreement_end_date and not exists (select 1 from settlements s
        where s.person_id = p.person_id and s.provider_id = p.issuing_provider_id
        and issue_time::date between s.service_start_date and s.service_end_date)""",
    "H30: ten and more bills alike in a day": f"""
        select count(*) from (select day, max(n) n, sum(n) m from (select service_start_date as day, items, count(*) n
        from (select settlement_id, service_start_date, list(item_code || quantity::varchar order by item_code) items
        from ({GUILTY.format("H30")}) join claim_lines using (settlement_id) group by all) group by all) group by 1)
        where n < 0.8 * m or n < 10""",
    "R12: tests at home within an hour and a half": f"""
        select count(*) from ({LINES.format("R12")}) g where not exists (select 1 from claim_lines l
        join settlements s using (settlement_id) where l.executor_id = g.executor_id and s.provider_id <> g.provider_id
        and abs(date_diff('minute', l.fee_time, g.fee_time)) < 90)""",
    "R12: the look-alike is at one place at a time": f"""
        with signed as (select executor_id, s.provider_id, fee_time from claim_lines join settlements s
        using (settlement_id) where executor_id in {TWINS.format("R12", "both places")} and not is_reversal)
        select count(*) from signed a join signed b using (executor_id) where a.provider_id < b.provider_id
        and abs(date_diff('minute', a.fee_time, b.fee_time)) < 90""",
    "H35: admitted when every licensed bed was taken": f"""
        select count(*) from ({GUILTY.format("H35")}) g join providers p using (provider_id) where (select count(*)
        from settlements s where s.provider_id = g.provider_id and not s.is_reversal and s.admit_time < g.admit_time
        and s.discharge_time > g.admit_time) < licensed_beds""",
    "H35: the look-alike is crowded by flu": f"""
        select count(*) from (select count(*) filter (where diagnosis_code = 'J11.101') n from settlements
        join diagnoses using (settlement_id) where provider_id in {TWINS.format("H35", "flu")}
        and sequence_number = 1 and admit_time is not null) where n < 20""",
    "H36: seven sessions and more on one machine in a day": f"""
        select count(*) from (select count(*) n from ({LINES.format("H36")}) g
        where item_name = '血液透析' and {CROWDED} group by provider_id, device_id, fee_time::date) where n < 7""",
    "H36: a crowded session has all of one": f"""
        select count(*) from (select settlement_id from ({LINES.format("H36")}) g where {CROWDED}
        group by 1 having count(distinct item_name) <> 3)""",
}
HONEST = {
    "nobody bills after giving the agreement up": """
        select count(*) from settlements join providers using (provider_id)
        where service_start_date > agreement_end_date""",
    "another pays for marked injuries, or a decision is on record": """
        select count(*) from settlements where is_third_party_injury and fund_paid_amount > 0
        and not has_manual_override""",
    "dual-channel drugs are filled on scripts of the centre": """
        select count(*) from settlements join claim_lines using (settlement_id) join (select distinct item_code,
        is_dual_channel from ref_items) using (item_code) left join prescriptions using (prescription_id)
        where is_dual_channel and not is_reversal and channel is distinct from 'prescription_centre'""",
    "a machine holds four sessions a day at the most": """
        select count(*) from (select device_id from claim_lines join settlements using (settlement_id)
        where device_id is not null and not is_reversal group by device_id, fee_time::date having count(*) > 4)""",
}
PRESENT = {  # what an honest city must hold, that the columns alone tell nothing
    "agreements that ended": "select count(*) from providers where agreement_end_date < date '2026-06-01'",
    "injuries that others answer for": "select count(*) from settlements where is_third_party_injury",
    "dual-channel drugs": """select count(*) from claim_lines join (select distinct item_code, is_dual_channel
        from ref_items) using (item_code) where is_dual_channel""",
    "machines": "select count(distinct device_id) from claim_lines",
}


@pytest.fixture(scope="module")
def further(planted):
    return planted(MINE, **SIZE)


def test_everything_asked_for_is_planted(further):
    assert further.city.not_planted == ()


@pytest.mark.parametrize("pattern", PATTERNS)
def test_lines_carry_their_pattern_and_look_alikes_do_not(further, pattern):
    assert further.one(PATTERNS[pattern]) == 0


@pytest.mark.parametrize("promise", HONEST)
def test_honest_city_gives_no_cause(planted, promise):
    assert planted("none", **SIZE).sound.one(HONEST[promise]) == 0


@pytest.mark.parametrize("what", PRESENT)
def test_honest_city_holds_what_schemes_are_made_of(planted, what):
    assert planted("none", **SIZE).one(PRESENT[what]) > 0
