"""Few small peers that happen to be alike do not hide how much providers differ."""

import pytest

from tests.rules.scans import sell, shops


@pytest.mark.parametrize(("apart", "said"), [(0, {("provider", "P0"): (9000, 9)}), (4, {})])
def test_peers_differ_no_less_than_providers_of_other_types_do(found, apart, said):
    """Of twenty clinics each leaves out a tenth; or half of them nothing, and the others three tenths."""
    world = shops(scanned=15, unscanned=9)
    for number in range(30, 50):
        world.add("providers", provider_id=f"P{number}", provider_type="clinic", specialty="general")
        left_out = 2 + apart * (1 if number % 2 else -1)
        for box in range(20):
            sell(world, f"P{number}", f"I{box}", box, (box - number) % 20 >= left_out)
    assert found(world, "drug_without_scan")[0] == said
