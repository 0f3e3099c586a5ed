"""Mapping expressions come from outside: only what is listed gets through, at a bounded cost."""

import doctest

import pytest

from features.claims.mapping import expressions
from features.claims.mapping.expressions import create_macros, translate
from features.engine import DuckDBEngine
from features.errors import InputError

CELLS = {"Paid": "7", "Deductible": None, "Odd name": "it's", "order": "s", "getenv": "g", "金额": "1_0"}
ROW = "(select " + ", ".join(f'cast(? as varchar) as "{name}"' for name in CELLS) + ")"


def evaluated(expression, shape="{}"):
    with DuckDBEngine(threads=1) as engine:
        create_macros(engine)
        sql = shape.format(translate(expression, CELLS, "here").sql)
        return engine.rows(f"select cast({sql} as varchar) from {ROW}", list(CELLS.values()))[0][0]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("Paid", "7"),
        ('"Odd name"', "it's"),
        ("number(Paid) + number(coalesce(Deductible, '0'))", "7.00000000"),
        ("number(Deductible)", None),
        ("1 + 2 * 3 - -4", "11"),
        ("number('12345678901234567.89') / 100", "123456789012345.6789000000"),  # exact, no binary float
        ("number(Paid) / 2", "3.5"),
        ("case when Paid = '7' and Deductible is null then 'seven' else 'x' end", "seven"),
        ("case Paid when '6' then 'six' when '7' then 'seven' end", "seven"),
        ("concat('it''s ', lpad(Paid, 3, '0'))", "it's 007"),
        ("Paid || '-' || 1 + 1", "7-2"),
        ("Paid in ('7', '8') or not true", "true"),
        ("false and true or true", "true"),
        ("Paid not in ('7') or \"Odd name\" not like 'it_s'", "false"),
        ("\"Odd name\" like '%''_' and 'a.c' not like 'a_d' and 'abc' not like 'a.c'", "true"),
        ("'a\nb' like 'a%b'", "true"),
        ("order", "s"),
        ("金额", "1_0"),
    ],
)
def test_what_is_allowed_means_what_it_says(expression, value):
    assert evaluated(expression) == value


FAILING = ["number(金额)", "number('1e3')", "number('x')", "number('')", "number(' 5')", "number('0.000000001')"]
FAILING += ["1 / (number(Paid) - 7)", "number('999999999999999999') * 999999999999999999 * 999999999999999999"]
FAILING += ["number('９')", "number('1234567890123456789')", "number('inf')", "substr(Paid, -999999999999999999, 1)"]


@pytest.mark.parametrize("expression", FAILING)
def test_what_a_row_cannot_answer_fails_and_is_no_null(expression):
    assert evaluated(expression, "coalesce(try(coalesce(cast({} as varchar), 'null')), 'failed')") == "failed"


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
        "Paid Deductible",
        "Paid 'x'",
        "case Paid end",
        "case when Paid then 1",
        "Paid is Paid",
        "Paid = Deductible = Paid",
        "like 'a'",
        "Paid like Deductible",
        "coalesce()",
        "left(Paid)",
        "coalesce(*)",
        "１ + １",
        "'\0'",
        "1e5",
        "1 / 0",
        "1 / 0.00",
    ],
)
def test_everything_else_is_refused(expression):
    with pytest.raises(InputError, match="here"):
        translate(expression, CELLS, "here")


def nested(name, times, more=""):
    return f"{name}(" * times + "Paid" + f"{more})" * times


TOO_DEAR = {
    "long": "'" + "a" * 10_001 + "'",
    "pad": "lpad(Paid, 200000000, 'y')",
    "pad of a pad": "concat(" + ", ".join(["lpad(Paid, 1000, 'y')"] * 50) + ", " + "concat(" * 20 + "Paid" + ")" * 21,
    "pad by a column": "lpad(Paid, length(Paid), 'y')",
    "replace": "replace(replace(replace(lpad('a',1000,'a'),'a',lpad('a',1000,'a')),'a','aa'),'a',lpad('a',1000,'a'))",
    "replace by a column": nested("replace", 5, ", 'a', Paid"),
    "brackets": "(" * 5_000 + "Paid" + ")" * 4_999,
    "minus": "-" * 5_000 + "1",
    "not": "not " * 2_000 + "true",
    "calls": nested("lower", 33),
    "written out again and again": nested("nullif", 12, ", 'a'"),
    "numbers of numbers": nested("number", 12),
    "pieces of pieces": nested("split_part", 12, ", 'a', 1"),
    "cases": "case " + nested("nullif", 4, ", 'a'") + " when 'a' then 1" * 100 + " end",
    "joined": " || ".join(["Paid"] * 1_000),
    "digits": "1" * 400,
    "decimals": "0." + "1" * 30,
    "rounded": "round(number(Paid), 99999999999)",
    "pattern": "Paid like '" + "%a" * 200 + "'",
    "arguments": "coalesce(" + ", ".join(["Paid"] * 51) + ")",
}


@pytest.mark.parametrize("kind", TOO_DEAR)
def test_what_could_cost_too_much_is_refused_before_it_runs(kind):
    with pytest.raises(InputError, match="mapping expression here: "):
        translate(TOO_DEAR[kind], CELLS, "here")


def test_a_pattern_takes_time_in_proportion_to_the_text():
    assert evaluated("lpad('b', 1000, 'a') like '" + "%a_" * 60 + "%c'") == "false"


def test_a_cell_that_is_a_file_fails_its_expression_only():
    with DuckDBEngine(threads=1) as engine:
        create_macros(engine)
        sql = translate("lower(Paid)", ["Paid"], "here").sql
        rows = "(select unnest(['A', repeat('A', 5000), null]) as Paid)"
        assert engine.rows(f"select list(try({sql})) from {rows}") == [(["a", None, None],)]


def test_examples():
    assert doctest.testmod(expressions, optionflags=doctest.ELLIPSIS).failed == 0
