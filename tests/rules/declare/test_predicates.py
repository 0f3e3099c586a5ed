"""Predicates come from outside: only what is listed gets through."""

import pytest

from features.engine import DuckDBEngine
from fraud.rules import library_rules
from fraud.rules.declare.predicates import parse_predicate

ALIASES = {"l": ("amount", "day", "site", "month"), "s": ("kind",)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("l.amount >= 7 AND NOT l.site IS NULL", True),
        ("l.site in ('left', 'it''s') or l.amount * 2 - 1 = 0", True),
        ("case when l.site like 'l%' then l.amount < 5 else true end", False),
        ("cast(l.day as date) between cast('2026-01-01' as date) and cast('2026-12-31' as date)", True),
        ("coalesce(l.amount, 0) > greatest(1, 2)\n  and length(s.kind) = 1", True),
        ("exists (select 1 from stay_leaves v where v.settlement_key = l.amount)", False),
        ("not exists ( SELECT 1 FROM practitioners t WHERE t.is_team_identifier and (l.amount = 7)) and true", True),
    ],
)
def test_what_is_allowed_means_what_it_says(text, value):
    sql = parse_predicate(text, ALIASES).sql
    rows = "(select 7 as amount, '2026-03-05' as day, 'left' as site, '2026-03' as month) l, (select 'x' as kind) s"
    with DuckDBEngine(threads=1) as engine:
        engine.execute("create table stay_leaves (settlement_key bigint)")
        engine.execute("create table practitioners (is_team_identifier boolean)")
        assert engine.rows(f"select ({sql}) from {rows}") == [(value,)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("l.amount", "it is no condition"),
        ("coalesce(l.amount, 0) + 1", "it is no condition"),
        ("l.amount > 0; drop table claim_lines", "'; drop table"),
        ("l.amount > 0 -- and", "'-- and'"),
        ("l.amount /* x */ > 0", r"'/\* x"),
        ("true) or (true", r"'\)' outside brackets"),
        ("l.amount > 0, true", "',' outside brackets"),
        ("(l.amount > 0", "a bracket is not closed"),
        ("exists (select 1 from stay_leaves v where true", "a bracket is not closed"),
        ("l.amount::text = '7'", "::text"),
        ("l.site[1] = 'l'", r"\[1\]"),
        ("$1 = 1", r"'\$1"),
        ("'open", "open"),
        ('"l".amount > 0', "may not stand there"),
        ("E'a' = 'a'", "e is not known"),
        ("amount > 0", "amount is not known; columns are written alias.column, of l, s"),
        ("l.amonut > 0", "column l.amonut is not there; did you mean amount"),
        ("x.amount > 0", "alias x is not known; known are l, s"),
        ("l.month('2026')", "column l.month is not there"),
        ("main.claim_lines.amount > 0", "alias main is not known"),
        ("getenv('HOME') = 'x'", "function getenv is not allowed"),
        ("read_csv('/etc/passwd') is null", "function read_csv is not allowed"),
        ("current_setting('home_directory') = 'x'", "function current_setting is not allowed"),
        ("(l.amount).getenv('HOME') = ''", r"\.getenv"),
        ("sum(l.amount) over () > 0", "function sum is not allowed"),
        ("cast(l.amount as varchar) = '7'", "as is not known"),
        ("(select 1) = 1", "select is not known"),
        ("l.amount in (select 1)", "select is not known"),
        ("exists (from read_csv('x'))", "exists: write it as"),
        ("exists (select 1 from read_csv('x') v where true)", "exists: write it as"),
        ("exists (select 1 from 'a.csv' v where true)", "exists: write it as"),
        ("exists (select 1 from stay_leaves v where true union select 1)", "union is not known"),
        ("exists (select 1 from stay_leaves v, labels w where true)", "exists: write it as"),
        ("exists (select 1 from duckdb_secrets v where true)", "table duckdb_secrets is none that it may read"),
        ("exists (select 1 from labels v where true)", "table labels is none that it may read"),
        ("exists (select 1 from stay_leaves l where true)", "alias l is taken"),
        ("exists (select 1 from stay_leaves v where true) and v.settlement_key = 1", "alias v is not known"),
    ],
)
def test_everything_else_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        parse_predicate(text, ALIASES)


def test_an_inner_alias_ends_with_its_bracket_and_may_be_used_again():
    one = "exists (select 1 from stay_leaves v where (v.settlement_key = l.amount))"
    predicate = parse_predicate(f"{one} or {one}", ALIASES)
    assert predicate.tables == {"stay_leaves"}
    assert predicate.sql.count("stay_leaves v") == 2


def test_our_own_rules_keep_to_the_same_list():
    texts = [(each.sql, rule) for rule in library_rules() for each in rule.exemptions if each.sql]
    assert len(texts) > 5
    for text, rule in texts:
        assert parse_predicate(text, rule.executor.aliases).sql


KEYS = {"l": ("item_key", "settlement_key", "amount"), "o": ("settlement_key",)}


@pytest.mark.parametrize(
    "where",
    [
        "v.settlement_key = l.settlement_key",
        "l.settlement_key = v.settlement_key and v.amount > 3",
        "(v.amount between 1 and 3 and (v.item_key = l.item_key))",
        "v.settlement_key in (l.settlement_key, o.settlement_key)",
    ],
)
def test_what_looks_into_claims_is_linked(where):
    assert parse_predicate(f"exists (select 1 from claim_lines v where {where})", KEYS).tables == {"claim_lines"}


@pytest.mark.parametrize(
    "where",
    [
        "true",
        "v.amount > l.amount",
        "v.item_key = l.item_key or true",
        "(v.item_key = l.item_key or true) and true",
        "not v.item_key = l.item_key",
        "v.item_key + 0 = l.item_key",
        "v.item_key = v.settlement_key",
        "v.amount between 1 and v.item_key = l.item_key",
        "case when v.amount = 1 and v.item_key = l.item_key and true then true else true end",
        "v.item_key in (l.item_key, v.item_key)",
        "v.item_key in (l.item_key, 3)",
    ],
)
def test_what_would_read_all_claims_for_each_is_refused(where):
    with pytest.raises(ValueError, match="exists over claim_lines: link it first"):
        parse_predicate(f"exists (select 1 from claim_lines v where {where})", KEYS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("l.amount > 0" + " and l.amount > 0" * 300, "longer than 4,000 characters"),
        ("(" * 40 + "true" + ")" * 40, "more than 32 deep"),
        ("'a'" + " || 'a'" * 9 + " = 'a'", r"\|\| stands in it more than 8 times"),
        ("exists (select 1 from practitioners v where true)" * 9, "exists stands in it more than 8 times"),
        ("l.amount > " + "9" * 5_000, "longer than|more than 18 digits"),
        ("l.amount > " + "9" * 19, "more than 18 digits"),
        ("l.amount > \u0663", "may not stand there"),
        ("l.amount = 'a\0b'", "a text holds a control character"),
        ("l.amount = 'a\nb'", "a text holds a control character"),
        ("attach('x.db')", "function attach is not allowed"),
        ("lpad('x', 200000000, 'y') = ''", "function lpad is not allowed"),
        ("repeat('x', 200000000) = ''", "function repeat is not allowed"),
        ("regexp_matches(l.amount, '(a+)+$')", "function regexp_matches is not allowed"),
        ("pragma_version() is null", "function pragma_version is not allowed"),
    ],
)
def test_what_would_keep_the_machine_busy_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        parse_predicate(text, KEYS)
