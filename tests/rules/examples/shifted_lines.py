"""An infusion bought outside two days before a stay, eight days before, and one that was had before."""

from tests.rules.example import Example
from tests.rules.world import World


def infusion(day, *, before=False):
    # Twenty stays of others hold the infusion; A buys it for 50.00 and lies in hospital from 10 to 15 March.
    world = World()
    for number in range(20):
        lines = [("2026-02-10", "INFUSION", 1, 50, {"item_type": "western_drug"})]
        world.stay(f"O{number:02d}", "2026-02-10", "2026-02-12", lines=lines, person_id=f"N{number}", provider_id="P2")
    world.stay("S", "2026-03-10", "2026-03-15", lines=[("2026-03-10", "BED", 1, 100)], payment_method="drg")
    world.add("drg_assignments", settlement_id="S", system="drg", group_code="FR25")
    for place, bought in enumerate([day, *(["2026-02-01"] if before else [])]):
        lines = [(f"{bought} 10:00:00", "INFUSION", 1, 50, {"item_type": "western_drug"})]
        world.bill(f"X{place}", lines=lines, encounter_type="pharmacy", provider_id="SHOP")
    return world


EXAMPLES = {
    "hit": Example(
        infusion("2026-03-08"),
        frozenset({("provider", "P1", 5000, 5000, 1), ("patient", "A", 5000, 5000, 1)}),
        is_found_among_others=False,
    ),
    "near_miss": Example(infusion("2026-03-02")),
    "innocent_twin": Example(infusion("2026-03-08", before=True)),
}
