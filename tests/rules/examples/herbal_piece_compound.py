"""A piece paid alone only: in a compound, alone, and beside the piece of another prescription."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def pieces(*others):
    world = one_line(line={"item_type": "herbal", "prescription_id": "X1"}, item={"herbal_use": "not_compound"})
    for number, other in enumerate(others, start=2):
        world.lines.append(
            world.lines[0] | {"line_number": number, "item_code": f"I{number}", "prescription_id": other}
        )
    return world


EXAMPLES = {
    "hit": Example(pieces("X1"), frozenset({PROVIDER})),
    "near_miss": Example(pieces()),
    "innocent_twin": Example(pieces("X2")),
}
