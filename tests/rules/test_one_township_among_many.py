"""A township's people are a wave where few come from other townships so far away in the same days."""

import pytest

from tests.rules.world import World

CODE = "origin_wave"


def crowd(*groups):
    """Return stays of 100.00 at P1 from (township, persons, first day, referral): one a day, its region's code first.

    P1 stands in region 420102.
    """
    world = World().add("providers", provider_id="P1", provider_type="hospital", region_code="420102")
    for township, persons, begins, referral in groups:
        for each in range(persons):
            name = f"{township}-{begins}-{each}"
            admitted, left = (f"2026-03-{begins + each % 7 + nights:02d}" for nights in (0, 4))
            lines = [(admitted, "BED", 1, 100)]
            world.stay(name, admitted, left, lines=lines, person_id=name, referral_id=referral)
            world.add("persons", person_id=name, township_code=township, home_region_code=township[:6])
    return world


def n_named(found, *groups):
    return len(found(crowd(*groups), CODE)[1].findings.lines["settlement_id"].unique())


@pytest.mark.parametrize(
    ("groups", "n"),
    [
        ([("420101001", 7, 2, None)], 7),
        # Seven of fourteen are half; two busloads name each other's townships, neither hides the other.
        ([("420101001", 7, 2, None), ("420103001", 5, 2, None), ("420103002", 2, 2, None)], 7),
        ([("420101001", 7, 2, None), ("420103001", 7, 2, None)], 14),
        # Seven of sixteen (and six of the next week's thirteen), seven of 35: who comes from everywhere nobody fetched.
        ([("420101001", 7, 2, None), ("420103001", 7, 2, None), ("420103002", 2, 2, None)], 0),
        ([(f"42010300{place}", 7, 2, None) for place in range(5)], 0),
    ],
)
def test_half_of_who_came_from_afar_are_of_the_township(found, groups, n):
    assert n_named(found, *groups) == n


@pytest.mark.parametrize(
    "others",
    [
        ("420102009", 20, 2, None),  # from around the hospital
        ("420103001", 20, 2, "REF1"),  # sent by their doctors
        ("420103001", 20, 12, None),  # a week later: their own wave
    ],
)
def test_neighbours_referred_patients_and_other_days_hide_no_wave(found, others):
    own = 20 if others[2] == 12 else 0
    assert n_named(found, ("420101001", 7, 2, None), others) == 7 + own
