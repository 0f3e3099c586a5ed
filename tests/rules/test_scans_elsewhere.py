"""A scan again at another hospital: for another illness, and before an admission, results need not be recognised."""

import pytest

from tests.rules.examples.imaging_repeated_elsewhere import scanned

CODE = "imaging_repeated_elsewhere"


def diagnosed(first, second):
    world = scanned(5)
    for settlement, codes in (("S1", first), ("S2", second)):
        for number, code in enumerate(codes.split()):
            world.add("diagnoses", settlement_id=settlement, sequence_number=number + 1, diagnosis_code=code)
    return world


@pytest.mark.parametrize(
    ("first", "second", "is_found"),
    [
        ("J18.900", "M54.500", False),
        ("J18.900", "J18.000", True),  # of one category
        ("L30.900 J18.900", "J18.900", True),
        ("J18.900", "", True),  # nothing says that it was for something else
    ],
)
def test_a_scan_for_another_illness_repeats_nothing(found, first, second, is_found):
    assert bool(found(diagnosed(first, second), CODE)[0]) == is_found


@pytest.mark.parametrize(("admitted", "provider", "is_found"), [(12, "P2", False), (13, "P2", True), (6, "P3", True)])
def test_a_scan_before_an_admission_there_prepares_it(found, admitted, provider, is_found):
    world = scanned(5)
    day = f"2026-03-{admitted:02d}"
    world.stay("S3", day, "2026-03-20", lines=[(day, "BED", 1, 50)], provider_id=provider)
    assert bool(found(world, CODE)[0]) == is_found
