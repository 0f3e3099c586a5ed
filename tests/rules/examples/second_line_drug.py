"""A second-line drug without the first line, after it, and going on from what is not seen."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PROVIDER, one_line


def drug(*earlier):
    world = one_line("2026-03-05", line=DRUG, item={"requires_prior_item_codes": "F1|F2"})
    world.bill("S0", person_id="B", lines=[("2025-11-20 10:00:00", "I9", 1, 20)])
    for day, code in earlier:
        world.bill(f"S-{day}", lines=[(f"{day} 10:00:00", code, 1, 30, DRUG)])
    return world


EXAMPLES = {
    "hit": Example(drug(("2026-02-20", "I9")), frozenset({PROVIDER})),
    "near_miss": Example(drug(("2026-02-20", "F2"))),
    "innocent_twin": Example(drug(("2025-12-01", "I1"))),
}
