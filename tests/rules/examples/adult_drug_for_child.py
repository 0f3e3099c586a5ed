"""An item from 18 on the day before the birthday, on it, and for one whose date of birth is a slip."""

from tests.rules.example import Example
from tests.rules.one_line import DRUG, PATIENT, PROVIDER, one_line


def item(birth_date, category="student"):
    person = {"gender": "male", "birth_date": birth_date, "person_category": category}
    return one_line(line=DRUG, item={"min_age_years": 18}, person=person)


EXAMPLES = {
    "hit": Example(item("2008-03-06"), frozenset({PROVIDER, PATIENT})),
    "near_miss": Example(item("2008-03-05")),
    "innocent_twin": Example(item("2019-03-05", "retired")),
}
