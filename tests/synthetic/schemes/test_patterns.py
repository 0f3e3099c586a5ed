"""Lines that schemes of one line or one pair of lines name: each breaks what it is said to break, by so much."""

import pytest

from tests.synthetic.test_scheme_contract import FIRST

pytestmark = pytest.mark.slow

# Guilty lines with their settlement, item version in force, provider and person.
_GUILTY = """
    create or replace temp view guilty as
    select t.exposure_amount, l.*, s.person_id, s.provider_id, s.encounter_id, s.insurance_type, s.settle_time,
        s.is_proxy_purchase, s.service_start_date, l.fee_time::date as d,
        i.* exclude (item_code, item_name, generic_code, insurance_types), i.insurance_types, p.provider_level,
        p.provider_type, p.region_code, p.longitude, p.latitude, q.gender, q.birth_date
    from truth_lines t join claim_lines l on l.settlement_id = t.settlement_id
        and l.line_number = coalesce(t.line_number, l.line_number)
    join settlements s on s.settlement_id = l.settlement_id join providers p using (provider_id)
    join persons q using (person_id)
    join ref_items i on i.item_code = l.item_code and l.fee_time::date between coalesce(i.valid_from_date, l.fee_time)
        and coalesce(i.valid_to_date, date '2999-01-01');
    create or replace temp view billed as
    select l.*, s.person_id, s.provider_id, s.admit_time, s.discharge_time, s.settle_time, s.encounter_type,
        l.fee_time::date as d
    from claim_lines l join settlements s using (settlement_id) where l.quantity > 0 and not s.is_reversal"""
_CEILING = """least(coalesce((select min(r.price_ceiling_amount) from ref_prices r where r.item_code = g.item_code
    and r.region_code = g.region_code and r.provider_level = g.provider_level
    and g.d between r.valid_from_date and coalesce(r.valid_to_date, date '2999-01-01')), 1e9),
    case when g.provider_type like '%pharmacy' then g.price_ceiling_pharmacy_amount
    when g.provider_level = 'tertiary' then g.price_ceiling_tertiary_amount when g.provider_level = 'secondary'
    then g.price_ceiling_secondary_amount else g.price_ceiling_primary_amount end)"""


def _before(days: str, also: str = "true") -> str:
    """Ask for an earlier line of the person and item, fewer days back."""
    return f"""exists (select 1 from billed b where b.person_id = g.person_id and b.item_code = g.item_code
        and (b.settlement_id <> g.settlement_id) and b.fee_time < g.fee_time
        and date_diff('day', b.d, g.d) < {days} and {also})"""


BROKEN_BY = {
    "H09": f"g.unit_price > {_CEILING}",
    "H11": "g.quantity > g.max_daily_quantity",
    "H12": _before("g.min_days_between"),
    "H13": """g.is_surgery and g.discount_share is null and exists (select 1 from billed b join ref_items i
        on i.item_code = b.item_code and i.is_surgery where b.settlement_id = g.settlement_id and b.d = g.d
        and b.executor_id = g.executor_id and b.line_number <> g.line_number)""",
    "P02": f"g.quantity > g.max_fill_quantity or {_before('0.5 * b.days_supply')}",
    "H18": """not coalesce(list_contains(string_split(g.insurance_types, '|'), g.insurance_type), true)
        or not exists (select 1 from diagnoses x where x.settlement_id = g.settlement_id
        and regexp_matches(x.diagnosis_code, '^(' || g.diagnosis_prefixes || ')'))""",
    "H28": """g.provider_level = 'primary' and g.min_provider_level in ('secondary', 'tertiary') or exists (select 1
        from providers e where e.provider_id = g.provider_id and e.agreement_end_date < g.service_start_date)""",
    "T12": "not (select can_prescribe from practitioners where practitioner_id = g.prescriber_id)",
    "H34": f"g.quantity <= g.max_fill_quantity and {_before('2', 'b.provider_id = g.provider_id')}",
    "H19": """g.gender = 'male' and exists (select 1 from diagnoses x where x.settlement_id = g.settlement_id
        and x.diagnosis_code like 'Z34%')""",
    "H20": "date_sub('year', g.birth_date, g.d) > g.max_age_years",
    "P01": """(select count(distinct b.provider_id) from billed b where b.person_id = g.person_id and b.d = g.d) > 1""",
    "P12": """g.insurance_type = 'resident' and exists (select 1 from enrolments e where e.person_id = g.person_id
        and e.insurance_type = 'employee' and date_diff('day', e.start_date, g.service_start_date) > 31)""",
    "P04": _before("0.5 * b.days_supply", "b.provider_id <> g.provider_id"),
    "P05": """not g.is_proxy_purchase and exists (select 1 from settlements o join providers p using (provider_id)
        where o.person_id = g.person_id and abs(date_diff('second', o.settle_time, g.settle_time)) <= 600
        and sqrt(pow((p.longitude - g.longitude) * 96.3, 2) + pow((p.latitude - g.latitude) * 111.2, 2)) > 21)""",
    "P10": """exists (select 1 from settlements a join settlements b using (invoice_number, person_id, total_amount)
        where b.settlement_id = g.settlement_id and a.settle_time < b.settle_time and b.fund_paid_amount > 0)""",
    "H06": """exists (select 1 from billed b where b.person_id = g.person_id and b.provider_id <> g.provider_id
        and g.d between b.admit_time::date and b.discharge_time::date and b.settle_time < g.settle_time)""",
    "P13": """exists (select 1 from billed b where b.person_id = g.person_id
        and g.d > b.admit_time::date + 1 and g.d < b.discharge_time::date - 1)""",
    "H27": """exists (select 1 from practitioners d join billed b on b.person_id = d.person_id
        where d.practitioner_id in (g.prescriber_id, g.executor_id)
        and g.d >= b.admit_time::date and g.d < b.discharge_time::date)""",
    "T04": "not exists (select 1 from trace_events e where e.settlement_id = g.settlement_id "
           "and e.item_code = g.item_code and e.event_type = 'sale')",
}  # fmt: skip
PART = {  # what of a line is exposed, where it is not the whole of it
    "H09": f"(g.unit_price - {_CEILING}) / g.unit_price",
    "H11": "(g.quantity - g.max_daily_quantity) / g.quantity",
    "H13": "0.5",
    "P02": "case when g.quantity > g.max_fill_quantity then (g.quantity - g.max_fill_quantity) / g.quantity else 1 end",
}
# Rows at innocent look-alikes that show the pattern without its guilt; each must come up.
RESEMBLED = {
    "H11": """select count(*) from (select sum(l.quantity) q, any_value(i.max_daily_quantity) m, count(distinct
        l.body_site) n from claim_lines l join settlements s using (settlement_id) join truth_twins on subject_id =
        s.provider_id join ref_items i using (item_code) where note like '%both sides%' and l.body_site is not null
        and i.valid_to_date is null group by s.person_id, l.item_code, l.fee_time::date) where q > m and n = 2""",
    "H19": """select count(*) from claim_lines l join settlements s using (settlement_id) join persons using (person_id)
        join truth_twins on subject_id = s.provider_id join ref_items i using (item_code)
        where i.gender_limit <> gender and l.item_name <> i.item_name""",
    "H20": """select count(*) from claim_lines l join settlements s using (settlement_id) join persons p using
        (person_id) join truth_twins on subject_id = s.person_id join ref_items i using (item_code)
        where date_sub('year', birth_date, l.fee_time::date) > i.max_age_years""",
    "H26": """select count(*) from (select practitioner_id from practitioners join truth_twins on subject_id =
        practitioner_id where note like 'the interface%' and person_id is null and not is_team_identifier)""",
    "P01": """select count(*) from (select person_id, settle_time::date d from settlements join truth_twins on
        subject_id = person_id group by all having count(distinct provider_id) > 2 and count(referral_id) > 0)""",
    "H06": """select count(*) from settlements a join settlements b using (person_id) join truth_twins on subject_id =
        person_id where a.discharge_time::date = b.admit_time::date and a.discharge_time < b.admit_time""",
    "P13": """select count(*) from settlements a join settlements b using (person_id) join truth_twins on subject_id =
        person_id where b.is_proxy_purchase and b.settle_time::date between a.admit_time::date and
        a.discharge_time::date""",
    "T01": """select count(*) from trace_events join truth_twins on subject_id = provider_id
        where note like '%belongs to no settlement' and event_type = 'sale' and settlement_id is null""",
}


@pytest.fixture
def asked(request, planted):
    """Return a city with one scheme, at the size in which the contract tests it."""
    city = planted(f"{request.param}:{FIRST[request.param]}")
    city.connection.execute(_GUILTY)
    return city, request.param


@pytest.mark.parametrize("asked", sorted(BROKEN_BY), indirect=True)
def test_each_guilty_line_breaks_the_limit(asked):
    city, code = asked
    lines, lawful = city.one(f"select count(*), count(*) filter (where not ({BROKEN_BY[code]})) from guilty g")
    assert lines > 2
    assert lawful == 0


@pytest.mark.parametrize("asked", sorted(PART), indirect=True)
def test_exposure_is_what_lies_over_the_limit(asked):
    city, code = asked
    apart = city.one(f"""select max(abs(exposure_amount - in_scope_amount * ({PART[code]}))) from guilty g""")
    assert apart <= 0.01


@pytest.mark.parametrize("asked", sorted(RESEMBLED), indirect=True)
def test_look_alikes_show_the_pattern_lawfully(asked):
    city, code = asked
    assert city.one(RESEMBLED[code]) > 0
