"""H39: insured sales pass purchases; where bills count pieces they do so too, but not in boxes."""

import pytest

_SOLD = """
    select s.provider_id, l.item_code, sum(l.quantity) as sold, sum(l.quantity) filter (where (l.settlement_id,
    l.line_number) in (select (settlement_id, line_number) from truth_lines where scheme_code = 'H39')) as empty
    from claim_lines l join settlements s using (settlement_id) group by all"""
_BOOKS = f"""
    select provider_id, item_code, sold, empty, sum(purchased_quantity) as bought, min_by(opening_quantity, month) as
    opened from stock_movements join ({_SOLD}) using (provider_id, item_code) group by all"""


@pytest.fixture(scope="module")
def asked(planted):
    return planted("H39:medium")


def test_sales_pass_purchases_and_opening_stock(asked):
    """Three items: sold / purchased between 1.6 and 3 when planted, the shelf moves it a little."""
    items = asked.rows(f"select sold, bought, opened, empty from ({_BOOKS}) where empty > 0")
    assert len(items) == 3
    ratios = sorted(float(sold) / float(bought) for sold, bought, _, _ in items)
    assert all(sold > bought + opened for sold, bought, opened, _ in items)
    assert all(1.2 < ratio < 4.5 for ratio in ratios)
    assert ratios[1] > 1.4
    # What was really handed over was bought: sold - empty <= bought + opened.
    assert all(sold - empty <= bought + opened for sold, bought, opened, empty in items)


def test_nobody_else_sells_more_than_came_in(asked):
    others = asked.one(f"""
        select count(*) from ({_BOOKS}) where sold > bought + opened and empty is null
        and provider_id not in (select subject_id from truth_twins)""")
    assert others == 0


def test_most_empty_bills_lack_a_scan_and_no_box_came_in(asked):
    lines, scanned = asked.one("""
        select count(*), count(*) filter (where exists (select 1 from trace_events e where e.settlement_id =
        l.settlement_id and e.item_code = l.item_code)) from truth_lines t join claim_lines l
        using (settlement_id, line_number)""")
    assert lines >= 10
    assert scanned <= 0.6 * lines
    came_in = asked.one("""
        select count(*) from trace_events i where event_type = 'inbound' and trace_code in (select trace_code from
        trace_events e join truth_lines using (settlement_id) join claim_lines l using (settlement_id, line_number)
        where l.item_code = e.item_code)""")
    assert came_in == 0


def test_guilty_lines_are_billed_over_months_and_honest_business_continues(asked):
    months, exposure = asked.one("""
        select count(distinct month(settle_time)), sum(exposure_amount) from truth_lines
        join settlements using (settlement_id)""")
    assert months >= 3
    assert exposure > 300
    assert (
        asked.one("""
        select count(*) from settlements join truth_providers using (provider_id)
        where settlement_id not in (select settlement_id from truth_lines)""")
        > 30
    )


def test_twin_counts_pieces_on_bills_and_boxes_in_books(asked):
    """sold / bought is like a cheat's, but sold / units_per_pack <= bought + opened; a piece costs a piece's price."""
    rows = asked.rows(f"""
        select b.sold, b.bought + b.opened, i.units_per_pack from ({_BOOKS}) b join ref_items i using (item_code)
        join truth_twins on subject_id = b.provider_id
        where i.valid_to_date is null and b.sold > b.bought + b.opened""")
    assert rows
    for sold, came_in, pieces in rows:
        assert sold > 1.5 * float(came_in)
        assert sold / pieces <= came_in
    dear = asked.one(f"""
        select count(*) from claim_lines l join settlements s using (settlement_id) join ref_items i using (item_code)
        join ({_BOOKS}) b on b.provider_id = s.provider_id and b.item_code = l.item_code
        where b.sold > b.bought + b.opened and s.provider_id in (select subject_id from truth_twins)
        and i.valid_to_date is null and l.unit_price * i.units_per_pack > 1.1 * i.price_ceiling_pharmacy_amount""")
    assert dear == 0


@pytest.mark.slow
def test_sizes_grow_and_seeds_differ(planted):
    small, large, other = (
        planted(f"T01:{size},T02:{size},H39:{size}", seed=seed, persons=2_500, providers=70, months=4)
        for size, seed in (("small", 11), ("large", 11), ("large", 12))
    )
    items = [
        asked.rows(f"select item_code, empty from ({_BOOKS}) where empty > 0 order by 1")
        for asked in (small, large, other)
    ]
    assert len(items[0]) == 1
    assert min(len(items[1]), len(items[2])) == 10
    assert items[1] != items[2]
