"""A watched drug that several of the staff draw is measured by like providers: it may have gone on all along."""

import pytest

from tests.rules.examples.drug_surge import packs
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
        (months_of_use(2), True),  # a third of all
        (months_of_use(1), False),
        (months_of_use(3, peers=2), False),
        (months_of_use(3, peers=1), False),  # of one bill in the month: six of six
        (months_of_use(3, n_peers=3), False),
    ],
    ids=["three_of_the_staff", "two_of_six", "one", "peers_use_it_too", "of_each_bill", "few_peers"],
)
def test_what_never_rose_is_held_against_like_providers(found, world, said):
    assert (("provider", "P1") in found(world, "drug_surge")[0]) is said


@pytest.mark.parametrize(
    ("month", "lines"),
    [
        pytest.param("2026-01", 0, id="three lines for staff"),
        pytest.param("2026-02", 12, id="six, and January's with them"),
        pytest.param("2026-03", 6, id="its own alone"),
    ],
)
def test_once_the_drug_gathers_the_months_before_are_named_with_it(found, month, lines):
    said = found(months_of_use(3), "drug_surge", month)[0]
    assert said.get(("provider", "P1")) == ((lines * 10000, lines) if lines else None)


@pytest.mark.parametrize(("near", "said"), [(("N1",), True), ((), False)])
def test_who_lives_with_a_nurse_counts_as_staff_where_both_draw_a_third(found, near, said):
    # A line of six a month each: of the nurse's alone, who may be ill, or of the husband's too.
    world = months_of_use(1)
    for number in range(2):
        address = "home" if number == 0 or f"N{number}" in near else "elsewhere"
        world.add("persons", person_id=f"N{number}", gender="female", birth_date="1970-01-01", address_hash=address)
    assert (("provider", "P1") in found(world, "drug_surge")[0]) is said


@pytest.mark.parametrize(("kind", "said"), [("retail_pharmacy", True), ("hospital", False)])
def test_a_season_lifts_providers_of_the_same_type(found, kind, said):
    world = packs(4, elsewhere=4)
    for provider, own in (("P1", "hospital"), ("P2", kind)):
        world.add("providers", provider_id=provider, provider_type=own)
    assert (("provider", "P1") in found(world, "drug_surge")[0]) is said
