"""Findings echo the edition in force on the day and how much of it is in use; others stay as they are."""

from dataclasses import replace

import pytest

from features.engine import DuckDBEngine
from fraud.rules import find_rule, run_rules
from tests.rules.examples.duplicate_line import duplicate
from tests.rules.examples.practitioner_day import long_day
from tests.support.claims import make_store

MINUTES = {"limited_columns": "ref_items.standard_minutes", "kind": "knowledge_points"}
COUNTS = {"n_points": 1_200, "n_points_used": 1_100, "n_points_not_covered": 60, "n_points_refused": 40, "n_items": 9}
TOLD = "；依据版本 (edition)：第一批（工时：公布1,200条，采用1,100条） (published rows in use: 1,100 of 1,200)"


def edition(world, name="第一批", topic="工时", **columns):
    return world.add("ref_editions", edition=name, topic=topic, **(COUNTS | MINUTES | columns))


def basis_of(tmp_path, world, rule):
    store = make_store(tmp_path, world.tables())
    with DuckDBEngine(threads=1) as engine:
        run = run_rules(store, engine, "2026-03", rules=(rule,))
    assert run.failed == ()
    return {basis.removeprefix(rule.basis) for basis in run.findings.findings["basis"]}


@pytest.mark.parametrize(
    ("editions", "told"),
    [
        ("第一批", TOLD),
        ("另一批|第一批", TOLD),
        ("第二批", ""),  # of another column
        (None, ""),
    ],
)
def test_a_finding_names_the_editions_of_its_limit(tmp_path, editions, told):
    world = edition(edition(long_day(25)), "第二批", limited_columns="ref_items.gender_limit")
    for item in world.more["ref_items"]:
        item["editions"] = editions
    assert basis_of(tmp_path, world, find_rule("practitioner_day")) == {told}


def test_pairs_name_theirs(tmp_path):
    world = edition(duplicate(), "NCCI PTP 2026Q1", "PTP", limited_columns="ref_item_pairs.excluded_item_code")
    pair = {"item_code": "I0", "excluded_item_code": "I1", "scope": "same_day", "edition": "NCCI PTP 2026Q1"}
    world.add("ref_item_pairs", **pair, valid_from_date="2026-01-01", valid_to_date=None)
    rule = find_rule("duplicate_line")
    (told,) = basis_of(tmp_path, world, replace(rule, needs=(*rule.needs, "ref_item_pairs")))
    assert "NCCI PTP 2026Q1" in told


def test_without_editions_nothing_is_added(tmp_path):
    assert basis_of(tmp_path, long_day(25), find_rule("practitioner_day")) == {""}
