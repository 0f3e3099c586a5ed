"""A pharmacy that bills nursing, one that sells a drug, and a clinic registered as a pharmacy."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def bill(category, *, drugs=2):
    line = {"charge_category": category, "item_type": "service" if category == "nursing" else "western_drug"}
    world = one_line(line=line, provider={"provider_type": "retail_pharmacy"}, encounter_type="pharmacy")
    for number in range(drugs):
        lines = [("2026-03-06", "M1", 1, 30, {"item_type": "western_drug", "item_name": "丁"})]
        world.bill(f"S{number + 2}", person_id="B", encounter_type="pharmacy", lines=lines)
    return world


EXAMPLES = {
    "hit": Example(bill("nursing"), frozenset({PROVIDER})),
    "near_miss": Example(bill("western_drug")),
    "innocent_twin": Example(bill("nursing", drugs=0)),
}
