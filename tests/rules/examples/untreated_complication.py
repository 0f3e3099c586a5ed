"""Stays with respiratory failure and no blood gas: two, one, and two where each hospital has one."""

from tests.rules.example import Example
from tests.rules.peers import among_peers, providers_but_the_first


def stays(untreated, *, group="FR21", peers_untreated=0, peers_treated=1, seconds=("J96.000",)):
    # Each peer has a stay or more with the complication and its test, and plain ones; those of P0 cost 100.00.
    world = among_peers("hospital")
    for code, weight in (("FR21", 2.0), ("FR23", 1.25), ("FR25", 1.0)):
        world.add("ref_drg_groups", system="drg", version="2026", group_code=code, weight=weight)
    cases = [(f"U{number}", "P0", group, seconds, False) for number in range(untreated)]
    cases += [(f"N{number}", "P0", "FR25", ("I10.x00",), False) for number in range(4)]
    for provider in providers_but_the_first():
        cases += [(f"T-{provider}-{turn}", provider, "FR21", ("J96.000",), True) for turn in range(peers_treated)]
        cases += [(f"N-{provider}-{number}", provider, "FR25", ("I10.x00",), False) for number in range(3)]
        cases += [(f"U-{provider}", provider, "FR21", ("J96.000",), False)] * peers_untreated
    for name, provider, group_code, others, is_tested in cases:
        lines = [("2026-03-05", "BED", 1, 100), *([("2026-03-05", "BLOOD-GAS", 1, 20)] if is_tested else [])]
        world.stay(name, "2026-03-05", "2026-03-07", lines=lines, person_id=name, provider_id=provider)
        world.add("drg_assignments", settlement_id=name, system="drg", group_code=group_code, weight=None)
        for number, code in enumerate(("J18.900", *others), start=1):
            world.add("diagnoses", settlement_id=name, sequence_number=number, diagnosis_code=code)
    return world


# Half of the group's weight is for a major complication: 2 x 50.00 of 100.00.
EXAMPLES = {
    "hit": Example(stays(2), frozenset({("provider", "P0", 10000, 10000, 2)}), is_found_among_others=False),
    "near_miss": Example(stays(1)),
    "innocent_twin": Example(stays(2, peers_untreated=1)),
}
