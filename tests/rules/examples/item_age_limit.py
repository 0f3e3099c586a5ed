"""A test up to 64 for a person of 65, of 64, and for one all of whose ages are wrong."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def item(birth_date, *, earlier="I2"):
    world = one_line(
        item={"max_age_years": 64, "min_age_years": 35}, person={"gender": "male", "birth_date": birth_date}
    )
    world.add("ref_items", item_code="I3", item_name="丙", max_age_years=60)
    return world.bill("S0", provider_id="P2", lines=[("2026-02-05 10:00:00", earlier, 1, 20)])


EXAMPLES = {
    "hit": Example(item("1961-03-05"), frozenset({PROVIDER})),
    "near_miss": Example(item("1961-03-06")),
    "innocent_twin": Example(item("1926-03-06", earlier="I3")),
}
