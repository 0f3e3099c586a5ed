"""A watched drug that several of the staff draw is measured by like providers: it may have gone on all along."""

import pytest

from tests.rules.world import World


def months_of_use(staff, *, peers=0, n_peers=4):
    """Bill six packs in each of three months, to so many of the staff; each of the peers bills `peers` a month."""
    world = World().add("ref_items", item_code="WATCHED", is_sentinel_drug=True)
    for number in range(staff):
        world.add("practitioners", practitioner_id=f"D{number}", provider_id="P1", person_id=f"N{number}")
    for place in range(1, n_peers + 2):
        world.add("providers", provider_id=f"P{place}", provider_type="hospital", provider_level="secondary")
    for month in ("2026-01", "2026-02", "2026-03"):
        for number in range(6):
            line = (f"{month}-{number + 1:02d} 10:00:00", "WATCHED", 1, 100, {"prescriber_id": "D1"})
            world.bill(f"{month}-{number}", person_id=f"N{number}", lines=[line])
        for place in range(2, n_peers + 2):
            lines = [(f"{month}-20 {10 + each:02d}:00:00", "WATCHED", 1, 100) for each in range(peers)]
            other = (f"{month}-20 09:00:00", "OTHER", 1, 10)
            world.bill(f"{month}-P{place}", person_id="X", provider_id=f"P{place}", lines=[other, *lines])
    return world


@pytest.mark.parametrize(
    ("world", "said"),
    [
        (months_of_use(3), True),
        (months_of_use(2), False),
        (months_of_use(3, peers=2), False),
        (months_of_use(3, peers=1), False),  # of one bill in the month: six of six
        (months_of_use(3, n_peers=3), False),
    ],
    ids=["three_of_the_staff", "two", "peers_use_it_too", "of_each_bill", "few_peers"],
)
def test_what_never_rose_is_held_against_like_providers(found, world, said):
    assert (("provider", "P1") in found(world, "drug_surge")[0]) is said
