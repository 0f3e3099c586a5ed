"""Scripts of the evening between a prescriber and a shop, the same with other shops, and scripts in time."""

from tests.rules.example import Example
from tests.rules.prescribed import fill, new


def pair(n_late=2, elsewhere=0):
    world = new()
    for number in range(20):
        late = "2026-03-05 20:00:00" if number < n_late else None
        fill(world, number, person=f"A{number}", written=late)
    for number in range(elsewhere):
        fill(world, number, shop="P2", person=f"B{number}")
    for clinic in ("C2", "C3"):
        fill(world, clinic, shop="P2", person="C", issuing_provider_id=clinic, prescriber_id="D3")
    return world


# Two of the twenty scripts, of 100.00 each, were written after the sale.
EXAMPLES = {
    "hit": Example(pair(), frozenset({("provider", "P1", 20000, 20000, 2), ("practitioner", "D1", 20000, 20000, 2)})),
    "near_miss": Example(pair(elsewhere=3)),
    "innocent_twin": Example(pair(n_late=0)),
}
