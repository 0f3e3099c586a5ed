"""A child's item on its mother's insurance follows her stay; visits before the birth are no birth."""

import pytest

from tests.rules.one_line import DRUG, one_line


@pytest.mark.parametrize(("code", "line"), [("child_drug_for_adult", DRUG), ("child_service_for_adult", {})])
@pytest.mark.parametrize(("discharged", "is_found"), [("2026-02-24", False), ("2026-02-20", True)])
def test_only_a_stay_is_a_birth(found, code, line, discharged, is_found):
    mother = {"gender": "female", "birth_date": "1995-06-01", "person_category": "other"}
    world = one_line(line={"item_type": "service"} | line, item={"max_age_years": 14}, person=mother)
    day = "2026-02-20"
    world.bill("S0", encounter_type="maternity", service_end_date=discharged, lines=[(day, "CHECK", 1, 50)])
    assert bool(found(world, code)[0]) == is_found
