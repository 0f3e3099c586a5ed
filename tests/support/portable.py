"""The portable subset of SQL as an allow-list: what DuckDB and Spark read alike, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.tokens import TokenType

from tests.support.recording import MACROS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLAUSES = {
    "Select", "From", "Join", "Where", "Group", "Having", "Order", "Ordered", "Distinct", "Union", "With", "CTE",
    "Subquery", "Table", "TableAlias", "Identifier", "Column", "Star", "Alias", "Window", "WindowSpec", "Var",
}  # fmt: skip
EXPRESSIONS = {
    "Literal", "Boolean", "Null", "Paren", "Tuple", "Case", "If", "In", "Between", "Exists", "Is", "Not", "And", "Or",
    "EQ", "NEQ", "GT", "GTE", "LT", "LTE", "Add", "Sub", "Mul", "Div", "Mod", "Neg", "Cast", "DataType",
    "DataTypeParam",
}  # fmt: skip
FUNCTIONS = {
    "Sum", "Count", "Min", "Max", "Avg", "Coalesce", "Nullif", "Greatest", "Least", "Abs", "Ln", "Sqrt", "Pow", "Cos",
    "Radians", "Floor", "Round", "Lag", "Lead", "RowNumber", "Substring", "Length", "Replace", "Extract",
}  # fmt: skip
# Spark knows VARCHAR only with a length, and adds decimals in widths of its own.
TYPES = {"BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN", "DECIMAL(38, 0)"}
# Seconds are left out: Spark gives their fraction too.
UNITS = {"YEAR", "DAY", "HOUR", "MINUTE"}
DIALECT = {f"dialect_{name}" for name in MACROS}


def faults(sql: str) -> list[str]:
    """Say what in a statement is outside the portable subset; nothing when it is inside."""
    if any(token.token_type is TokenType.DCOLON for token in sqlglot.tokenize(sql, read="duckdb")):
        return [":: instead of cast"]
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        return [f"not read: {str(error).splitlines()[0]}"]
    return sorted({fault for node in tree.walk() for fault in _faults(node)})


def _faults(node: exp.Expression) -> Iterator[str]:
    kind = type(node).__name__
    if isinstance(node, exp.Anonymous):
        if node.name not in DIALECT:
            yield f"function {node.name}"
    elif kind not in CLAUSES | EXPRESSIONS | FUNCTIONS:
        yield f"{'function' if isinstance(node, exp.Func) else 'construct'} {kind}"
    if kind in _FURTHER:
        fault = _FURTHER[kind](node)
        if fault:
            yield fault


def _literal(node: exp.Expression) -> str | None:
    # The share of a quantile is read as a double by both.
    is_share = isinstance(node.parent, exp.Anonymous) and node.parent.name == "dialect_quantile"
    is_whole = node.args["is_string"] or node.name.isdigit()
    return None if is_whole or is_share else f"literal {node.name} (a decimal in Spark)"


def _type(node: exp.Expression) -> str | None:
    name = node.sql("duckdb")
    return None if name in TYPES or "dialect_" in name else f"type {name}"


def _extract(node: exp.Expression) -> str | None:
    return None if node.name.upper() in UNITS else f"extract {node.name}"


def _frame(node: exp.Expression) -> str | None:
    kind = str(node.args.get("kind"))
    return None if kind.upper() == "ROWS" else f"window frame {kind}"


def _ordered_window(node: exp.Expression) -> str | None:
    window = node.parent
    is_ordered = isinstance(window, exp.Window) and (window.args.get("order") or window.args.get("alias"))
    return None if is_ordered else f"{type(node).__name__} without an order"


def _distinct(node: exp.Expression) -> str | None:
    return "distinct on" if node.args.get("on") else None


def _star(node: exp.Expression) -> str | None:
    return "star with exceptions" if any(node.args.values()) else None


def _group(node: exp.Expression) -> str | None:
    others = [value for name, value in node.args.items() if name != "expressions"]
    return "group by all, cube or rollup" if any(others) else None


def _order(node: exp.Expression) -> str | None:
    return "order by all" if node.this.sql().upper() == "ALL" else None


def _join(node: exp.Expression) -> str | None:
    return f"{node.args['method']} join" if node.args.get("method") else None


_FURTHER: dict[str, Callable[[exp.Expression], str | None]] = {
    "Literal": _literal,
    "DataType": _type,
    "Extract": _extract,
    "WindowSpec": _frame,
    "Lag": _ordered_window,
    "Lead": _ordered_window,
    "RowNumber": _ordered_window,
    "Distinct": _distinct,
    "Star": _star,
    "Group": _group,
    "Ordered": _order,
    "Join": _join,
}
