"""Drugs handed out on prescriptions, said shortly."""

from tests.rules.world import World

MORNING = "2026-03-05 10:00:00"


def fill(world, number, *, shop="P1", person="A", day="2026-03-05", written=None, line=None, **prescription):
    """Sell a drug for 100.00 on a prescription, which is issued an hour before unless said otherwise."""
    name = f"{shop}-{number}"
    known = {"prescription_id": f"R{name}", "item_type": "western_drug", "prescriber_id": "D1"} | (line or {})
    bill = {"person_id": person, "provider_id": shop, "encounter_type": "pharmacy"}
    world.bill(f"S{name}", lines=[(f"{day} 10:00:00", "I1", 1, 100, known)], **bill)
    if written != "never":
        row = {"issuing_provider_id": "C1", "prescriber_id": "D1", "dispensing_provider_id": shop} | prescription
        issued = written or f"{day} 09:00:00"
        world.add("prescriptions", prescription_id=f"R{name}", person_id=person, issue_time=issued, **row)
    return world


def prescribers(world, *, home="C1", team=False, may=True):
    """Register D1, at the clinic C1 unless said otherwise, and the clinics of the region."""
    for clinic in ("C1", "C2", "C3"):
        world.add("providers", provider_id=clinic, provider_type="clinic", region_code="320100", group_id=f"G{clinic}")
    who = {"practitioner_id": "D1", "provider_id": home, "is_team_identifier": team, "can_prescribe": may}
    return world.add("practitioners", **who)


def known_shops(world, *shops):
    """Register shops of the region, none of a group."""
    for shop in shops:
        world.add("providers", provider_id=shop, provider_type="retail_pharmacy", region_code="320100")
    return world


def new():
    """Begin a world in which the prescriber is registered at the clinic."""
    return known_shops(prescribers(World()), "P1", "P2")
