"""What every rule must do, run on all of ours and on a payer's; the examples are in tests/rules/examples/."""

import re
from contextlib import ExitStack
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from features.claims.contract import TABLES
from features.engine import DuckDBEngine
from fraud.findings import Findings
from fraud.rules import library_rules, run_rules
from fraud.rules.catalogue import LIBRARY, checked
from fraud.rules.catalogue.load import load_rule
from fraud.rules.relations.base import LINE_COLUMNS, create_base
from fraud.rules.search.hits import create_hits
from fraud.rules.search.trial import try_out
from tests.rules.example import KINDS
from tests.rules.examples import EXAMPLES
from tests.rules.many import together
from tests.rules.payer import rule_text
from tests.rules.world import reversed_tables
from tests.support.claims import make_store

RULES = checked([*library_rules(), load_rule(rule_text(), "rules/long_working_day.toml")])
MONTHS = sorted({examples["hit"].month for examples in EXAMPLES.values()})
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def run(path, tables, rules, month, threads=1):
    store = make_store(path, tables)
    with DuckDBEngine(threads=threads) as engine:
        return run_rules(store, engine, month, rules=rules)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Return a function: month and kind -> the run of that month's rules on all examples of the kind in one store.

    Nobody is in two examples. Where peers decide, the others are peers too: such near misses and twins are left out.
    """
    runs = {}

    def run_of(month, kind):
        if (month, kind) not in runs:
            rules = together_of(month, kind)
            path = tmp_path_factory.mktemp(f"{kind}-{month}")
            runs[month, kind] = run(path, all_examples(month, kind), rules, month)
        return runs[month, kind]

    return run_of


@pytest.fixture(scope="module")
def seen(tmp_path_factory, shared):
    """Return a function: rule and kind -> the run on that example, each example looked at once for all tests."""
    runs = {}

    def found(rule, kind):
        example = EXAMPLES[rule.code][kind]
        if not is_alone(rule, kind):
            return own_part(shared(example.month, kind), rule.code)
        if (rule.code, kind) not in runs:
            path = tmp_path_factory.mktemp(f"{rule.code}-{kind}")
            runs[rule.code, kind] = run(path, example.world.tables(), (rule,), example.month)
        return runs[rule.code, kind]

    return found


def is_alone(rule, kind):
    """A definite rule's hit stands alone too, so that what its own tables lack is lacking."""
    return not EXAMPLES[rule.code][kind].is_found_among_others or (kind == "hit" and rule.result_type == "definite")


def of_month(month):
    return [rule for rule in RULES if EXAMPLES[rule.code]["hit"].month == month]


def together_of(month, kind):
    return [rule for rule in of_month(month) if kind == "hit" or not is_alone(rule, kind)]


@cache
def all_examples(month, kind):
    """Contract-form frames of the examples of a month's rules, in which nobody is in two."""
    return together({rule.code: EXAMPLES[rule.code][kind].world.tables() for rule in together_of(month, kind)})


def own_part(result, code):
    """What a run on many examples says by one rule of the example of its own name."""
    findings = result.findings.findings
    is_own = (findings["code"] == code) & findings["subject_id"].str.startswith(f"{code}-")
    own = findings[is_own]
    own = own.assign(subject_id=own["subject_id"].str.removeprefix(f"{code}-"))
    lines = result.findings.lines[result.findings.lines["finding_id"].isin(own["finding_id"])]
    return replace(
        result,
        findings=Findings(own, lines),
        not_checked=tuple(each for each in result.not_checked if each.code == code),
        unchecked_exemptions=tuple(each for each in result.unchecked_exemptions if each.code == code),
        failed=tuple(each for each in result.failed if each.code == code),
    )


def said(result):
    columns = ["subject_type", "subject_id", "exposure_amount", "fund_exposure_amount", "n_lines"]
    return frozenset(result.findings.findings[columns].itertuples(index=False, name=None))


def test_every_rule_has_its_examples_and_codes_are_unique():
    assert [rule.code for rule in RULES] == list(EXAMPLES)
    assert all(tuple(examples) == KINDS for examples in EXAMPLES.values())
    # The runs on all examples take a rule's month from its hit.
    assert [code for code, examples in EXAMPLES.items() if len({each.month for each in examples.values()}) > 1] == []


@each_rule
def test_a_rule_says_what_it_rests_on_and_what_it_leaves_in_peace(rule):
    """Without source, exceptions considered and words of both languages there is no rule."""
    assert rule.source.strip()
    assert rule.basis.strip()
    assert rule.exemptions, "name the innocent look-alikes of the typology, those too that the executor leaves out"
    spoken = [rule.name, rule.says, rule.amount, *(each.text for each in (*rule.reasons, *rule.exemptions))]
    for text in spoken:
        assert re.search("[一-鿿]", text.zh), text
        assert not re.search("[一-鿿]", text.en), text
    # The stem says the tier and kind (policy 101-103, management 201-205, medicine 301-303), the last three its number.
    assert re.fullmatch(r"((GZ10000(10[1-3]|20[1-4]|30[1-3])|ZB10000205)\d{3})?", rule.official_code)


def test_an_official_code_is_taken_once():
    codes = [rule.official_code for rule in RULES if rule.official_code]
    assert len(codes) == len(set(codes))


def test_our_files_are_named_after_family_and_code():
    assert [f"{rule.family}/{rule.code}" for rule in library_rules()] == list(LIBRARY)


def test_the_engine_can_run_every_rule_on_empty_tables():
    try_out(RULES)


@each_rule
@pytest.mark.parametrize("kind", KINDS)
def test_a_hit_is_found_and_its_look_alikes_are_left_in_peace(seen, rule, kind):
    result = seen(rule, kind)
    assert (result.not_checked, result.failed) == ((), ())
    assert said(result) == EXAMPLES[rule.code][kind].expected


@each_rule
def test_findings_say_why_in_both_languages_and_their_lines_add_up(seen, rule):
    found = seen(rule, "hit").findings
    assert set(found.findings["subject_type"]) == {reason.subject for reason in rule.reasons}
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
        assert lines.loc[lines["role"] == "involved", "exposure_amount"].eq(0).all()
        assert lines["row_hash"].str.fullmatch("[0-9a-f]{64}").all()


@pytest.mark.parametrize("month", MONTHS)
def test_row_order_and_threads_change_nothing(tmp_path, shared, month):
    rules, one = of_month(month), shared(month, "hit").findings
    shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in all_examples(month, "hit").items()}
    two = run(tmp_path, shuffled, rules, month, threads=2).findings
    # Each rule still finds its own among all the others'.
    expected = {rule.code for rule in rules if EXAMPLES[rule.code]["hit"].is_found_among_others}
    assert expected <= set(one.findings["code"])
    pd.testing.assert_frame_equal(one.findings, two.findings)
    pd.testing.assert_frame_equal(one.lines, two.lines)


@pytest.fixture(scope="module")
def based(tmp_path_factory):
    """Return a function: name and frames -> an engine with the base over them, made once for each name."""
    engines = {}
    with ExitStack() as still_open:

        def engine_of(name, tables):
            if name not in engines:
                engine = engines[name] = still_open.enter_context(DuckDBEngine(threads=1))
                make_store(tmp_path_factory.mktemp(f"based-{name}"), tables()).attach(engine, held_rows=20_000)
                create_base(engine)
            return engines[name]

        yield engine_of


@each_rule
def test_pieces_find_what_the_whole_finds(based, rule):
    example = EXAMPLES[rule.code]["hit"]
    values = {each.name: each.default for each in rule.parameters}

    def hits(engine, pieces):
        create_hits(engine, rule, example.month, values, pieces)
        return engine.rows("select * from rule_hits order by all")

    engine = based(example.month, lambda: all_examples(example.month, "hit"))
    whole = hits(engine, 1)
    if not whole and not example.is_found_among_others:
        engine = based(rule.code, example.world.tables)
        whole = hits(engine, 1)
    assert whole
    # So many that rows which must stay together seldom do so by chance.
    assert hits(engine, 7) == whole
    assert set(rule.executor.together) <= set(LINE_COLUMNS)


@pytest.mark.parametrize("month", MONTHS)
def test_reversed_settlements_violate_nothing(tmp_path, month):
    assert said(run(tmp_path, reversed_tables(all_examples(month, "hit")), of_month(month), month)) == frozenset()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    with DuckDBEngine(threads=1) as engine:
        yield make_store(tmp_path_factory.mktemp("tiny"), {}), engine


@each_rule
def test_a_rule_whose_columns_are_absent_is_not_checked(tiny, monkeypatch, rule):
    store, engine = tiny
    # A required column can be known to be a stand-in, and not be absent.
    always = {"settlements", "claim_lines", *(f"settlements.{column}" for column in TABLES["settlements"].required)}
    for need in set(rule.needs) - always:
        lacking = tuple(need.split("."))
        monkeypatch.setattr(type(store), "has", lambda _, *asked, lacking=lacking: asked != lacking)
        result = run_rules(store, engine, "2026-01", rules=(rule,))
        assert len(result.findings) == 0
        assert [(entry.code, entry.missing) for entry in result.not_checked] == [(rule.code, (need,))]


@each_rule
def test_a_rule_with_an_unchecked_exemption_calls_nothing_definite(seen, rule):
    result = seen(rule, "hit")
    needs = {need for exemption in rule.exemptions for need in exemption.needs}
    wanted = "suspicious" if result.unchecked_exemptions else rule.result_type
    assert set(result.findings.findings["result_type"]) == {wanted}
    assert {need for entry in result.unchecked_exemptions for need in entry.missing} <= needs
