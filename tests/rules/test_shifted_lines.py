"""What was had before makes a refill only where it was had outside of a stay."""

import pytest

from tests.rules.examples.shifted_lines import infusion

SHIFTED = {("provider", "P1"): (5000, 1), ("patient", "A"): (5000, 1)}


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"encounter_type": "inpatient", "admit_time": "2026-02-01 09:00:00"}, SHIFTED),
        ({"encounter_type": "outpatient", "admit_time": None}, {}),
    ],
)
def test_an_earlier_stay_makes_no_refill(found, columns, said):
    lines = [("2026-02-01 10:00:00", "INFUSION", 1, 50, {"item_type": "western_drug"})]
    world = infusion("2026-03-08").bill("E", lines=lines, provider_id="P2", **columns)
    assert found(world, "shifted_lines")[0] == said


@pytest.mark.parametrize(("device", "said"), [("M1", {}), (None, SHIFTED)])
def test_what_a_session_on_a_machine_takes_belongs_to_it(found, device, said):
    world = infusion("2026-03-08")
    for line in world.lines:
        line["device_id"] = device if line["settlement_id"] == "X0" else "M2"
    assert found(world, "shifted_lines")[0] == said
