"""Rules whose anchor a month lacks do not run; all others do."""

import pytest

from features.engine import DuckDBEngine
from fraud.rules import run as running
from fraud.rules import run_rules
from fraud.rules.catalogue import find_rule, library_rules
from fraud.rules.executors.indicator.ratio import RatioBeyond
from tests.rules.examples import EXAMPLES
from tests.support.claims import make_store

ANCHORED = [rule.code for rule in library_rules() if hasattr(rule.executor, "anchor")]


@pytest.fixture
def ran(monkeypatch):
    """Codes of the rules whose statements ran."""
    codes, create = [], running.create_hits

    def told(engine, rule, *rest):
        codes.append(rule.code)
        create(engine, rule, *rest)

    monkeypatch.setattr(running, "create_hits", told)
    return codes


@pytest.mark.parametrize(
    ("world", "expected"),
    [("too_often", ["too_often", "duplicate_line"]), ("duplicate_line", ["duplicate_line"])],
)
def test_a_rule_runs_where_the_month_bills_an_item_with_its_limit(tmp_path, ran, world, expected):
    example = EXAMPLES[world]["hit"]
    store = make_store(tmp_path, example.world.tables())
    rules = [find_rule(code) for code in ("too_often", "practitioner_day", "duplicate_line")]
    with DuckDBEngine(threads=1) as engine:
        run = run_rules(store, engine, example.month, rules=rules)
    assert [code for code in ran if code not in {one.code for one in run.not_checked}] == expected
    assert set(run.findings.findings["code"]) == {world}


def test_where_anchors_fail_every_rule_runs(tmp_path, ran, monkeypatch):
    def fails(*_):
        raise ValueError

    monkeypatch.setattr(running, "without_anchor", fails)
    example = EXAMPLES["too_often"]["hit"]
    store = make_store(tmp_path, example.world.tables())
    rules = [find_rule(code) for code in ("too_often", "duplicate_line")]
    with DuckDBEngine(threads=1) as engine:
        run_rules(store, engine, example.month, rules=rules)
    assert ran == ["too_often", "duplicate_line"]


def test_ratios_and_limits_of_items_have_anchors():
    ratios = {rule.code for rule in library_rules() if isinstance(rule.executor, RatioBeyond)}
    assert ratios <= set(ANCHORED)
    assert {"units_per_day", "too_often", "practitioner_day", "drug_course"} <= set(ANCHORED)
