"""Predicates of rules and their exemptions: a small, closed part of SQL over the rows that an executor shows.

A payer's rule comes from outside, so what a predicate may say is a list of what is allowed, not of what is forbidden;
our own rules keep to the same list.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import TABLES
from fraud.rules.declare.exists_links import check_links

if TYPE_CHECKING:
    from collections.abc import Mapping

FUNCTIONS = frozenset(
    {"abs", "cast", "coalesce", "date_diff", "greatest", "least", "left", "length", "lower", "nullif", "right", "round"}
    | {"starts_with", "substr", "trim", "upper"}
)
WORDS = frozenset(
    {"and", "or", "not", "case", "when", "then", "else", "end", "is", "null", "in", "like", "between", "true", "false"}
)
# Labels are what investigators found out later: a rule that reads them would look ahead.
READABLE = {name: tuple(column for column, _ in table.stored) for name, table in TABLES.items() if name != "labels"}
# What makes a predicate a yes or a no; an amount alone would be taken for a yes on every row.
_CONDITIONS = frozenset(
    {"=", "<>", "!=", "<", ">", "<=", ">=", "is", "in", "like", "between", "not", "and", "or", "true", "false"}
    | {"starts_with"}
)
# A predicate is a sentence or two; what is larger is a way to keep the machine busy.
_MOST_CHARACTERS, _MOST_BRACKETS, _MOST_EXISTS, _MOST_JOINED, _MOST_DIGITS = 4_000, 32, 8, 8, 18
_FACT = re.compile(r"[a-z]\w*\.(?:is|has|can)_\w+")
_COLUMN = re.compile(r"[a-z]\w*\.[a-z]\w*")
_EXISTS = re.compile(
    r"exists\s*\(\s*select\s+1\s+from\s+(?P<table>[a-z_]+)\s+(?P<alias>[a-z]\d?)\s+where\b", re.IGNORECASE
)
_TOKEN = re.compile(
    r"""(?:
      (?P<text>'(?:[^']|'')*')
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<type>as\s+(?:date|timestamp)\b)
    | (?P<parameter>:[a-z][a-z0-9_]{0,62})
    | (?P<column>[a-z]\w*\.[a-z]\w*)
    | (?P<name>[^\W\d]\w*)
    | (?P<operator>\|\||<>|!=|<=|>=|-(?!-)|/(?!\*)|[+*=<>(),])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Predicate:
    """A checked predicate, or expression.

    Parameters
    ----------
    parts : tuple of str
        What was recognised, token by token.
    tables : frozenset of str
        Contract tables that it looks into, beside the executor's rows.
    """

    parts: tuple[str, ...]
    tables: frozenset[str]

    @property
    def sql(self) -> str:
        """What runs, with parameters still by name."""
        return " ".join(self.parts)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the rule's parameters that it uses, sorted."""
        return tuple(sorted({part[1:] for part in self.parts if part.startswith(":")}))

    @property
    def columns(self) -> frozenset[str]:
        """Columns that it names, as `alias.column`."""
        return frozenset(part for part in self.parts if _COLUMN.fullmatch(part))

    def bound(self, values: Mapping[str, int], computed: Mapping[str, str] | None = None) -> str:
        """Return what runs with the parameters' numbers, and expressions in place of computed columns.

        Examples
        --------
        >>> parse_predicate("p.age_years < :least", {"p": ("age_years",)}).bound({"least": 18})
        'p.age_years < 18'
        """
        known = {f":{name}": str(value) for name, value in values.items()} | dict(computed or {})
        return " ".join(known.get(part, part) for part in self.parts)


def parse_predicate(text: str, aliases: Mapping[str, tuple[str, ...]]) -> Predicate:
    """Check a predicate, and take nothing into SQL that was not recognised.

    Parameters
    ----------
    text : str
        Columns as `alias.column`, parameters as `:name`, texts, numbers, operators, `case`, the functions of
        `FUNCTIONS`, casts to date and timestamp, and `exists (select 1 from TABLE x where …)` over a table of the
        contract, with its stored columns.
    aliases : mapping of str to tuple of str
        Rows it may speak of, with their columns.

    Raises
    ------
    ValueError
        Something in it is not allowed, or not there.

    Examples
    --------
    >>> parse_predicate("l.amount < 100 and not l.is_late", {"l": ("amount", "is_late")}).sql
    'l.amount < 100 and not l.is_late'
    >>> parse_predicate("exists (select 1 from read_csv('x') v where true)", {})
    Traceback (most recent call last):
    ...
    ValueError: exists: write it as exists (select 1 from TABLE x where …), x one letter
    """
    found = _parse(text, aliases)
    if not (found.tables or any(part in _CONDITIONS or _FACT.fullmatch(part) for part in found.parts)):
        raise ValueError("it is no condition; compare it with something")
    return found


def parse_expression(text: str, aliases: Mapping[str, tuple[str, ...]]) -> Predicate:
    """Check an expression that gives a number: written as a predicate is, without `exists`.

    Raises
    ------
    ValueError
        Something in it is not allowed, or not there.

    Examples
    --------
    >>> parse_expression("l.unit_price - r.price", {"l": ("unit_price",), "r": ("price",)}).sql
    'l.unit_price - r.price'
    """
    found = _parse(text, aliases)
    if found.tables:
        raise ValueError("exists has no place in a number")
    return found


def _parse(text: str, aliases: Mapping[str, tuple[str, ...]]) -> Predicate:
    scopes: list[tuple[int, str]] = []
    known = dict(aliases)
    parts: list[str] = []
    tables: set[str] = set()
    depth, position, text = 0, 0, text.strip()
    if len(text) > _MOST_CHARACTERS:
        raise ValueError(f"it is longer than {_MOST_CHARACTERS:,} characters")
    while position < len(text):
        opened = _EXISTS.match(text, position)
        if opened is not None:
            table, alias = opened["table"].lower(), opened["alias"].lower()
            known[alias] = _columns_of(table, alias, known)
            scopes.append((depth, alias))
            tables.add(table)
            parts.append(f"exists (select 1 from {table} {alias} where")
            depth += 1
            position = opened.end()
        else:
            found = _TOKEN.match(text, position)
            if found is None:
                raise ValueError(f"{text[position : position + 20]!r} may not stand there")
            position = found.end()
            parts.append(_token(found, known, is_call=text[position:].lstrip()[:1] == "("))
            depth = _depth(depth, parts[-1])
            if scopes and scopes[-1][0] == depth:
                del known[scopes.pop()[1]]
        position += len(text[position:]) - len(text[position:].lstrip())
    if depth or not parts:
        raise ValueError("a bracket is not closed" if parts else "it is empty")
    _check_size(parts)
    check_links(parts)
    return Predicate(tuple(parts), frozenset(tables))


def _columns_of(table: str, alias: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if table not in READABLE:
        raise ValueError(f"table {table} is none that it may read{_nearest(table, READABLE)}")
    if alias in known:
        raise ValueError(f"alias {alias} is taken")
    return READABLE[table]


def _depth(depth: int, part: str) -> int:
    """Keep a predicate one value: it must neither close what it did not open nor become a list."""
    depth += {"(": 1, ")": -1}.get(part, 0)
    if depth > _MOST_BRACKETS:
        raise ValueError(f"brackets within brackets, more than {_MOST_BRACKETS} deep")
    if depth < 0 or (part == "," and depth == 0):
        raise ValueError(f"{part!r} outside brackets")
    return depth


def _check_size(parts: list[str]) -> None:
    """Refuse what would make the engine join or copy more than a rule needs."""
    if parts.count("||") > _MOST_JOINED:
        raise ValueError(f"|| stands in it more than {_MOST_JOINED} times")
    if sum(part.startswith("exists") for part in parts) > _MOST_EXISTS:
        raise ValueError(f"exists stands in it more than {_MOST_EXISTS} times")


def _token(found: re.Match[str], known: Mapping[str, tuple[str, ...]], *, is_call: bool) -> str:
    if found["column"]:
        return _column(found["column"], known, is_call=is_call)
    if found["number"] and len(found[0]) > _MOST_DIGITS:
        raise ValueError(f"a number of more than {_MOST_DIGITS} digits")
    if found["text"] and not found[0].isprintable():
        raise ValueError("a text holds a control character")
    if found["name"] is None:
        return " ".join(found[0].split()) if found["type"] else found[0]
    name = found["name"].lower()
    if name == "exists":
        raise ValueError("exists: write it as exists (select 1 from TABLE x where …), x one letter")
    if name in WORDS:
        return name
    if not is_call:
        raise ValueError(f"{name} is not known; columns are written alias.column, of {', '.join(sorted(known))}")
    if name not in FUNCTIONS:
        raise ValueError(f"function {name} is not allowed; allowed are {', '.join(sorted(FUNCTIONS))}")
    return name


def _column(text: str, known: Mapping[str, tuple[str, ...]], *, is_call: bool) -> str:
    alias, name = text.split(".")
    if alias not in known:
        raise ValueError(f"alias {alias} is not known; known are {', '.join(sorted(known))}")
    if name not in known[alias] or is_call:
        raise ValueError(f"column {text} is not there{_nearest(name, known[alias])}")
    return text


def _nearest(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
