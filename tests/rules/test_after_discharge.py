"""Care dated on several days after the discharge is in question; what was entered late in one sitting is not."""

import pytest

from tests.rules.world import World

CODE = "service_after_discharge"
NEEDLE = {"charge_category": "treatment", "item_name": "普通针刺"}
BLOOD = {"charge_category": "laboratory", "item_name": "肝功能组合"}
SCAN = {"charge_category": "examination", "item_name": "彩色多普勒超声"}
TISSUE = {"charge_category": "examination", "item_name": "活检组织病理诊断"}


def stay(*later):
    """Return a stay of 10 to 20 March with lines of 100.00 each on days of March after it."""
    lines = [("2026-03-10", "BED", 1, 900)]
    lines += [(f"2026-03-{day} 15:00:00", f"I{n}", 1, 100, line) for n, (day, line) in enumerate(later)]
    return World().stay("S1", "2026-03-10", "2026-03-20", lines=lines)


@pytest.mark.parametrize(
    ("later", "named"),
    [
        # Forgotten and entered the next day, all at once.
        ([(21, NEEDLE), (21, SCAN), (21, BLOOD)], 0),
        # On two days: who forgot enters it in one sitting.
        ([(21, NEEDLE), (22, NEEDLE)], 2),
        ([(21, NEEDLE), (22, SCAN), (22, BLOOD)], 3),
        # A test of the same bill is no better than the rest of it, one alone may be a late result.
        ([(21, BLOOD), (23, NEEDLE)], 2),
        ([(21, BLOOD), (23, BLOOD)], 0),
        ([(21, BLOOD), (31, BLOOD)], 1),
        # Ultrasound needs the patient, tissue has been taken.
        ([(25, SCAN)], 1),
        ([(21, TISSUE), (25, TISSUE)], 0),
    ],
)
def test_who_went_home_is_not_treated_day_after_day(found, later, named):
    said = found(stay(*later), CODE)[0]
    assert said == ({("provider", "P1"): (10000 * named, named)} if named else {})
