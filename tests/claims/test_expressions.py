"""Mapping expressions come from outside: only what is listed gets through."""

import doctest

import pytest

from features.claims import expressions
from features.claims.expressions import translate
from features.engine import DuckDBEngine
from features.errors import InputError

COLUMNS = ["Paid", "Deductible", "Odd name", "order", "getenv"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("Paid", "7"),
        ('"Odd name"', "it's"),
        ("number(Paid) + number(coalesce(Deductible, '0'))", "7.00000000"),
        ("case when Paid = '7' and Deductible is null then 'seven' else 'x' end", "seven"),
        ("concat('it''s ', lpad(Paid, 3, '0'))", "it's 007"),
        ("Paid in ('7', '8') or not true", "true"),
        ("order", "s"),
    ],
)
def test_what_is_allowed_means_what_it_says(expression, value):
    sql = translate(expression, COLUMNS, "here")
    with DuckDBEngine() as engine:
        engine.execute("create macro number(x) as try_cast(x as decimal(38, 8))")
        row = """(select '7' as Paid, null as Deductible, 'it''s' as "Odd name", 's' as "order", 'g' as getenv)"""
        assert engine.rows(f"select cast({sql} as varchar) from {row}") == [(value,)]


@pytest.mark.parametrize(
    "expression",
    [
        "read_csv('/etc/passwd')",
        "getenv('HOME')",
        "\"getenv\"('HOME')",
        "(select 1)",
        "Paid; drop table x",
        "Paid -- comment",
        "Paid /* comment */",
        "Paid) as x, (Paid",
        "Paid, Deductible",
        "(Paid",
        "Paid::int",
        "$1",
        "'open",
        "E'\\x41'",
        "x'41'",
        "current_setting('home_directory')",
        "main.Paid",
        "list[1]",
        "",
    ],
)
def test_everything_else_is_refused(expression):
    with pytest.raises(InputError, match="here"):
        translate(expression, COLUMNS, "here")


def test_examples():
    assert doctest.testmod(expressions, optionflags=doctest.ELLIPSIS).failed == 0
