"""H10: parts instead of packages, contained services beside; two sites of one body are lawful."""

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


def test_guilty_are_the_parts_beyond_the_packages_price(asked):
    """Liver function: 22 + 22 + 20 + 20 = 84 against 68; the first three parts make 64, so the fourth is beyond."""
    beyond = asked.one("""
        select count(*) from truth_lines join claim_lines using (settlement_id, line_number)
        where item_name in ('总胆红素测定', '血清白蛋白测定')""")
    not_beyond = asked.one("""
        select count(*) from truth_lines join claim_lines using (settlement_id, line_number)
        where item_name in ('丙氨酸氨基转移酶测定', '天门冬氨酸氨基转移酶测定')""")
    assert beyond > 0
    assert not_beyond == 0


def test_packages_are_still_billed(asked):
    share = asked.one("""
        select avg((settlement_id in (select settlement_id from truth_lines))::int) from (select distinct settlement_id
        from claim_lines join settlements s using (settlement_id) where provider_id in (select provider_id from
        truth_providers) and (item_name like '%功能组合' or item_name like '%氨基转移酶测定'))""")
    assert 0.2 < share < 0.95


def test_look_alike_names_two_sites(asked):
    """The twin bills exercise and massage on one day, always at two different sites."""
    n, lawful = asked.one("""
        select count(*), count(*) filter (where a.body_site is distinct from b.body_site) from claim_lines a
        join claim_lines b using (settlement_id) join settlements using (settlement_id)
        where a.item_name = '运动疗法' and b.item_name = '推拿治疗' and a.fee_time::date = b.fee_time::date
        and provider_id in (select subject_id from truth_twins)""")
    assert n >= 3
    assert lawful == n


@pytest.mark.slow
def test_shares_grow_with_the_size(planted):
    small, large = (planted(f"H10:{s}", seed=13).one("select count(*) from truth_lines") for s in ("small", "large"))
    assert small < large / 3
