"""Tables live from the statement that makes them to the last that reads them."""

import re

import pytest

from features.catalogue import families
from features.declare import Table
from features.engine import DuckDBDialect, DuckDBEngine
from features.subjects import SUBJECTS
from features.tables import profile_tables
from features.tables.schedule import schedule
from features.vocabulary.entities import PROFILED

RELATIONS = [f"{SUBJECTS[entity]} {family.relation}" for entity in PROFILED for family in families(entity)]


def _reads(sql: str, names: set[str]) -> set[str]:
    return {name for name in names if re.search(rf"\b(from|join)\s+{name}\b", sql)}


def test_every_query_finds_its_tables_and_every_table_goes_after_its_last_reader():
    steps = schedule(profile_tables(DuckDBDialect(), ["2026-01"]), RELATIONS)
    names = {step.table.name for step in steps}
    there: set[str] = set()
    run: list[int] = []
    for step in steps:
        assert _reads(step.table.sql, names) <= there
        there.add(step.table.name)
        for query in step.queries:
            assert _reads(RELATIONS[query], names) <= there
        run.extend(step.queries)
        assert set(step.finished) <= there
        there -= set(step.finished)
    assert sorted(run) == list(range(len(RELATIONS)))
    assert not there


def test_no_theme_waits_for_the_next():
    steps = schedule(profile_tables(DuckDBDialect(), ["2026-01"]), RELATIONS)
    at = {step.table.name: number for number, step in enumerate(steps)}
    gone = {name: number for number, step in enumerate(steps) for name in step.finished}
    assert gone["cost_cells"] == at["expected_amounts"]
    assert gone["box_sales"] < at["patient_origins"]
    assert gone["patient_origins"] < at["care_visits"]
    assert gone["care_visits"] < at["counter_sales"]
    assert gone["counter_sales"] < at["work"]


@pytest.mark.parametrize(
    ("queries", "expected"),
    [
        ([], [((), ()), ((), ("a", "b"))]),
        (["select 1"], [((0,), ()), ((), ("a", "b"))]),
        (["select * from b join a", "select * from a"], [((1,), ()), ((0,), ("a", "b"))]),
        (["select * from ab"], [((0,), ()), ((), ("a", "b"))]),
    ],
)
def test_what_a_statement_names_decides(queries, expected):
    tables = [Table("a", "One row.", "select 1 as x"), Table("b", "One row.", "select x from a")]
    assert [(step.queries, step.finished) for step in schedule(tables, queries)] == expected


def test_giving_memory_back_changes_nothing_else():
    with DuckDBEngine(threads=2) as engine:
        engine.create_table("t", "select i from range(1000) r(i)")
        engine.release()
        assert engine.rows("select current_setting('threads'), (select sum(i) from t)") == [(2, 499_500)]
