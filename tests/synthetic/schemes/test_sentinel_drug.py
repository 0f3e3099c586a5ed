"""H37: a linked group and one drug; the look-alike is a season that comes to all."""

import pytest


@pytest.fixture(scope="module")
def asked(planted):
    return planted("H37:medium")


def test_the_group_draws_one_watched_drug(asked):
    """Twenty people, one sentinel drug, two doctors of the hospital."""
    people, drugs, doctors = asked.one("""
        select count(distinct person_id), count(distinct item_code) filter (where is_sentinel),
            count(distinct prescriber_id)
        from truth_lines join settlements using (settlement_id) join claim_lines using (settlement_id)
        join (select item_code, bool_or(is_sentinel_drug) as is_sentinel from ref_items group by 1)
        using (item_code)""")
    assert (drugs, doctors) == (1, 2)
    assert 15 <= people <= 20


def test_it_takes_a_large_part_of_the_hospitals_volume(asked):
    share = asked.one("""
        with drug as (select distinct item_code from truth_lines join claim_lines using (settlement_id)
            join ref_items using (item_code) where is_sentinel_drug)
        select sum(quantity) filter (where settlement_id in (select settlement_id from truth_lines)) / sum(quantity)
        from claim_lines join settlements using (settlement_id) where item_code in (from drug)
        and provider_id in (select provider_id from truth_providers)""")
    assert share > 0.15


def test_staff_and_their_households_are_among_them(asked):
    linked = asked.one("""
        with staff as (select person_id from practitioners where provider_id in (select provider_id from
            truth_providers) and person_id is not null),
        homes as (select address_hash from persons where person_id in (from staff))
        select count(*) from truth_patients join persons using (person_id)
        where person_id in (from staff) or address_hash in (from homes)""")
    assert linked >= 4  # a fifth are staff


def test_the_season_comes_to_many_providers(asked, planted):
    """What the look-alike's drug gains over the honest city lies at many providers, none with more than a third."""
    honest = planted("none")
    asked.connection.register("before", honest.city.tables["settlements"])
    more = asked.rows("""
        select provider_id, count(*) from settlements where settlement_id not in (select settlement_id from before)
        and settlement_id not in (select settlement_id from truth_lines) group by 1""")
    counts = [n for _, n in more]
    assert len(counts) >= 6
    assert max(counts) <= sum(counts) / 2
