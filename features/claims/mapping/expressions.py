"""Column expressions of a mapping: a small, closed part of SQL over one row of the source.

A mapping file comes from outside, so what it may say is a list of what is allowed, not of what is forbidden; what it
costs is reckoned before it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.mapping.expression_parts import MAX_CELL, MAX_MADE, MAX_OPERATIONS, Part
from features.claims.mapping.expression_reader import MAX_DECIMALS, MAX_DIGITS, Reader, refuse
from features.claims.values.grammar import NO_TEXT, decimal, is_all

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.engine import DuckDBEngine


def create_macros(engine: DuckDBEngine) -> None:
    """Define what expressions use and SQL does not have: both fail on a row that they cannot read."""
    is_number = is_all("cast(x as varchar)", decimal(MAX_DIGITS, MAX_DECIMALS))
    engine.execute(
        "create or replace macro number(x) as cast(case when x is null then null "
        f"when {is_number} then cast(x as varchar) else 'no number' end as decimal(38, {MAX_DECIMALS}))"
    )
    # A cast of a word that is no number is an error that `try` can take back, which `error()` is not.
    refused = "cast(cast('no cell' as integer) as varchar)"
    is_unusable = f"strlen(x) > {4 * MAX_CELL} or starts_with(x, {NO_TEXT})"
    engine.execute(f"create or replace macro cell(x) as case when {is_unusable} then {refused} else x end")


def translate(expression: str, columns: Collection[str], where: str) -> Part:
    r"""Check an expression and return it as SQL with every source column quoted.

    Parameters
    ----------
    expression : str
        As written in the mapping: source columns (double quotes around odd names), texts, numbers, operators,
        `case`, and the functions of `FUNCTIONS`; `number(x)` reads text as a number. All source values are text.
    columns : collection of str
        Columns of the source.
    where : str
        Place in the mapping, for the error.

    Raises
    ------
    InputError
        Something in it is not allowed, is no column of the source, or could cost too much.

    Examples
    --------
    >>> translate("Paid || '-' || Bill", ["Paid", "Bill"], "here").sql
    '((cell("Paid") || \'-\') || cell("Bill"))'
    >>> translate("read_csv('x')", [], "here")
    Traceback (most recent call last):
    ...
    features.errors.InputError: mapping expression here: function 'read_csv'. Hint: allowed are abs, ...
    """
    part = Reader(expression, columns, where).read()
    if part.made > MAX_MADE or part.operations > MAX_OPERATIONS:
        raise refuse(where, "texts that could grow too long, or too many operations", "write it shorter")
    return part
