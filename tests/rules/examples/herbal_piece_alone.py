"""A piece paid in compounds only: alone, in a compound, and in one of which only the bill tells."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def pieces(others=(), prescription="X1"):
    world = one_line(line={"item_type": "herbal", "prescription_id": prescription}, item={"herbal_use": "not_single"})
    for number, other in enumerate(others, start=2):
        world.lines.append(
            world.lines[0] | {"line_number": number, "item_code": f"I{number}", "prescription_id": other}
        )
    return world


EXAMPLES = {
    "hit": Example(pieces(["X2"]), frozenset({PROVIDER})),
    "near_miss": Example(pieces(["X1", "X1"])),
    "innocent_twin": Example(pieces([None])),
}
