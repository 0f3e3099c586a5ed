"""H10: parts instead of packages; scans of two parts on two days are lawful."""

import pytest


@pytest.fixture(scope="module")
def asked(planted):
    return planted("H10:large", seed=13)


def test_parts_are_billed_without_their_package(asked):
    """On each guilty bill with parts, all parts of a package stand and together cost more than it."""
    rows = asked.rows("""
        with g as (select distinct settlement_id, package_item_code from truth_lines join claim_lines using
            (settlement_id, line_number) join ref_item_packages on component_item_code = item_code)
        select g.settlement_id, count(distinct p.component_item_code), count(distinct l.item_code)
        from g join ref_item_packages p using (package_item_code)
        left join claim_lines l on l.settlement_id = g.settlement_id and l.item_code = p.component_item_code
        group by g.settlement_id, package_item_code""")
    assert len(rows) >= 10
    assert all(parts == billed for _, parts, billed in rows)


def test_exposed_is_what_passes_the_packages_price(asked):
    """The parts of a bill cost together what the package would cost there, and the guilty amount."""
    rows = asked.rows("""
        with whole as (select provider_id, item_code as package_item_code, max(unit_price) as price from claim_lines
            join settlements using (settlement_id) group by all),
        bills as (select distinct settlement_id, fee_time, provider_id, package_item_code from truth_lines
            join claim_lines using (settlement_id, line_number) join settlements using (settlement_id)
            join ref_item_packages on component_item_code = item_code),
        parts as (select b.settlement_id, b.fee_time, b.provider_id, b.package_item_code, sum(l.amount) as amount,
            sum(l.in_scope_amount) as in_scope, sum(t.exposure_amount) as exposed from bills b
            join ref_item_packages p using (package_item_code)
            join claim_lines l on l.settlement_id = b.settlement_id and l.fee_time = b.fee_time
                and l.item_code = p.component_item_code
            left join truth_lines t on t.settlement_id = l.settlement_id and t.line_number = l.line_number group by all)
        select amount - price, exposed from parts join whole using (provider_id, package_item_code)
        where amount = in_scope""")
    assert len(rows) >= 10
    assert {beyond - exposed for beyond, exposed in rows} == {0}


def test_packages_are_still_billed(asked):
    share = asked.one("""
        select avg((settlement_id in (select settlement_id from truth_lines))::int) from (select distinct settlement_id
        from claim_lines join settlements s using (settlement_id) where provider_id in (select provider_id from
        truth_providers) and (item_name like '%功能组合' or item_name like '%氨基转移酶测定'))""")
    assert 0.2 < share < 0.95


def test_look_alike_scans_another_part_on_another_day(asked):
    """The twin's stays have scans of two parts of the body, never as many on one day as mean the package."""
    n, on_one_day = asked.one("""
        with scans as (select settlement_id, fee_time::date as day, count(distinct item_code) as parts from claim_lines
            join settlements using (settlement_id) where item_name in ('上腹部CT平扫', '中腹部CT平扫', '下腹部CT平扫')
            and provider_id in (select subject_id from truth_twins) group by all)
        select count(*) filter (where days > 1), max(most) from (select settlement_id, count(*) as days,
            max(parts) as most from scans group by all)""")
    assert n >= 3
    assert on_one_day == 1


@pytest.mark.slow
def test_shares_grow_with_the_size(planted):
    small, large = (planted(f"H10:{s}", seed=13).one("select count(*) from truth_lines") for s in ("small", "large"))
    assert small < large / 3
