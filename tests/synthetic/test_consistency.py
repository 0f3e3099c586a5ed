"""Every identity, key, link and order of time that the contract knows holds, with schemes and without."""

import csv
from importlib.resources import files

import pytest

from experiments.synthetic import make_city
from features.errors import InputError

# Each query counts the rows that break a promise.
BROKEN = {
    "total is the sum of its lines": """
        select count(*) from settlements s
        left join (select settlement_id, sum(amount) a, sum(in_scope_amount) i from claim_lines group by 1) l
        using (settlement_id) where s.total_amount is distinct from l.a or s.in_scope_amount is distinct from l.i""",
    "fund, account and cash pay the total": """
        select count(*) from settlements
        where total_amount <> fund_paid_amount + account_paid_amount + cash_paid_amount""",
    "the fund is the sum of its parts": """
        select count(*) from settlements where fund_paid_amount <>
        pooled_fund_paid_amount + critical_illness_paid_amount + medical_aid_paid_amount""",
    "nobody pays less than nothing, save in a reversal": """
        select count(*) from settlements where not is_reversal and least(fund_paid_amount, account_paid_amount,
        cash_paid_amount, deductible_amount, total_amount, total_amount - in_scope_amount) < 0""",
    "price times quantity is the amount": """
        select count(*) from claim_lines where unit_price * quantity <> amount or unit_price <= 0 or quantity = 0""",
    "settlement keys are unique": "select count(*) - count(distinct settlement_id) from settlements",
    "line keys are unique": """
        select count(*) - count(distinct settlement_id || '/' || line_number) from claim_lines""",
    "line numbers begin at one and leave no gap": """
        select count(*) from (select count(*) n, max(line_number) m, min(line_number) o from claim_lines
        group by settlement_id) where n <> m or o <> 1""",
    "prescription keys are unique": "select count(*) - count(distinct prescription_id) from prescriptions",
    "registers have unique keys": """
        select (select count(*) - count(distinct person_id) from persons)
        + (select count(*) - count(distinct provider_id) from providers)
        + (select count(*) - count(distinct practitioner_id) from practitioners)
        + (select count(*) - count(distinct item_code || valid_from_date) from ref_items)""",
    "settlements name known persons and providers": """
        select count(*) from settlements s left join persons p using (person_id) left join providers h using
        (provider_id)
        where p.person_id is null or h.provider_id is null""",
    "lines hang on settlements and name known items": """
        select count(*) from claim_lines l left join settlements s using (settlement_id) left join
        (select * from ref_items where valid_to_date is null) i using
        (item_code)
        where s.settlement_id is null or i.item_code is null""",
    "diagnoses, operations and groups hang on settlements": """
        select count(*) from (select settlement_id from diagnoses union all select settlement_id from procedures
        union all select settlement_id from drg_assignments) d left join settlements s using (settlement_id)
        where s.settlement_id is null""",
    "practitioners work where they treat": """
        select count(*) from settlements s join practitioners d on d.practitioner_id = s.attending_practitioner_id
        where d.provider_id <> s.provider_id""",
    "lines that fill a prescription name one, at its pharmacy and for its person": """
        select count(*) from claim_lines l join settlements s using (settlement_id)
        left join prescriptions r using (prescription_id)
        where l.prescription_id is not null and (r.prescription_id is null
        or r.dispensing_provider_id <> s.provider_id or r.person_id <> s.person_id)""",
    "prescriptions were filled by a settlement": """
        select count(*) from prescriptions r left join settlements s on s.settlement_id = r.dispense_settlement_id
        where s.settlement_id is null""",
    "referrals are named by their stay": """
        select count(*) from referrals r left join settlements s using (referral_id)
        where s.referral_id is null or r.issue_time > s.admit_time or r.person_id <> s.person_id""",
    "care comes before its settlement": """
        select count(*) from settlements where service_start_date > service_end_date
        or service_end_date > settle_time::date or admit_time >= discharge_time or discharge_time > settle_time""",
    "lines lie within the stay": """
        select count(*) from claim_lines l join settlements s using (settlement_id)
        where s.admit_time is not null and not l.fee_time between s.admit_time and s.discharge_time""",
    "lines lie within the visit": """
        select count(*) from claim_lines l join settlements s using (settlement_id)
        where not l.fee_time::date between s.service_start_date and s.service_end_date""",
    "nobody is treated after death": """
        select count(*) from settlements s join persons p using (person_id) where service_end_date > p.death_date""",
    "nobody is treated before birth": """
        select count(*) from settlements s join persons p using (person_id) where service_start_date < p.birth_date""",
    "stays of a person never overlap": """
        select count(*) from settlements a join settlements b using (person_id)
        where a.settlement_id < b.settlement_id and a.admit_time < b.discharge_time and b.admit_time <
        a.discharge_time""",
    "nobody visits while in hospital": """
        select count(*) from settlements a join settlements b using (person_id)
        where a.admit_time is not null and b.admit_time is null
        and b.service_start_date between a.admit_time::date and a.discharge_time::date""",
    "one month holds one settlement time": """
        select count(*) from settlements where strftime(settle_time, '%Y-%m') not between '2026-01' and '2026-05'""",
    "a reversal cancels all of an earlier settlement": """
        select count(*) from settlements r left join settlements o on o.settlement_id = r.original_settlement_id
        where r.is_reversal and (o.settlement_id is null or r.total_amount <> -o.total_amount
        or r.fund_paid_amount <> -o.fund_paid_amount or r.cash_paid_amount <> -o.cash_paid_amount
        or r.settle_time <= o.settle_time or r.encounter_id <> o.encounter_id or r.terminal_id <> o.terminal_id)""",
    "a refunded line names the line it cancels": """
        select count(*) from claim_lines l join settlements s using (settlement_id)
        left join claim_lines o on o.settlement_id = coalesce(s.original_settlement_id, l.settlement_id)
        and o.line_number = l.original_line_number
        where l.quantity < 0 and (o.settlement_id is null or o.item_code <> l.item_code or -l.quantity > o.quantity)""",
    "only refunds are negative": """
        select count(*) from claim_lines l join settlements s using (settlement_id)
        where (l.quantity < 0) <> (l.original_line_number is not null)""",
    "prices keep under the ceiling of the level": """
        select count(*) from claim_lines l join settlements s using (settlement_id) join providers p using (provider_id)
        join
        (select * from ref_items where valid_to_date is null) i using (item_code) where l.unit_price > case
        when p.provider_type like '%pharmacy' then i.price_ceiling_pharmacy_amount
        when p.provider_level = 'tertiary' then i.price_ceiling_tertiary_amount
        when p.provider_level = 'secondary' then i.price_ceiling_secondary_amount
        when p.provider_level = 'primary' then i.price_ceiling_primary_amount end""",
    "men are not treated for women's illnesses": """
        select count(*) from diagnoses join settlements using (settlement_id) join persons using (person_id)
        where (gender = 'male' and diagnosis_code[1:3] in ('O82', 'C50')) or (gender = 'female' and diagnosis_code =
        'K40.900')""",
    "practitioners keep within eleven hours a day": """
        select count(*) from (select l.executor_id, l.fee_time::date d, sum(i.standard_minutes * l.quantity) m
        from claim_lines l join
        (select * from ref_items where valid_to_date is null) i using (item_code)
        join practitioners p on p.practitioner_id = l.executor_id where not p.is_team_identifier group by 1, 2)
        where m > 660""",
}
# What only an honest city promises: schemes and their innocent look-alikes break these on purpose.
HONEST = {
    "nobody is at two places at once": """
        select count(*) from (select settle_time t, longitude x, latitude y, provider_id, lag(settle_time) over w t0,
        lag(longitude) over w x0, lag(latitude) over w y0 from settlements join providers using (provider_id)
        where admit_time is null and not is_reversal and not is_proxy_purchase and encounter_id not in
        (select encounter_id from settlements where is_reversal)
        window w as (partition by person_id, settle_time::date order by settle_time))
        where sqrt(pow((x - x0) * 96.3, 2) + pow((y - y0) * 111.2, 2)) * 1.3 * 30 > date_diff('second', t0, t)""",
    "no item twice on one bill and day": """
        select count(*) from (select settlement_id, item_code, fee_time::date d from claim_lines where quantity > 0
        group by all having count(*) > 1)""",
    "daily maxima are kept": """
        select count(*) from (select s.person_id, l.item_code, l.fee_time::date d, sum(l.quantity) q
        from claim_lines l join settlements s using (settlement_id) where s.settlement_id not in
        (select original_settlement_id from settlements where is_reversal) and not s.is_reversal group by all)
        join
        (select * from ref_items where valid_to_date is null) i using (item_code) where q > i.max_daily_quantity""",
    "exclusive pairs are kept": """
        select count(*) from ref_item_pairs p join claim_lines a on a.item_code = p.item_code
        join claim_lines b on b.item_code = p.excluded_item_code and b.settlement_id = a.settlement_id
        and b.fee_time::date = a.fee_time::date""",
}


@pytest.mark.parametrize("promise", sorted({**BROKEN, **HONEST}))
def test_honest_city_keeps(honest, promise):
    assert honest.sound.one({**BROKEN, **HONEST}[promise]) == 0


@pytest.mark.parametrize("promise", sorted(BROKEN))
def test_city_with_schemes_keeps(guilty, promise):
    assert guilty.sound.one(BROKEN[promise]) == 0


def test_contract_columns(honest):
    """Tables and columns are the contract's, required ones all there and without nulls."""
    with (files("features.claims") / "columns.csv").open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    for name, table in honest.city.tables.items():
        known = {row["column"] for row in rows if row["table"] == name}
        required = {row["column"] for row in rows if row["table"] == name and row["required"] == "yes"}
        assert set(table.column_names) <= known
        assert required <= set(table.column_names)
        assert [column for column in sorted(required) if table[column].null_count] == [], name


def test_enumerations_are_the_contracts(honest):
    with (files("features.claims") / "columns.csv").open(encoding="utf-8") as text:
        closed = [row for row in csv.DictReader(text) if row["type"].startswith("enum(")]
    checked = 0
    for row in closed:
        table = honest.city.tables.get(row["table"])
        if table is not None and row["column"] in table.column_names:
            allowed = set(row["type"][5:-1].split("|"))
            assert set(table[row["column"]].unique().to_pylist()) - {None} <= allowed, row["column"]
            checked += 1
    assert checked >= 12  # encounter, insurance, credential, payment, item, charge, diagnosis, gender, …


def test_distributions(honest):
    """Heavy tails and shares as docs/synthetic.md states them, with room for the seed."""
    per_month, money, lines, persons = honest.one("""
        select count(*) / 5.0 / 6000, (sum(total_amount) filter (encounter_type = 'inpatient') /
        sum(total_amount))::double,
        (select count(*) from claim_lines) / count(*), count(distinct person_id) / 6000 from settlements where not
        is_reversal""")
    assert 0.5 < per_month < 1.0
    assert 0.45 < money < 0.72
    assert 4 < lines < 9
    assert 0.7 < persons <= 1
    share_of_top = honest.one("""
        select sum(t) filter (r <= 0.01 * n) / sum(t) from (select total_amount::double t,
        row_number() over (order by total_amount desc) r, count(*) over () n from settlements where not is_reversal)""")
    assert share_of_top > 0.25  # one percent of the bills carries more than a quarter of the money


def test_seasons(honest):
    """January has the flu, the Spring Festival empties the clinics."""
    by_day = dict(
        honest.rows(
            """select settle_time::date::varchar, count(*) from settlements
            where encounter_type = 'outpatient' group by all"""
        )
    )
    january = sum(by_day.get(f"2026-01-{d:02d}", 0) for d in range(5, 30))
    april = sum(by_day.get(f"2026-04-{d:02d}", 0) for d in range(6, 31))
    assert january > 1.2 * april
    assert by_day.get("2026-02-17", 0) < 0.7 * by_day["2026-02-10"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"persons": 10}, "persons of the city: 10"),
        ({"providers": 3}, "providers of the city: 3"),
        ({"months": 0}, "months of the city: 0"),
        ({"start": "2026-13"}, "start '2026-13' of the city: not a month"),
        ({"schemes": "R01x"}, "did you mean 'R01'"),
        ({"schemes": "R01:huge"}, "size 'huge' of scheme R01"),
    ],
)
def test_bad_wishes_are_refused(asked, message):
    with pytest.raises(InputError, match=message):
        make_city(**{"persons": 1_000, "providers": 40, "months": 2, **asked})
