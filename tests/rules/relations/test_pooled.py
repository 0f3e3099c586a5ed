"""Pooled identifiers: one that does the work of many is left in peace, whatever it is called."""

import pytest

from features.engine import DuckDBEngine
from fraud.rules.relations.base import create_base
from fraud.rules.relations.pooled import create_pooled
from tests.rules.examples.practitioner_day import long_day
from tests.rules.world import World
from tests.support.claims import make_store


def works(*, lines, departments, registered):
    """Twenty-five registered doctors of one line each, and one identifier X."""
    world = World()
    for each in range(25):
        world.bill(f"S{each}", lines=[("2026-03-05", "VISIT", 1, 10, {"executor_id": f"D{each}"})])
        world.add("practitioners", practitioner_id=f"D{each}", licence_start_date="2010-01-01")
    for each in range(lines):
        work = {"executor_id": "X", "department_code": f"W{each % departments}"}
        world.bill(f"X{each}", lines=[("2026-03-05", "VISIT", 1, 10, work)])
    return world.add("practitioners", practitioner_id="X", licence_start_date="2010-01-01") if registered else world


@pytest.mark.parametrize(
    ("signs", "is_pooled"),
    [
        ({"lines": 6, "departments": 6, "registered": False}, True),  # everywhere, and nobody
        ({"lines": 6, "departments": 6, "registered": True}, False),
        ({"lines": 6, "departments": 2, "registered": False}, False),
        ({"lines": 1, "departments": 1, "registered": False}, False),
    ],
)
def test_two_signs_together_tell_a_pooled_identifier(tmp_path, signs, is_pooled):
    store = make_store(tmp_path, works(**signs).tables())
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine)
        create_base(engine)
        create_pooled(engine)
        sql = "select practitioner_id from pooled_practitioners join codes_practitioner using (practitioner_key)"
        assert [row[0] for row in engine.rows(sql)] == (["X"] if is_pooled else [])


def test_the_unknown_doctor_of_five_departments_has_no_impossible_day(found):
    world = long_day(26)
    world.more["practitioners"] = [{"practitioner_id": f"D{each}"} for each in range(2, 12)]
    for number, line in enumerate(world.lines):
        line["department_code"] = f"W{number % 5}"
    for each in range(2, 12):
        world.bill(f"Z{each}", lines=[("2026-03-05", "VISIT", 1, 10, {"executor_id": f"D{each}"})])
    assert found(world, "practitioner_day")[0] == {}
