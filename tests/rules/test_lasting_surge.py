"""A surge of a watched drug that lasts is measured by the months before it."""

import pytest

from tests.rules.world import World


@pytest.mark.parametrize(("before", "said"), [((0, 8, 8, 8), True), ((4, 8, 8, 8), False)])
def test_a_surge_that_lasts_is_not_its_own_measure(found, before, said):
    world = World().add("ref_items", item_code="WATCHED", is_sentinel_drug=True)
    world.add("practitioners", practitioner_id="D2", provider_id="P1", person_id="N0")
    months = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03")
    for month, packs in zip(months, (*before, 8), strict=True):
        world.bill(f"other-{month}", provider_id="P2", person_id="X", lines=[(f"{month}-01 10:00:00", "OTHER", 1, 10)])
        for number in range(packs):
            lines = [(f"{month}-{number + 1:02d} 10:00:00", "WATCHED", 1, 100, {"prescriber_id": "D1"})]
            world.bill(f"{month}-{number}", person_id=f"N{number}", lines=lines)
    assert (("provider", "P1") in found(world, "drug_surge")[0]) is said
