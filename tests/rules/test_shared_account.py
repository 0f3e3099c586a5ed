"""A relative's account pays at the counter for whoever stands there; at a hospital the insured was seen."""

import pytest

from tests.rules.examples.many_providers_in_a_day import shopping


@pytest.mark.parametrize(("kind", "is_found"), [("pharmacy", False), ("outpatient", True)])
@pytest.mark.parametrize(("code", "regions"), [("many_providers_in_a_day", "111"), ("many_counties_in_a_day", "123")])
def test_a_shared_account_excuses_purchases_alone(found, code, regions, kind, is_found):
    days = [f"2026-03-{day:02d}" for day in range(2, 12)]
    world = shopping(3, days, regions=regions)
    for bill in world.settlements:
        bill.update(encounter_type=kind, mutual_aid_paid_amount=5)
    assert bool(found(world, code)[0]) == is_found
