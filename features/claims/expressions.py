"""Column expressions of a mapping: a small, closed part of SQL over one row of the source.

A mapping file comes from outside, so what it may say is a list of what is allowed, not of what is forbidden.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection

FUNCTIONS = frozenset(
    {"abs", "coalesce", "concat", "concat_ws", "greatest", "least", "left", "length", "lower", "lpad", "ltrim"}
    | {"nullif", "number", "replace", "right", "round", "rtrim", "split_part", "substr", "trim", "upper"}
)
WORDS = frozenset(
    {"and", "or", "not", "case", "when", "then", "else", "end", "is", "null", "in", "like", "true", "false"}
)
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")+")
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<name>[^\W\d]\w*)
    | (?P<operator>\|\||<>|!=|<=|>=|[-+*/=<>(),])
    )""",
    re.VERBOSE,
)


def translate(expression: str, columns: Collection[str], where: str) -> str:
    """Check an expression and return it as SQL with every source column quoted.

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
        Something in it is not allowed, or is no column of the source.

    Examples
    --------
    >>> translate("number(Paid) + number(Deductible)", ["Paid", "Deductible"], "here")
    'number ( "Paid" ) + number ( "Deductible" )'
    >>> translate("read_csv('x')", [], "here")
    Traceback (most recent call last):
    ...
    features.errors.InputError: mapping expression here: function 'read_csv'. Hint: allowed are abs, ...
    """
    parts: list[str] = []
    position = 0
    text = expression.strip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise _refuse(where, f"{text[position : position + 20]!r}", "see docs/mappings.md for what may stand here")
        position = found.end()
        parts.append(_token(found, text[position:].lstrip()[:1] == "(", columns, where))
    if not parts:
        raise _refuse(where, "an empty expression", "leave the column out, or name a source column")
    _refuse_unbalanced(parts, where)
    return " ".join(parts)


def _refuse_unbalanced(parts: list[str], where: str) -> None:
    """Keep an expression one value: it must neither close what it did not open nor become a list."""
    depth = 0
    for part in parts:
        depth += {"(": 1, ")": -1}.get(part, 0)
        if depth < 0 or (part == "," and depth == 0):
            raise _refuse(where, f"{part!r} outside brackets", "write one value")
    if depth:
        raise _refuse(where, "a bracket that is not closed", "close it")


def _token(found: re.Match[str], is_call: bool, columns: Collection[str], where: str) -> str:
    name = found["name"]
    if name is None:
        if found["quoted"] is None:
            return found[0].strip()
        if is_call:
            raise _refuse(where, f"function {found['quoted']}", f"allowed are {', '.join(sorted(FUNCTIONS))}")
        return _column(found["quoted"][1:-1].replace('""', '"'), columns, where)
    if is_call and name.lower() not in WORDS:
        if name.lower() not in FUNCTIONS:
            raise _refuse(where, f"function '{name}'", f"allowed are {', '.join(sorted(FUNCTIONS))}")
        return name.lower()
    if name.lower() in WORDS and name not in columns:
        return name.lower()
    return _column(name, columns, where)


def _column(name: str, columns: Collection[str], where: str) -> str:
    if name not in columns:
        raise InputError.unknown_name("source column", where, name, columns)
    return '"' + name.replace('"', '""') + '"'


def _refuse(where: str, got: str, hint: str) -> InputError:
    return InputError.of("mapping expression", where, got, hint)
