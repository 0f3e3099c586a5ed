"""P07: equal sums seconds apart, paid from the account by e-credential; at the promotion drugs change hands."""

import pytest

_GUILTY = "select s.* from settlements s join truth_lines t using (settlement_id) where t.scheme_code = 'P07'"
_PAIRS = """
    select s.settlement_id, s.provider_id, s.total_amount from {rows} s where exists (select 1 from {rows} o where
    o.person_id = s.person_id and o.provider_id = s.provider_id and o.total_amount = s.total_amount
    and o.settlement_id <> s.settlement_id and abs(date_diff('second', o.settle_time, s.settle_time)) between 1 and 60)
    """

_TOWN = {"persons": 2_000, "providers": 60, "months": 3}
_ASKED = (("small", 11), ("medium", 11), ("small", 12))


@pytest.fixture(scope="module")
def asked(planted):
    return planted("P07:large")


def test_equal_sums_follow_each_other_within_a_minute(asked):
    n, paired = asked.one(f"""
        select count(*), count(*) filter (where settlement_id in (select settlement_id from
        ({_PAIRS.format(rows="settlements")}))) from ({_GUILTY})""")
    assert n >= 60
    assert paired > 0.7 * n  # one visit in seven has a single payment
    whole = asked.one(f"select avg((total_amount % 50 = 0)::int) from ({_GUILTY})")
    usual = asked.one("""select avg((total_amount % 50 = 0)::int) from settlements where encounter_type = 'pharmacy'
        and settlement_id not in (select settlement_id from truth_lines)""")
    assert whole > 0.5
    assert whole > 10 * usual  # the promotion included


def test_account_pays_everything_by_credential(asked):
    """Total = account, no cash and no fund; employees only, for they have accounts; some of it late at night."""
    rest, residents, scanned, late = asked.one(f"""
        select count(*) filter (where account_paid_amount <> total_amount), count(*) filter (where insurance_type <>
        'employee'), avg((credential_type = 'e_credential')::int), avg((hour(settle_time) >= 21)::int) from ({_GUILTY})
        """)
    assert (rest, residents) == (0, 0)
    assert scanned > 0.8
    assert 0.05 < late < 0.6


def test_takings_rise_for_about_two_months(asked):
    """Sums cashed out are some 60 % of what the shop honestly takes in the same days, in 76 days at the most."""
    shops = asked.rows(f"""
        with g as ({_GUILTY}), span as (select provider_id, min(settle_time) as first, max(settle_time) as last,
        sum(total_amount) as cashed from g group by 1)
        select provider_id, date_diff('day', any_value(first), any_value(last)), any_value(cashed) /
        sum(s.total_amount), count(*) from span join settlements s using (provider_id)
        where s.settlement_id not in (select settlement_id from g) and not coalesce(s.is_reversal, false)
        and s.settle_time between first and last group by 1""")
    assert len(shops) == 5
    for shop, days, more, honest in shops:
        assert days <= 76, shop
        assert 0.1 < more < 2.5, shop  # a small shop's own takings swing
        assert honest >= 5, shop
    assert 0.25 < sum(more for _, _, more, _ in shops) / len(shops) < 1.2


def test_basket_is_likely_but_for_its_price(asked):
    """Sums are made of one over-the-counter drug each, at most a dozen packs, below its ceiling."""
    several, most, dear = asked.one(f"""
        with l as (select settlement_id, count(*) as lines, max(quantity) as packs, max(unit_price / catalogue) as ratio
        from ({_GUILTY}) join claim_lines using (settlement_id) join (select item_code, median(unit_price) as catalogue
        from claim_lines group by 1) using (item_code) group by 1)
        select count(*) filter (where lines > 1), max(packs), max(ratio) from l""")
    assert several == 0
    assert most <= 12
    assert dear < 1.5


def test_holders_go_round_the_shops_of_one_ring(asked):
    members = dict(asked.rows("select member_type, count(*) from truth_rings group by 1"))
    assert members["pharmacy"] == 5
    assert members["patient"] == asked.one("select count(*) from truth_patients where scheme_code = 'P07'")
    assert asked.one(f"""select count(*) from (select person_id from ({_GUILTY}) group by 1
        having count(distinct provider_id) > 1)""")


def test_promotion_moves_goods(asked):
    """The twin: equal round sums seconds apart too, all in one week, of many customers, and open to all who pay."""
    rows = """(select s.* from settlements s join truth_twins on subject_id = provider_id where twin_of = 'P07'
        and total_amount in (50, 100) and encounter_type = 'pharmacy')"""
    n, persons, days, insurances = asked.one(f"""
        select count(*), count(distinct person_id), date_diff('day', min(settle_time), max(settle_time)),
        count(distinct insurance_type) from settlements where settlement_id in (select settlement_id from
        ({_PAIRS.format(rows=rows)}))""")
    assert n >= 20
    assert persons >= n / 2 - 1  # everyone once, in two documents
    assert days <= 7
    assert insurances == 2
    assert asked.one("select count(*) from truth_twins join truth_providers on provider_id = subject_id") == 0


def test_nothing_is_scanned_but_at_the_promotion(asked):
    """No guilty line has a sale in the trace, though the shops scan for others; nine in ten gift packs have one."""
    of_guilty, of_others = asked.one("""
        select count(*) filter (where settlement_id in (select settlement_id from truth_lines)), count(*)
        from trace_events join truth_providers using (provider_id) where event_type = 'sale'""")
    assert of_guilty == 0
    assert of_others >= 20
    gifts, scanned = asked.one("""
        select count(*), count(*) filter (where settlement_id in (select settlement_id from trace_events
        where event_type = 'sale')) from settlements join truth_twins on subject_id = provider_id
        where twin_of = 'P07' and total_amount in (50, 100) and encounter_type = 'pharmacy'""")
    assert gifts >= 20
    assert scanned > 0.85 * gifts


@pytest.mark.slow
def test_sizes_and_seeds(planted, asked):
    """One instance has 1, 2 or 5 shops."""
    small, medium, other = (planted(f"P07:{size}", seed=seed, **_TOWN) for size, seed in _ASKED)
    for planned, town in ((1, small), (2, medium), (5, asked), (1, other)):
        assert town.one("select count(*) from truth_providers where scheme_code = 'P07'") == planned
    one, two = (town.one(f"select avg(total_amount), count(*) from ({_GUILTY})") for town in (small, other))
    assert one != two
