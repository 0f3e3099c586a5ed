"""An item for children up to 14 on the 15th birthday, the day before it, and for a mother's newborn."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PATIENT, PROVIDER, one_line


def item(birth_date, *, is_mother=False):
    person = {"gender": "female", "birth_date": birth_date, "person_category": "other"}
    world = one_line(line=DRUG, item={"max_age_years": 14}, person=person)
    if is_mother:
        world.stay("S0", "2026-02-20", "2026-02-24", encounter_type="maternity", lines=[("2026-02-20", "BED", 1, 50)])
    return world


# 15 years old on 5 March 2026.
EXAMPLES = {
    "hit": Example(item("2011-03-05"), frozenset({PROVIDER, PATIENT})),
    "near_miss": Example(item("2011-03-06")),
    "innocent_twin": Example(item("1995-06-01", is_mother=True)),
}
