"""What every rule must do, run on all of ours and on a payer's; the examples are in tests/rules/examples/."""

import re

import pandas as pd
import pytest

from features.claims.contract import TABLES
from features.engine import DuckDBEngine
from fraud.rules import library_rules, run_rules
from fraud.rules.catalogue import LIBRARY, checked
from fraud.rules.load import load_rule
from fraud.rules.trial import try_out
from tests.rules.example import KINDS
from tests.rules.examples import EXAMPLES
from tests.rules.many import together
from tests.rules.payer import rule_text
from tests.rules.world import reversed_tables
from tests.support.claims import make_store

RULES = checked([*library_rules(), load_rule(rule_text(), "rules/long_working_day.toml")])
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def run(path, tables, rules, month, threads=1):
    store = make_store(path, tables)
    with DuckDBEngine(threads=threads) as engine:
        return run_rules(store, engine, month, rules=rules)


@pytest.fixture(scope="module")
def hit_of(tmp_path_factory):
    """Return a function: rule -> what it says of its hit, looked at once for all tests."""
    seen = {}

    def found(rule):
        if rule.code not in seen:
            hit = EXAMPLES[rule.code]["hit"]
            seen[rule.code] = run(tmp_path_factory.mktemp(rule.code), hit.world.tables(), (rule,), hit.month)
        return seen[rule.code]

    return found


@pytest.fixture(scope="module")
def hits():
    """The hits of all rules, by month: contract-form frames in which nobody is in two examples."""
    months = sorted({EXAMPLES[rule.code]["hit"].month for rule in RULES})
    return {
        month: together({c: e["hit"].world.tables() for c, e in EXAMPLES.items() if e["hit"].month == month})
        for month in months
    }


def said(result):
    columns = ["subject_type", "subject_id", "exposure_amount", "fund_exposure_amount", "n_lines"]
    return frozenset(result.findings.findings[columns].itertuples(index=False, name=None))


def test_every_rule_has_its_examples_and_codes_are_unique():
    assert [rule.code for rule in RULES] == list(EXAMPLES)
    assert all(tuple(examples) == KINDS for examples in EXAMPLES.values())


def test_our_files_are_named_after_family_and_code():
    assert [f"{rule.family}/{rule.code}" for rule in library_rules()] == list(LIBRARY)


def test_the_engine_can_run_every_rule_on_empty_tables():
    try_out(RULES)


@each_rule
def test_a_hit_is_found(hit_of, rule):
    assert hit_of(rule).not_checked == ()
    assert said(hit_of(rule)) == EXAMPLES[rule.code]["hit"].expected


@each_rule
@pytest.mark.parametrize("kind", KINDS[1:])
def test_its_look_alikes_are_left_in_peace(tmp_path, rule, kind):
    example = EXAMPLES[rule.code][kind]
    result = run(tmp_path, example.world.tables(), (rule,), example.month)
    assert result.not_checked == ()
    assert said(result) == example.expected


@each_rule
def test_findings_say_why_in_both_languages_and_their_lines_add_up(hit_of, rule):
    found = hit_of(rule).findings
    assert len(found.findings) == len(rule.reasons)
    for row in found.findings.itertuples():
        assert row.source == "rule"
        assert (row.code, row.version, row.scheme_code) == (rule.code, rule.version, rule.scheme_code)
        assert row.basis == rule.basis
        assert "{" not in row.reason_en + row.reason_zh
        assert re.search("[一-鿿]", row.reason_zh)
        assert not re.search("[一-鿿]", row.reason_en)
        assert f"{row.exposure_amount // 100:,}.{row.exposure_amount % 100:02d}" in row.reason_en
        lines = found.lines[found.lines["finding_id"] == row.finding_id]
        violating = lines[lines["role"] == "violating"]
        assert violating["exposure_amount"].sum() == row.exposure_amount
        assert len(violating) == row.n_lines
        assert violating["line_number"].notna().all()
        assert lines.loc[lines["role"] == "involved", "exposure_amount"].eq(0).all()
        assert lines["row_hash"].str.fullmatch("[0-9a-f]{64}").all()


def test_row_order_and_threads_change_nothing(tmp_path, hits):
    for month, tables in hits.items():
        shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in tables.items()}
        one = run(tmp_path / f"{month} one", tables, RULES, month).findings
        two = run(tmp_path / f"{month} two", shuffled, RULES, month, threads=2).findings
        # Each rule still finds its own among all the others'.
        expected = {
            code for code, each in EXAMPLES.items() if each["hit"].month == month and each["hit"].is_found_among_others
        }
        assert expected <= set(one.findings["code"])
        pd.testing.assert_frame_equal(one.findings, two.findings)
        pd.testing.assert_frame_equal(one.lines, two.lines)


def test_reversed_settlements_violate_nothing(tmp_path, hits):
    for month, tables in hits.items():
        assert said(run(tmp_path / month, reversed_tables(tables), RULES, month)) == frozenset()


@each_rule
def test_a_rule_whose_columns_are_absent_is_not_checked(tmp_path, monkeypatch, rule):
    store = make_store(tmp_path, {})
    # A required column can be known to be a stand-in, and not be absent.
    always = {"settlements", "claim_lines", *(f"settlements.{column}" for column in TABLES["settlements"].required)}
    for need in set(rule.needs) - always:
        lacking = tuple(need.split("."))
        monkeypatch.setattr(type(store), "has", lambda _, *asked, lacking=lacking: asked != lacking)
        with DuckDBEngine(threads=1) as engine:
            result = run_rules(store, engine, "2026-01", rules=(rule,))
        assert len(result.findings) == 0
        assert [(entry.code, entry.missing) for entry in result.not_checked] == [(rule.code, (need,))]


@each_rule
def test_a_rule_with_an_unchecked_exemption_calls_nothing_definite(hit_of, rule):
    result = hit_of(rule)
    needs = {need for exemption in rule.exemptions for need in exemption.needs}
    wanted = "suspicious" if result.unchecked_exemptions else rule.result_type
    assert set(result.findings.findings["result_type"]) == {wanted}
    assert {need for entry in result.unchecked_exemptions for need in entry.missing} <= needs
