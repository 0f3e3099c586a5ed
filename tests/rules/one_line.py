"""One bill of one line, and what a rule says of all of it."""

from tests.rules.world import World

# 100.00 in scope, 70 % of it paid by the fund.
PROVIDER, PATIENT = ("provider", "P1", 10000, 7000, 1), ("patient", "A", 10000, 7000, 1)
PRACTITIONER = ("practitioner", "D1", 10000, 7000, 1)
DRUG = {"item_type": "western_drug"}


def one_line(
    day="2026-03-05", *, quantity=1, amount=100, line=None, item=None, person=None, provider=None, fund=70, **settlement
):
    """Return a world with one line of item I1, which the bill and the catalogue call by one name."""
    time = day if len(day) > 10 else f"{day} 10:00:00"
    columns = {"item_name": "甲"} | (line or {})
    world = World().bill("S1", lines=[(time, "I1", quantity, amount, columns)], fund=fund, **settlement)
    world.add("ref_items", item_code="I1", **({"item_name": "甲"} | (item or {})))
    if person:
        world.add("persons", person_id="A", **person)
    if provider:
        world.add("providers", provider_id="P1", **({"provider_type": "hospital"} | provider))
    return world


def named_otherwise(world, name="乙"):
    """Let the bill call the item by another name than the catalogue does: the code stands for something else there."""
    for line in world.lines:
        line["item_name"] = name
    return world
