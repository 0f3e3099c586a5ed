"""Stories of boxes, said shortly: `"1 10:00 sale P1 A"` is day, time, what, where and by whom."""

from datetime import date, timedelta

from tests.rules.world import World

PLAIN = "8{:019d}"
_FIRST = date(2026, 1, 1)
_GROUPS = {"P1": "G1", "P2": "G2", "P3": "G3", "B1": "G1", "B2": "G1"}


def tell(stories, world=None):
    """Put stories into one world, each with a code of its own; returns the world and each story's codes as written."""
    world = world or World().bill("S0", lines=[("2026-01-01", "I9", 1, 1)], provider_id="P1")
    for provider, group in _GROUPS.items():
        world.add("providers", provider_id=provider, provider_type="retail_pharmacy", group_id=group)
    for number, (name, lines) in enumerate(stories.items(), start=1):
        for place, line in enumerate(lines):
            _tell(world, name, place, line, PLAIN.format(number * 7 + 1234567890123))
    return world


def _tell(world, name, place, line, code):
    day, clock, what, provider, *more = line.split(" ")
    options = dict(word.split("=", 1) for word in more if "=" in word)
    person = next((word for word in more if "=" not in word), None)
    when = f"{_FIRST + timedelta(days=int(day) - 1)} {clock}:00"
    settlement = options.get("bill", f"{name}/{place}") if what in {"sale", "part", "reversed", "refunded"} else None
    kind = {"cash": "sale", "part": "sale", "reversed": "sale", "refunded": "sale"}.get(what, what)
    item = options.get("item", "I1")
    world.add(
        "trace_events", event_id=f"{name}/{place}", trace_code=options.get("code", code).replace("~", " "),
        event_time=when, event_type=kind, provider_id=provider, item_code=item,
        settlement_id=settlement, person_id=person, is_split_pack=what == "part", quantity=options.get("boxes"),
    )  # fmt: skip
    known = {row["settlement_id"] for row in world.settlements}
    if settlement is None or settlement in known:
        return
    own = {"person_id": person, "provider_id": provider, "encounter_type": "pharmacy", "settled": when}
    world.bill(settlement, lines=[(when, item, 1, 100, {"item_type": "western_drug"})], **own)
    if what == "reversed":
        back = own | {"original_settlement_id": settlement, "is_reversal": True}
        world.bill(f"R/{settlement}", lines=[(when, item, -1, -100)], **back)
    elif what == "refunded":
        line = world.lines[-1] | {"line_number": 2, "quantity": -1, "amount": -100, "original_line_number": 1}
        world.lines.append(line)
