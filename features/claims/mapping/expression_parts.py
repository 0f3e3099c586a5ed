"""What a mapping expression may consist of, and what each part of it costs at most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS = frozenset(
    {"and", "or", "not", "case", "when", "then", "else", "end", "is", "null", "in", "like", "true", "false"}
)
TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^'\0]|'')*')
    | (?P<quoted>"(?:[^"\0]|"")+")
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<name>[^\W\d]\w*)
    | (?P<operator>\|\||<>|!=|<=|>=|[-+*/=<>(),])
    )""",
    re.VERBOSE,
)

# A cell is reckoned at a hundred characters; one of more than this fails the expression on its row, so that a file and
# a mapping that are hostile together stay within the machine as well.
MAX_CELL = 1_000
TYPICAL_CELL = 100
# Characters of all texts that are made on the way to one value, and engine operations after macros are written out.
MAX_MADE = 100_000
MAX_OPERATIONS = 5_000
MAX_DEPTH = 32
MAX_EXPRESSION = 10_000
# The longest text of a number: that of a binary float.
_NUMBER_LENGTH = 40


@dataclass(frozen=True)
class Call:
    """How a function may be called.

    Parameters
    ----------
    least, most : int
        Arguments.
    literal : tuple of (int, int)
        Places of arguments that must be whole numbers written out, and the largest that is taken.
    copies : int
        Times that the engine writes out the first argument before it runs, generously: it takes far more than twice
        as long for twice as many.
    """

    least: int
    most: int
    literal: tuple[tuple[int, int], ...] = ()
    copies: int = 1


_MANY = 50
FUNCTIONS: Mapping[str, Call] = MappingProxyType(
    {
        "abs": Call(1, 1),
        "coalesce": Call(1, _MANY),
        "concat": Call(1, _MANY),
        "concat_ws": Call(2, _MANY),
        "greatest": Call(1, _MANY),
        "least": Call(1, _MANY),
        "left": Call(2, 2),
        "length": Call(1, 1),
        "lower": Call(1, 1),
        "lpad": Call(3, 3, ((1, 1_000),)),
        "ltrim": Call(1, 2),
        "nullif": Call(2, 2, copies=4),
        "number": Call(1, 1, copies=4),
        "replace": Call(3, 3),
        "right": Call(2, 2),
        "round": Call(1, 2, ((1, 8),)),
        "rtrim": Call(1, 2),
        "split_part": Call(3, 3, copies=4),
        "substr": Call(2, 3),
        "trim": Call(1, 2),
        "upper": Call(1, 1),
    }
)


@dataclass(frozen=True)
class Part:
    """A part of an expression, as SQL, and the most that it costs.

    Parameters
    ----------
    sql : str
        Of the part.
    length : int
        Characters of its value, a cell at `TYPICAL_CELL`.
    made : int
        Characters of all texts that are made for it.
    operations : int
        Of the engine, with macros written out.
    text, number : str, optional
        The literal that it is.
    is_column : bool
        Whether it is a column of the source and nothing else.
    """

    sql: str
    length: int = _NUMBER_LENGTH
    made: int = 0
    operations: int = 1
    text: str | None = None
    number: str | None = None
    is_column: bool = False


def combined(sql: str, parts: list[Part], *, length: int = _NUMBER_LENGTH, makes: bool = False, more: int = 1) -> Part:
    """Put parts together: what each costs adds up.

    Parameters
    ----------
    sql : str
        Of the whole.
    parts : list of Part
        What it is made of.
    length : int
        Characters of the whole.
    makes : bool
        Whether the whole is a new text.
    more : int
        Operations of its own.
    """
    made = sum(part.made for part in parts) + (length if makes else 0)
    return Part(sql, length, made, sum(part.operations for part in parts) + more)


def call_length(name: str, given: list[Part]) -> int:
    """Characters of the value of a function."""
    lengths = [part.length for part in given]
    if name in {"abs", "length", "number", "round"}:
        return _NUMBER_LENGTH
    if name in {"concat", "concat_ws"}:
        return sum(lengths) + (lengths[0] * len(lengths) if name == "concat_ws" else 0)
    if name == "lpad":
        return int(given[1].number or 0)
    if name == "replace":
        old, new = given[1].text, given[2].text
        grows = old is None or new is None or len(new) > len(old)
        return lengths[0] * max(1, lengths[2]) if grows else lengths[0]
    return max(lengths)
