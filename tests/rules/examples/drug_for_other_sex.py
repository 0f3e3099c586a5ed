"""A man with an item for women, a woman with it, and a man of whom all else says that he is a woman."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PATIENT, PROVIDER, one_line


def item(gender, *, earlier="I2"):
    person = {"gender": gender, "birth_date": "1980-01-01"}
    world = one_line(line=DRUG, item={"gender_limit": "female", "is_cross_sex_allowed": False}, person=person)
    world.add("ref_items", item_code="I3", item_name="丙", gender_limit="female")
    return world.bill("S0", provider_id="P2", lines=[("2026-02-05 10:00:00", earlier, 1, 20)])


EXAMPLES = {
    "hit": Example(item("male"), frozenset({PROVIDER, PATIENT})),
    "near_miss": Example(item("female")),
    "innocent_twin": Example(item("male", earlier="I3")),
}
