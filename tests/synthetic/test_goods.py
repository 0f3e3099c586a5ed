"""Boxes of the honest city: bought, scanned, sold once; books that add up."""

import numpy as np
import pytest

from experiments.synthetic.goods.goods import Goods

_DRUGS = "item_type in ('western_drug', 'chinese_patent_drug')"
# A sold box is out, a returned one back in; `out` is the balance of a code after each event.
_BALANCE = """
    select trace_code, event_type, is_split_pack, event_time, sum(case event_type when 'sale' then 1 when 'return' then
    -1 else 0 end) over (partition by trace_code order by event_time rows unbounded preceding) as out
    from trace_events"""

HONEST = {
    "a sale names a line of its person, provider and item": f"""
        select count(*) from trace_events e left join settlements s using (settlement_id) where event_type in ('sale',
        'return') and (s.settlement_id is null or s.person_id <> e.person_id or s.provider_id <> e.provider_id
        or not exists (select 1 from claim_lines l where l.settlement_id = e.settlement_id and l.item_code = e.item_code
        and l.{_DRUGS} and (l.quantity < 0) = (e.event_type = 'return')))""",
    "no more boxes are scanned than billed": """
        select count(*) from (select settlement_id, item_code, count(*) as n from trace_events
        where event_type in ('sale', 'return') group by all) join (select settlement_id, item_code, sum(abs(quantity))
        as q from claim_lines group by all) using (settlement_id, item_code) where n > q""",
    "a sale happens between its fee and its settlement": """
        select count(*) from trace_events e join settlements s using (settlement_id) where event_type = 'sale'
        and (event_time > settle_time or event_time < (select min(fee_time) from claim_lines l
        where l.settlement_id = e.settlement_id and l.item_code = e.item_code))""",
    "a box comes in at most once, days before it is sold, where it is sold": """
        select count(*) from trace_events i join trace_events s using (trace_code) where i.event_type = 'inbound'
        and s.event_type = 'sale' and (i.event_time::date + 3 > s.event_time::date or i.provider_id <> s.provider_id
        or i.item_code <> s.item_code or (i.event_time::date + 70 < s.event_time::date and not s.is_split_pack))""",
    "no code comes in twice": """
        select count(*) from (select trace_code from trace_events where event_type = 'inbound' group by 1
        having count(*) > 1)""",
    "a box is out once or in, but for flagged parts": f"""
        select count(*) from ({_BALANCE}) where out not in (0, 1) and trace_code not in
        (select trace_code from trace_events where is_split_pack)""",
    "parts of a box make at most the box": """
        select count(*) from (select trace_code from trace_events where event_type = 'sale' and is_split_pack
        group by 1 having sum(quantity) > 1)""",
    "wards and providers outside scan nothing": """
        select count(*) from trace_events join settlements using (settlement_id) where admit_time is not null
        or care_region_code not in (select care_region_code from settlements where encounter_type = 'pharmacy')""",
    "codes have twenty digits": """
        select count(*) from trace_events where not regexp_full_match(trace_code, '8[0-9]{19}')""",
    "events have names of their own": "select count(*) - count(distinct event_id) from trace_events",
    "shelves are never below nothing": """
        select count(*) from stock_movements where least(opening_quantity, purchased_quantity, closing_quantity) < 0""",
    "a month opens as the last one closed": """
        select count(*) from (select opening_quantity, lag(closing_quantity) over (partition by provider_id, item_code
        order by month) as before from stock_movements) where opening_quantity <> before""",
    "what left the shelf covers what was billed": f"""
        with sold as (select provider_id, item_code, strftime(settle_time, '%Y-%m') as month, sum(quantity) as q
        from claim_lines join settlements using (settlement_id) where {_DRUGS} group by all)
        select count(*) from stock_movements join sold using (provider_id, item_code, month)
        where opening_quantity + purchased_quantity - closing_quantity < q""",
}


@pytest.mark.parametrize("fact", HONEST)
def test_honest_boxes(honest, fact):
    assert honest.sound.one(HONEST[fact]) == 0


def test_no_code_is_sold_twice_without_return_or_flag(honest):
    """Sales - returns = 1 at the most for every code that is not sold in parts; some are sold again after a return."""
    repeated, again = honest.sound.one("""
        select count(*) filter (where sold > 1 + back), count(*) filter (where sold = 2 and back = 1) from (select
        count(*) filter (where event_type = 'sale') as sold, count(*) filter (where event_type = 'return') as back
        from trace_events group by trace_code having not bool_or(is_split_pack))""")
    assert repeated == 0
    assert again > 5


def test_second_scan_follows_the_failed_one_within_two_minutes(honest):
    """Between the two settlements of a code lie 65 to 125 seconds, and the return lies between them."""
    pairs = honest.sound.rows("""
        with sold as (select e.trace_code, min(settle_time) as first, max(settle_time) as last, count(*) as n
        from trace_events e join settlements using (settlement_id) where event_type = 'sale'
        group by 1 having not bool_or(is_split_pack) and count(*) > 1)
        select date_diff('second', first, last), b.event_time > first and b.event_time < last, n from sold
        left join trace_events b on b.trace_code = sold.trace_code and b.event_type = 'return'""")
    assert len(pairs) > 5
    assert all(n == 2 and between and 65 <= seconds <= 125 for seconds, between, n in pairs)


def test_roll_out_is_partial(honest):
    """Some sellers scan all along, some begin in the window, some not at all; at those that scan some lines lack it."""
    rows = honest.sound.rows("""
        select provider_id, min(event_time) filter (where event_type = 'sale') as first from trace_events group by 1""")
    sellers = honest.sound.one("""
        select count(distinct provider_id) from settlements join claim_lines using (settlement_id)
        where encounter_type = 'pharmacy'""")
    assert len({p for p, _ in rows}) < honest.sound.one("select count(*) from providers")
    assert sellers > 10
    assert sum(first.month > 1 for _, first in rows if first is not None) >= 3
    lines, scanned = honest.sound.one(f"""
        select count(*), count(*) filter (where exists (select 1 from trace_events e where e.settlement_id =
        l.settlement_id and e.item_code = l.item_code)) from claim_lines l join settlements s using (settlement_id)
        where {_DRUGS} and quantity > 0 and s.provider_id in (select provider_id from trace_events where event_type =
        'sale' and event_time < '2026-01-08') and s.encounter_type = 'pharmacy'""")
    assert 0.01 < 1 - scanned / lines < 0.08


def test_purchases_exceed_insured_sales(honest):
    """Others pay themselves: 5 to 40 % on top, and whole cases on the shelf."""
    bought, sold = honest.sound.one(f"""
        with sold as (select provider_id, item_code, sum(quantity) as q from claim_lines join settlements using
        (settlement_id) where {_DRUGS} group by all), bought as (select provider_id, item_code, sum(purchased_quantity)
        as p from stock_movements group by all) select sum(p), sum(q) from sold join bought using
        (provider_id, item_code)""")
    assert 1.05 < float(bought) / float(sold) < 1.9
    months_without = honest.sound.one("select avg((purchased_quantity = 0)::int) from stock_movements")
    assert 0.2 < months_without < 0.9  # deliveries are lumpy


def test_seeds_share_no_code(planted):
    one, other = (planted("none", seed=seed, persons=800, providers=40, months=2) for seed in (11, 12))
    codes = [{code for (code,) in asked.rows("select trace_code from trace_events")} for asked in (one, other)]
    assert len(codes[0]) > 100
    assert not codes[0] & codes[1]


def test_goods_start_empty_and_keep_what_is_added():
    goods = Goods()
    assert not len(goods.codes)
    assert not len(goods.not_scanned)
    goods.same_code(np.array([5, 6]), 0, 4, np.array([0, 1]))
    goods.same_code(7, 1, 4, 0)
    goods.unscanned(np.array([8, 9]))
    goods.booked_in(3, np.array([10, 11]), 24)
    assert goods.codes.to_numpy().tolist() == [[5, 0, 4, 0], [6, 0, 4, 1], [7, 1, 4, 0]]
    assert goods.not_scanned.tolist() == [8, 9]
    assert goods.books.to_numpy().tolist() == [[3, 10, 24], [3, 11, 24]]
