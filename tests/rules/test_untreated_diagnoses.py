"""Groups that rest on a diagnosis without care: lesser complications, others cared for, dearer main illnesses."""

import pytest

from tests.rules.examples.untreated_complication import stays
from tests.rules.peers import among_peers, providers_but_the_first

RULE = "untreated_complication"


@pytest.mark.parametrize(
    ("own", "said"),
    [
        pytest.param({"group": "FR23"}, {("provider", "P0"): (4000, 2)}, id="a fifth of a lesser complication's group"),
        pytest.param({"seconds": ("R99.x00",)}, {}, id="of whose care nothing is known"),
    ],
)
def test_a_complication(found, own, said):
    assert found(stays(2, **own), RULE)[0] == said


@pytest.mark.parametrize(
    ("settled", "said"),
    [
        # with the second stay both are told, half of each 100.00
        (["2026-03-10", "2026-04-10"], (10000, 2)),
        # two were told in March
        (["2026-03-10", "2026-03-11", "2026-04-10"], (5000, 1)),
        (["2026-03-10", "2026-03-11"], None),
    ],
)
def test_stays_of_earlier_months_are_named_with_the_one_that_makes_them_enough(found, settled, said):
    world = stays(len(settled), peers_treated=2)
    world.bill("LATER", settled="2026-04-20 18:00:00", lines=[("2026-04-20", "VISIT", 1, 10)])
    for row in world.settlements:
        if row["settlement_id"].startswith("U"):
            row["settle_time"] = f"{settled[int(row['settlement_id'][1:])]} 18:00:00"
    assert found(world, RULE, "2026-04")[0].get(("provider", "P0")) == said


def main_illnesses(*, item_category):
    # Twenty stays elsewhere for pneumonia with their culture, forty for a cold; two of P0 for pneumonia without.
    world = among_peers("hospital")
    peers = providers_but_the_first()
    cases = [(f"L{provider}", provider, "drg ES25", "J18.900", ("CULTURE",)) for provider in peers]
    cases += [(f"C{provider}-{n}", provider, "drg EV25", "J06.900", ()) for provider in peers for n in range(2)]
    cases += [(f"U{number}", "P0", "drg ES25", "J18.900", ()) for number in range(2)]
    return with_illnesses(world, cases, item_category=item_category)


def with_illnesses(world, cases, *, item_category="laboratory"):
    """Add stays: name, provider, group with its system, main illness and the tests of it, 20.00 each."""
    for system in sorted({group.split()[0] for _, _, group, _, _ in cases}):
        for code, weight in (("ES25", 0.8), ("EV25", 0.4)):
            world.add("ref_drg_groups", system=system, version="2026", group_code=code, weight=weight)
    for name, provider, group, illness, tests in cases:
        lines = [("2026-03-05", test, 1, 20, {"charge_category": item_category}) for test in tests]
        lines = [("2026-03-05", "BED", 1, 100), *lines]
        world.stay(name, "2026-03-05", "2026-03-07", lines=lines, person_id=name, provider_id=provider)
        system, code = group.split()
        world.add("drg_assignments", settlement_id=name, system=system, group_code=code, weight=None)
        world.add("diagnoses", settlement_id=name, sequence_number=1, diagnosis_code=illness)
    return world


@pytest.mark.parametrize(
    ("category", "said"),
    [
        pytest.param("laboratory", {("provider", "P0"): (10000, 2)}, id="half of the group of an illness untested"),
        pytest.param("treatment", {}, id="what is done for it differs with its stage"),
    ],
)
def test_a_dearer_main_illness(found, category, said):
    assert found(main_illnesses(item_category=category), RULE)[0] == said


@pytest.mark.parametrize(
    ("tested", "provider", "item", "said"),
    [
        pytest.param("2026-02-03", "P7", "CULTURE", {}, id="thirty days before, elsewhere"),
        pytest.param("2026-02-02", "P0", "CULTURE", {("provider", "P0"): (10000, 2)}, id="longer ago"),
        pytest.param("2026-03-01", "P0", "OTHER", {("provider", "P0"): (10000, 2)}, id="another test"),
    ],
)
def test_an_illness_tested_before_admission_needs_no_second_test(found, tested, provider, item, said):
    world = main_illnesses(item_category="laboratory")
    for number in range(2):
        line = (tested, item, 1, 20, {"charge_category": "laboratory"})
        world.bill(f"B{number}", lines=[line], person_id=f"U{number}", provider_id=provider)
    assert found(world, RULE)[0] == said


def test_complications_are_not_lost_among_illnesses_that_others_often_leave_untested(found):
    # One in eleven stays for pneumonia elsewhere has no culture: of P0's thirty-three some three would be expected,
    # and it has none. Nobody else leaves a complication without care; P0 does twice.
    peers = providers_but_the_first()
    cases = [(f"L{p}", p, "drg ES25", "J18.900", ("CULTURE",)) for p in peers]
    cases += [(f"B{p}", p, "drg ES25", "J18.900", ()) for p in peers[:2]]
    cases += [(f"O{n}", "P0", "drg ES25", "J18.900", ("CULTURE",)) for n in range(33)]
    cases += [(f"C{p}-{n}", p, "drg EV25", "J06.900", ()) for p in peers for n in range(4)]
    assert found(with_illnesses(stays(2), cases), RULE)[0] == {("provider", "P0"): (10000, 2)}


def test_what_an_illness_is_tested_for_does_not_hang_on_who_pays(found):
    # Where points pay, 17 of 20 stays elsewhere have the antibody: too few to be usual. With those of the other system
    # 57 of 60 have it, and the two of P0, who have nothing else, were tested.
    peers = providers_but_the_first()
    both = ("CULTURE", "ANTIBODY")
    cases = [(f"L{p}-{n}", p, "drg ES25", "J18.900", both) for p in peers[:10] for n in range(4)]
    cases += [
        (f"L{p}-{n}", p, "dip ES25", "J18.900", both if n or turn >= 3 else both[:1])
        for turn, p in enumerate(peers[10:])
        for n in range(2)
    ]
    cases += [(f"C{p}-{n}", p, f"{s} EV25", "J06.900", ()) for p in peers for n in range(2) for s in ("drg", "dip")]
    cases = [(f"{name}-{group[:3]}", *rest, group, illness, tests) for name, *rest, group, illness, tests in cases]
    cases += [(f"U{n}", "P0", "dip ES25", "J18.900", ("ANTIBODY",)) for n in range(2)]
    assert found(with_illnesses(among_peers("hospital"), cases), RULE)[0] == {}
