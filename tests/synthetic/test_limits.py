"""Limits, packages, pairs and ceilings: in dated versions, and kept by an honest city whatever the seed."""

import pytest

# Lines that count: neither refunds nor refunded, of settlements that no reversal takes back.
LIVE = """
    create or replace temp table live as
    select l.*, s.person_id, s.provider_id, s.encounter_type, s.insurance_type, l.fee_time::date d
    from claim_lines l join settlements s using (settlement_id)
    where not s.is_reversal and l.quantity > 0
      and s.settlement_id not in (select original_settlement_id from settlements where is_reversal);
    create or replace temp table limits as
    select *, coalesce(valid_from_date, date '0001-01-01') a, coalesce(valid_to_date, date '9999-12-31') b
    from ref_items;
    create or replace temp table used as
    select l.*, i.* exclude (item_code, item_name) from live l
    join limits i on i.item_code = l.item_code and l.d between i.a and i.b
"""
# Each counts the lines (or days) that break a limit, read as the contract says limits are read.
KEPT = {
    "max_daily_quantity": """
        select count(*) from (select person_id, item_code, d, sum(quantity) q, any_value(max_daily_quantity) m
        from used where max_daily_quantity_scope = 'day' group by all having q > m)""",
    "max_fill_quantity": "select count(*) from used where quantity > max_fill_quantity",
    "max_course_days, supplied": "select count(*) from used where days_supply > max_course_days",
    "max_course_days, in a stay": """
        select count(*) from (select settlement_id, item_code, count(distinct d) n, min(max_course_days) m from used
        group by all having n > m)""",
    "min_days_between": """
        select count(*) from (select d - lag(d) over (partition by person_id, item_code order by fee_time) gap,
        min_days_between m from used) where gap < m""",
    "frequency": """
        select count(*) from used a where a.frequency_max_count < (select count(*) from live b
        where b.person_id = a.person_id and b.item_code = a.item_code and b.fee_time <= a.fee_time
        and b.d > a.d - a.frequency_window_days::int)""",
    "max_weekly_sessions": """
        select count(*) from used a where 2 * a.max_weekly_sessions < (select count(distinct b.d) from live b
        where b.person_id = a.person_id and b.item_code = a.item_code and b.d <= a.d and b.d > a.d - 14)
        and a.max_weekly_sessions < (select count(distinct b.d) from live b
        where b.person_id = a.person_id and b.item_code = a.item_code and b.d <= a.d and b.d > a.d - 7)""",
    "device_minutes": """
        select count(*) from (select provider_id, device_id, d, sum(quantity * device_minutes) m from used
        where device_id is not null group by all having m > 1440)""",
    "gender_limit": "select count(*) from used join persons using (person_id) where gender <> gender_limit",
    "min_age_years": """
        select count(*) from used join persons using (person_id) where date_sub('year', birth_date, d) < min_age_years
        """,
    "max_age_years": """
        select count(*) from used join persons using (person_id) where date_sub('year', birth_date, d) > max_age_years
        """,
    "diagnosis_prefixes": """
        select count(*) from (select settlement_id, line_number from used join diagnoses using (settlement_id)
        where diagnosis_prefixes is not null
        group by all having not bool_or(regexp_matches(diagnosis_code, '^(' || diagnosis_prefixes || ')')))""",
    "min_provider_level": """
        select count(*) from used join providers using (provider_id)
        where list_position(['primary', 'secondary', 'tertiary'], provider_level)
            < list_position(['primary', 'secondary', 'tertiary'], min_provider_level)""",
    "insurance_types": """
        select count(*) from used where not list_contains(string_split(insurance_types, '|'), insurance_type)""",
    "encounter_types": """
        select count(*) from used where not list_contains(string_split(encounter_types, '|'), encounter_type)""",
    "requires_prior_item_codes": """
        select count(*) from used u where requires_prior_item_codes is not null and not exists (select 1 from live p
        where p.person_id = u.person_id and p.d < u.d
        and list_contains(string_split(u.requires_prior_item_codes, '|'), p.item_code))""",
    "price ceiling of the level": """
        select count(*) from used join providers using (provider_id) where unit_price > case
        when provider_type like '%pharmacy' then price_ceiling_pharmacy_amount
        when provider_level = 'tertiary' then price_ceiling_tertiary_amount
        when provider_level = 'secondary' then price_ceiling_secondary_amount
        when provider_level = 'primary' then price_ceiling_primary_amount end""",
    "regional price ceiling": """
        select count(*) from live l join providers p using (provider_id) join ref_prices r on r.item_code = l.item_code
        and r.region_code = p.region_code and r.provider_level = p.provider_level
        and l.d between r.valid_from_date and coalesce(r.valid_to_date, date '9999-12-31')
        where l.unit_price > r.price_ceiling_amount""",
    "pairs of one day": """
        select count(*) from ref_item_pairs p join live a on a.item_code = p.item_code join live b
        on b.item_code = p.excluded_item_code and b.person_id = a.person_id and b.provider_id = a.provider_id
        and b.d = a.d where p.scope = 'same_day' and a.d >= coalesce(p.valid_from_date, a.d)""",
    "pairs of one encounter": """
        select count(*) from ref_item_pairs p join live a on a.item_code = p.item_code join live b
        on b.item_code = p.excluded_item_code and b.settlement_id = a.settlement_id
        where p.scope = 'same_encounter' and a.d >= coalesce(p.valid_from_date, a.d)""",
    "packages": """
        select count(*) from (select settlement_id, d, package_item_code, count(distinct item_code) n,
        any_value(min_components) least from live join ref_item_packages on component_item_code = item_code
        group by all having n >= least)""",
}
FIELDS = (
    *("max_daily_quantity", "max_fill_quantity", "max_course_days", "min_days_between", "frequency_max_count"),
    *("gender_limit", "min_age_years", "max_age_years", "diagnosis_prefixes", "min_provider_level"),
    *("insurance_types", "encounter_types", "requires_prior_item_codes", "herbal_use", "is_controlled"),
    *("imaging_kind", "units_per_pack", "standard_minutes"),
)
BINDING = (
    *("max_daily_quantity", "max_fill_quantity", "max_course_days", "min_days_between", "frequency_max_count"),
    *("min_age_years", "diagnosis_prefixes", "min_provider_level", "encounter_types"),
)


@pytest.fixture(scope="module")
def city(planted):
    return planted("none")


@pytest.fixture(scope="module", params=[11, 12])
def lawful(request, planted):
    """An honest city of 4,000, whose window holds the changes of 1 February, 1 March and 1 April."""
    city = planted("none", seed=request.param).sound
    for statement in LIVE.split(";"):
        city.connection.execute(statement)
    return city


@pytest.mark.parametrize("limit", sorted(KEPT))
def test_honest_care_keeps(lawful, limit):
    assert lawful.one(KEPT[limit]) == 0


def test_limits_bind(lawful):
    """Most limits meet lines that they could refuse: a limit on what nobody bills proves nothing."""
    for name in BINDING:
        assert lawful.one(f"select count(*) from used where {name} is not null") > 50, name


def test_every_field_is_filled(city):
    """Each kind of limit that the contract knows stands with at least one item."""
    for name in FIELDS:
        assert city.one(f"select count({name}) from ref_items") > 0, name
    for flag in ("is_sentinel_drug", "is_surgery", "is_brand", "is_hourly", "not is_internet_allowed"):
        assert city.one(f"select count(*) from ref_items where {flag}") > 0, flag
    assert city.one("select count(distinct item_code) from ref_items where frequency_max_count is not null "
                      "and frequency_window_days is null") == 0  # fmt: skip


def test_versions_follow_each_other(city):
    """An item's versions touch: the next begins the day after the last; the final one is open."""
    gaps = city.rows("""
        select item_code, valid_from_date, lag(valid_to_date) over w, valid_to_date, lead(valid_from_date) over w
        from ref_items window w as (partition by item_code order by valid_from_date)""")
    for item, start, before, end, following in gaps:
        assert before is None or (start - before).days == 1, item
        assert (end is None) == (following is None), item
    several = city.one("select count(*) from (select item_code from ref_items group by 1 having count(*) > 1)")
    within = city.one("select count(*) from ref_items where valid_from_date between '2026-01-02' and '2026-05-31'")
    assert several > 50
    assert within > 20
    bigger = city.one("""
        select count(*) from ref_items a join ref_items b using (item_code)
        where b.valid_from_date > a.valid_from_date
        and b.price_ceiling_tertiary_amount > a.price_ceiling_tertiary_amount""")
    assert bigger == 0  # ceilings only fall


def test_a_limit_changes_within_the_window(city):
    """Glycated haemoglobin: 30 days apart until February 2026, 80 from March."""
    assert city.rows("""
        select valid_from_date::varchar, min_days_between from ref_items where item_name = '糖化血红蛋白'
        order by 1""") == [("2020-01-01", 30), ("2026-03-01", 80)]


def test_reference_links_hold(city):
    known = "(select item_code from ref_items)"
    for table, column in (
        ("ref_item_pairs", "item_code"),
        ("ref_item_pairs", "excluded_item_code"),
        ("ref_item_packages", "package_item_code"),
        ("ref_item_packages", "component_item_code"),
        ("ref_prices", "item_code"),
    ):
        assert city.one(f"select count(*) from {table} where {column} not in {known}") == 0, (table, column)
    assert (
        city.one("select count(*) from ref_prices where region_code not in (select region_code from ref_regions)") == 0
    )
    overlaps = city.one("""
        select count(*) from ref_prices a join ref_prices b using (item_code, region_code, provider_level)
        where a.valid_from_date < b.valid_from_date and coalesce(a.valid_to_date, date '9999-12-31')
        >= b.valid_from_date""")
    assert overlaps == 0
