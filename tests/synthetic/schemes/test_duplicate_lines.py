"""H08: contained services beside the whole; two sites of one body are lawful."""

import pytest

BOTH = """
    select count(*), count(*) filter (where a.body_site is distinct from b.body_site) from claim_lines a
    join claim_lines b using (settlement_id) join settlements using (settlement_id)
    where a.item_name = '{}' and b.item_name = '{}' and a.fee_time::date = b.fee_time::date and provider_id in ({})"""


@pytest.fixture(scope="module")
def asked(planted):
    return planted("H08:large", seed=15)


def test_contained_services_are_billed_beside_the_whole(asked):
    guilty = "select provider_id from truth_providers"
    n, at_two_sites = asked.one(BOTH.format("一级护理", "二级护理", guilty))
    assert n >= 10
    assert at_two_sites == 0
    named = asked.one(
        "select count(*) from truth_lines join claim_lines using (settlement_id, line_number) "
        "where item_name = '二级护理'"
    )
    assert named >= n / 2


def test_look_alike_names_two_sites(asked):
    """The twin bills exercise and massage on one day, always at two different sites."""
    n, lawful = asked.one(BOTH.format("运动疗法", "推拿治疗", "select subject_id from truth_twins"))
    assert n >= 3
    assert lawful == n
