"""No finding rests on dates that cannot both be true: what `check` counts as broken is unknown to rules."""

import inspect
import re

import pytest

from features.claims.contract import TABLES
from features.claims.quality.orders import ORDERS, sound
from features.claims.quality.relations import RELATIONS
from features.engine import DuckDBEngine
from fraud.rules.executors import EXECUTORS
from tests.rules.examples.service_after_death import after_death
from tests.rules.world import World

DEATH, DURING, OVERLAP = "service_after_death", "claim_during_stay", "overlapping_stays"


def born_after_death():
    world = after_death("2026-03-14")
    world.more["persons"][0] |= {"birth_date": "2026-03-11"}
    return world


def purchase_while_discharged_before_admission():
    world = World().stay("S1", "2026-03-09", "2026-03-02", lines=[("2026-03-02", "BED", 1, 500)])
    return world.bill("S2", provider_id="P2", encounter_type="pharmacy", lines=[("2026-03-05 10:00:00", "M1", 1, 50)])


def overlap_with_a_stay_that_ends_before_it_starts():
    world = World().stay("S1", "2026-03-09", "2026-03-01", lines=[("2026-03-01", "BED", 1, 500)])
    return world.stay("S2", "2026-03-01", "2026-03-15", provider_id="P2", lines=[("2026-03-15", "BED", 1, 1000)])


@pytest.mark.parametrize(
    ("code", "world"),
    [
        (DEATH, born_after_death()),
        (DURING, purchase_while_discharged_before_admission()),
        (OVERLAP, overlap_with_a_stay_that_ends_before_it_starts()),
    ],
)
def test_a_rule_says_nothing_where_its_facts_break_an_order(found, code, world):
    said, result = found(world, code)
    assert (said, result.not_checked) == ({}, ())


def test_the_same_claims_are_found_where_the_dates_are_in_order(found):
    world = after_death("2026-03-14")
    assert ("patient", "A") in found(world, DEATH)[0]


def test_nobody_is_dead_by_a_stand_in_and_who_is_dead_is_found(found):
    deaths = ["0000-00-00 00:00:00", "1900-01-01", "9999-12-31", "1899-12-30", None, "2026-03-01"]
    world = World()
    for n in range(len(deaths)):
        world.bill(f"S{n}", person_id=f"A{n}", lines=[("2026-03-14 10:00:00", "I1", 1, 100)], fund=70)
        world.add("persons", person_id=f"A{n}", birth_date="1941-02-02", death_date=None)
    tables = world.tables()
    tables["persons"]["death_date"] = deaths
    # one line of 100.00 of the person that died on 1 March
    assert found(tables, DEATH)[0] == {("provider", "P1"): (10000, 1), ("patient", "A5"): (10000, 1)}


def test_executors_read_no_order_that_may_be_broken():
    # Exemptions may read stored tables: what is unknown there leaves nobody in peace that it should not.
    ordered = "|".join(sorted({order.table for order in ORDERS}))
    for kind, executor in EXECUTORS.items():
        told = inspect.getsource(executor)
        assert re.findall(rf"\b(?:from|join) (?:{ordered})\b", told) == [], kind


def test_every_order_is_a_relation_of_check_and_columns_of_the_contract():
    meanings = {relation.meaning for relation in RELATIONS}
    for order in ORDERS:
        assert order.meaning in meanings
        assert {order.first, order.last} <= set(TABLES[order.table].by_name)


def test_a_broken_order_makes_both_dates_unknown():
    days = "(date '2000-01-01', date '1999-01-01'), (date '1960-01-01', date '2020-01-01')"
    shown = ", ".join(sound("persons", column, "p") for column in ("birth_date", "death_date"))
    sql = f"select {shown} from (values {days}) p(birth_date, death_date)"
    with DuckDBEngine() as engine:
        assert [row[0] is None and row[1] is None for row in engine.rows(sql)] == [
            True,
            False,
        ]
