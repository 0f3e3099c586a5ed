"""R11: one operator overrides many times as often as others, for two providers; the lone colleague favours none."""

import pytest

_GUILTY = "select s.* from settlements s join truth_lines t using (settlement_id) where t.scheme_code = 'R11'"
_STAFF = """
    select operator_id, count(*) as n, count(distinct provider_id) as providers, count(*) filter (where settlement_id
    in (select settlement_id from truth_lines)) as guilty from settlements where has_manual_override group by 1"""

_TOWN = {"persons": 2_000, "providers": 60, "months": 3}
_ASKED = (("small", 11), ("large", 11), ("small", 12))


@pytest.fixture(scope="module")
def asked(planted):
    return planted("R11:medium")


def test_one_operator_overrides_many_times_as_often(asked):
    """Guilty settlements were all overridden, all by one operator, whose number nobody else comes near."""
    overridden, operators, n = asked.one(f"""
        select count(*) filter (where has_manual_override), count(distinct operator_id), count(*) from ({_GUILTY})""")
    assert overridden == n
    assert 150 <= n <= 200
    assert operators == 1
    (most, guilty), others = (
        asked.one(f"select n, guilty from ({_STAFF}) where guilty > 0"),
        asked.one(f"select median(n) from ({_STAFF}) where guilty = 0"),
    )
    assert most >= 5 * others
    assert 0.75 < guilty / most < 0.95  # the rest is ordinary work, all over the region


def test_two_providers_profit_partly_after_hours(asked):
    providers, late = asked.one(f"""
        select count(distinct provider_id), avg((hour(settle_time) >= 18)::int) from ({_GUILTY})""")
    assert providers == 2
    assert 0.25 < late < 0.8
    ordinary = asked.one("""select avg((hour(settle_time) >= 18)::int) from settlements where has_manual_override
        and settlement_id not in (select settlement_id from truth_lines)""")
    assert late > ordinary


def test_what_was_pushed_through_should_have_been_refused(asked):
    """Most bills give a patient a drug again while the packs of the guilty bills before still last."""
    n, early, dear = asked.one(f"""
        select count(*), avg((supply_until > fee_time)::int), avg(unit_price) from (select l.*, max(l.fee_time +
        to_days(l.days_supply::int)) over (partition by s.person_id, l.item_code order by l.fee_time rows between
        unbounded preceding and 1 preceding) as supply_until
        from ({_GUILTY}) s join claim_lines l using (settlement_id) where l.days_supply is not null)""")
    assert n >= 150
    assert early > 0.5
    assert dear > 50


def test_honest_business_goes_on(asked):
    for provider, honest in asked.rows("""
        select p.provider_id, count(*) from truth_providers p join settlements s using (provider_id)
        where s.settlement_id not in (select settlement_id from truth_lines) group by 1"""):
        assert honest >= 20, provider


def test_scripts_come_from_the_partner_before_the_sale(asked):
    late, strangers = asked.one(f"""
        select count(*) filter (where issue_time > dispense_time), count(*) filter (where issuing_provider_id not in
        (select provider_id from truth_providers)) from prescriptions r join ({_GUILTY}) s on s.settlement_id =
        r.dispense_settlement_id""")
    assert (late, strangers) == (0, 0)


def test_lone_colleague_has_no_favourites(asked):
    """The twin: one operator decides for a whole district, and her providers are overridden as rarely as all are."""
    operator, providers, guilty = asked.one("""
        select min(operator_id), count(distinct provider_id), count(*) filter (where settlement_id in
        (select settlement_id from truth_lines)) from settlements where has_manual_override and operator_id = 'U100'""")
    assert operator == "U100"
    assert providers >= 8
    assert guilty == 0
    elsewhere = asked.one("""
        select count(distinct operator_id) from settlements where has_manual_override and care_region_code in
        (select care_region_code from settlements where operator_id = 'U100') and operator_id not in ('U100', 'U101')
        and provider_id in (select subject_id from truth_twins)""")
    assert elsewhere == 0
    rates = asked.rows("""select count(*), count(*) filter (where has_manual_override) from truth_twins
        join settlements on provider_id = subject_id where twin_of = 'R11' group by subject_id""")
    assert 1 <= len(rates) <= 4
    for n, overridden in rates:  # expected 0.4 % of its settlements; beyond four deviations would be a favourite
        assert overridden <= 0.004 * n + 4 * (0.004 * n) ** 0.5 + 1
    assert asked.one("select count(*) from truth_twins join truth_providers on provider_id = subject_id") == 0


@pytest.mark.slow
def test_sizes_and_seeds(planted):
    small, large, other = (planted(f"R11:{size}", seed=seed, **_TOWN) for size, seed in _ASKED)
    for planned, town in ((50, small), (800, large), (50, other)):
        assert 0.75 * planned <= town.one(f"select count(*) from ({_GUILTY})") <= planned
    one, two = (
        town.one(f"select avg((hour(settle_time) >= 18)::int), min(settle_time)::varchar from ({_GUILTY})")
        for town in (small, other)
    )
    assert one != two
