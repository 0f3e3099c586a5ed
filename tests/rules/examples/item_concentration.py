"""Three items make nine tenths of a shop's sales, with a line too few, and at a dual-channel pharmacy."""

from tests.rules.example import Example
from tests.rules.peers import among_peers, providers_but_the_first

AT = "2026-03-05 10:00:00"


def sales(*, kind="retail_pharmacy", counted=180):
    # P0: 20 lines of 9.00 of twenty items, and 180 lines of 9.00 of three. Peers: ten items alike.
    world = among_peers("retail_pharmacy", provider_type=kind)
    lines = [(AT, f"X{number:02d}", 1, 9) for number in range(20)]
    lines += [(AT, f"TOP{number % 3}", 1, 9) for number in range(counted)]
    world.bill("S0", provider_id="P0", encounter_type="pharmacy", lines=lines)
    for provider in providers_but_the_first():
        lines = [(AT, f"X{number:02d}", 1, 9) for number in range(10)]
        world.bill(f"S-{provider}", provider_id=provider, encounter_type="pharmacy", lines=lines)
    return world


# 1,620.00 of 1,800.00 are 90 %; three of ten items are 30 %: 1,620.00 x 60 / 90 = 1,080.00, 120 lines of 9.00.
EXAMPLES = {
    "hit": Example(sales(), frozenset({("provider", "P0", 108000, 108000, 120)}), is_found_among_others=False),
    "near_miss": Example(sales(counted=179)),
    "innocent_twin": Example(sales(kind="dual_channel_pharmacy")),
}
