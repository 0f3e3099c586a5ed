"""Five of ten packs of a watched drug for a nurse's household, four of them, and five during a stay."""

from tests.rules.example import Example
from tests.rules.world import World

PERSON = {"gender": "female", "birth_date": "1970-01-01"}


def dispensed(near, *, kind="outpatient"):
    # Ten packs at 100.00, written by D1; N1 works at P1 and lives with N2.
    world = World().add("ref_items", item_code="WATCHED", is_sentinel_drug=True)
    world.add("practitioners", practitioner_id="D2", provider_id="P1", person_id="N1")
    for person in ("N1", "N2", "N3"):
        address = "home" if person != "N3" else "elsewhere"
        world.add("persons", person_id=person, phone_hash=person, address_hash=address, **PERSON)
    for number in range(10):
        lines = [(f"2026-03-{number + 1:02d} 10:00:00", "WATCHED", 1, 100, {"prescriber_id": "D1"})]
        world.bill(f"S{number}", person_id="N2" if number < near else "N3", lines=lines, encounter_type=kind)
    return world


EXAMPLES = {
    "hit": Example(
        dispensed(5), frozenset({("provider", "P1", 50000, 50000, 5), ("practitioner", "D1", 50000, 50000, 5)})
    ),
    "near_miss": Example(dispensed(4)),
    "innocent_twin": Example(dispensed(5, kind="inpatient")),
}
