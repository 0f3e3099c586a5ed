"""H11: quantities beyond what the honest bill had; the look-alike gives much because the policy lets it."""

import pytest


@pytest.fixture(scope="module")
def asked(planted):
    return planted("H11:large")


def test_swollen_lines_had_less_in_the_honest_city(asked, planted):
    """A guilty line that the honest city knows too has now at least one more, and at most three times as much or so."""
    honest = planted("none")
    asked.connection.register("before", honest.city.tables["claim_lines"])
    pairs = asked.rows("""
        select l.quantity, b.quantity from truth_lines join claim_lines l using (settlement_id, line_number)
        join before b on b.settlement_id = l.settlement_id and b.line_number = l.line_number
            and b.item_code = l.item_code""")
    assert len(pairs) >= 20
    assert all(before < now <= max(3 * before, before + 1) for now, before in pairs)


def test_tests_come_again_within_their_interval(asked):
    """Some guilty tests have another of the same person fewer days apart than the limit asks."""
    again = asked.one("""
        select count(*) from truth_lines t join claim_lines l using (settlement_id, line_number)
        join settlements s using (settlement_id) join ref_items i on i.item_code = l.item_code
            and l.fee_time::date between i.valid_from_date and coalesce(i.valid_to_date, date '2999-01-01')
        where exists (select 1 from claim_lines o join settlements p using (settlement_id)
            where p.person_id = s.person_id and o.item_code = l.item_code and o.settlement_id <> l.settlement_id
            and abs(date_diff('day', o.fee_time, l.fee_time)) < i.min_days_between)""")
    assert again >= 3


def test_refills_come_ahead_of_time(asked):
    """A guilty refill follows the same drug after 6 to 12 days, which lasts 20 at least."""
    early = asked.one("""
        select count(*) from truth_lines t join claim_lines l using (settlement_id, line_number)
        join settlements s using (settlement_id) where exists (select 1 from claim_lines o join settlements p
            using (settlement_id) where p.person_id = s.person_id and o.item_code = l.item_code and o.days_supply >= 20
            and date_diff('day', o.fee_time, l.fee_time) between 5 and 13)""")
    assert early >= 3


def test_most_lines_of_the_provider_are_as_they_were(asked):
    share = asked.one("""
        select avg(((settlement_id, line_number) in (select (settlement_id, line_number) from truth_lines))::int)
        from claim_lines join settlements using (settlement_id) where provider_id in
        (select provider_id from truth_providers)""")
    assert 0.01 < share < 0.5


def test_long_prescriptions_are_used_up_before_the_next(asked):
    """The twins' fills of 80 days and more are followed by the next of the drug no earlier than 75 % of them."""
    early = asked.one("""
        with fills as (select person_id, item_code, fee_time, days_supply, lead(fee_time) over (partition by person_id,
            item_code order by fee_time) as next_time from claim_lines join settlements using (settlement_id)
            where person_id in (select subject_id from truth_twins) and quantity > 0 and not is_reversal
            and encounter_type = 'chronic_outpatient')
        select count(*) filter (where date_diff('day', fee_time, next_time) < 0.75 * days_supply) from fills
        where days_supply >= 80""")
    assert early == 0
