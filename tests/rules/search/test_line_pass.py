"""All rules of one line look in one pass; what one of them meets, it meets alone."""

from dataclasses import replace

import pytest

from features.engine import DuckDBEngine
from fraud.rules import find_rule, library_rules, run_rules
from fraud.rules.executors.any_family.line import Line
from fraud.rules.search import line_pass as passing
from fraud.rules.search.line_pass import in_one_pass
from tests.rules.examples import EXAMPLES
from tests.rules.many import together
from tests.support.claims import make_store

CODES = ("units_beyond_line", "work_injury_drug", "prescriber_without_right")
# Fails on the row of a store that holds it, and on no empty one.
FAILING = "cast(l.item_name as date) is null"


def run(store, *rules, month="2026-03"):
    with DuckDBEngine(threads=1) as engine:
        return run_rules(store, engine, month, rules=rules)


@pytest.fixture
def store(tmp_path):
    return make_store(tmp_path, together({code: EXAMPLES[code]["hit"].world.tables() for code in CODES}))


def test_what_one_pass_finds_is_what_each_finds_alone(store):
    rules = [find_rule(code) for code in CODES]
    together_found = run(store, *rules).findings.findings
    alone = [run(store, rule).findings.findings for rule in rules]
    assert sorted(together_found["finding_id"]) == sorted(each for found in alone for each in found["finding_id"])
    assert set(together_found["code"]) == set(CODES)


def test_a_predicate_that_fails_names_its_rule_and_hides_no_other(store):
    sound = [find_rule(code) for code in CODES]
    fails = replace(
        sound[0], code="broken", executor=Line(when=FAILING), parameters=(), exemptions=(), no_exemptions="A test."
    )
    both = run(store, fails, *sound)
    assert [(each.code, each.why) for each in both.failed] == [("broken", "Conversion Error")]
    assert both.findings.findings.equals(run(store, *sound).findings.findings)


def test_an_exemption_that_fails_names_its_rule_and_hides_no_other(store):
    sound = [find_rule(code) for code in CODES]
    (exemption, *_) = [each for each in sound[0].exemptions if each.sql]
    fails = replace(sound[0], code="broken", exemptions=(replace(exemption, sql=FAILING, needs=()),))
    both = run(store, fails, *sound)
    assert [each.code for each in both.failed] == ["broken"]
    assert both.findings.findings.equals(run(store, *sound).findings.findings)


def test_where_nothing_is_singled_out_no_exemption_is_asked(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(passing.LinePass, "create_hits", lambda _, code: asked.append(code))
    run(make_store(tmp_path, {}), *in_one_pass(library_rules()), month="2026-01")
    assert asked == []
