"""What the identity number tells against the register: the register is wrong, nobody's card was lent."""

import pytest

from tests.rules.one_line import DRUG, one_line

MAN = {"birth_date": "1980-01-01", "gender": "male"}
SERVICE_FOR_WOMEN, DRUG_FOR_WOMEN = ({}, {"gender_limit": "female"}), (DRUG, {"gender_limit": "female"})
DRUG_FOR_CHILDREN = (DRUG, {"max_age_years": 14})


@pytest.mark.parametrize(
    ("code", "line_and_item", "told", "is_found"),
    [
        ("service_for_other_sex", SERVICE_FOR_WOMEN, {"id_gender": "male"}, True),
        ("service_for_other_sex", SERVICE_FOR_WOMEN, {"id_gender": "female"}, False),
        ("drug_for_other_sex", DRUG_FOR_WOMEN, {"id_gender": None}, True),
        ("drug_for_other_sex", DRUG_FOR_WOMEN, {"id_gender": "female"}, False),
        ("child_drug_for_adult", DRUG_FOR_CHILDREN, {"id_birth_date": "1980-01-01"}, True),
        ("child_drug_for_adult", DRUG_FOR_CHILDREN, {"id_birth_date": "2010-01-01"}, False),
    ],
)
def test_a_register_that_the_identity_number_contradicts(found, code, line_and_item, told, is_found):
    line, item = line_and_item
    world = one_line(line=line, item=item, person=MAN | told)
    assert (("patient", "A") in found(world, code)[0]) is is_found


@pytest.mark.parametrize(("id_gender", "is_found"), [("male", True), ("female", False)])
@pytest.mark.parametrize("code", ["Z34.900", "O80.900"])
def test_care_of_a_pregnancy_on_a_mans_card(found, code, id_gender, is_found):
    world = one_line(person=MAN | {"id_gender": id_gender})
    world.add("diagnoses", settlement_id="S1", sequence_number=1, diagnosis_code=code)
    assert (("patient", "A") in found(world, "diagnosis_for_other_sex")[0]) is is_found
