"""What a predicate's `exists` looks into must be linked to the row it speaks of, or it would read all for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.claims import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENED = re.compile(r"exists \(select 1 from (?P<table>[a-z_]+) (?P<alias>[a-z][0-9]?) where")
_COLUMN = re.compile(r"(?P<alias>[a-z]\w*)\.\w+")


def check_links(parts: Sequence[str]) -> None:
    """Refuse an `exists` over a table of claims that no equality of columns links to what is outside of it.

    Tables of claims have a row per settlement or line; registers are small, and free.

    Parameters
    ----------
    parts : sequence of str
        The tokens of a predicate, an opened `exists` as one.

    Raises
    ------
    ValueError
        Names the table.

    Examples
    --------
    >>> opened = "exists (select 1 from claim_lines v where"
    >>> check_links([opened, "v.item_key", "=", "l.item_key", ")"])
    >>> check_links([opened, "v.amount", ">", "l.amount", ")"])
    Traceback (most recent call last):
    ...
    ValueError: exists over claim_lines: link it first, as in v.settlement_key = … and …, without or
    """
    for number, part in enumerate(parts):
        opened = _OPENED.fullmatch(part)
        if opened is None or not TABLES[opened["table"]].has_month:
            continue
        if not _is_linked(_inside(parts, number + 1), opened["alias"]):
            example = f"{opened['alias']}.settlement_key = … and …, without or"
            raise ValueError(f"exists over {opened['table']}: link it first, as in {example}")


def _inside(parts: Sequence[str], begin: int) -> list[str]:
    """Return the tokens from a place to the bracket that closes what was opened before it."""
    depth = 1
    for number in range(begin, len(parts)):
        depth += _step(parts[number])
        if depth == 0:
            return list(parts[begin:number])
    return list(parts[begin:])


def _is_linked(parts: Sequence[str], alias: str) -> bool:
    """Whether one of the conditions that must all hold links a column of the alias with columns of others."""
    found = _conditions(parts)
    return any(_links(condition, alias) for condition in found)


def _conditions(parts: Sequence[str]) -> list[list[str]]:
    """Split what must all hold at its every `and`; nothing where an `or` or a `case` may let it hold otherwise."""
    found: list[list[str]] = [[]]
    depth, is_between = 0, False
    for part in parts:
        if depth == 0 and part in {"or", "case"}:
            return []
        depth += _step(part)
        if depth == 0 and part == "and" and not is_between:
            found.append([])
            continue
        if depth == 0 and part in {"between", "and"}:
            is_between = part == "between"
        found[-1].append(part)
    return found


def _links(condition: Sequence[str], alias: str) -> bool:
    """Whether a condition is `a.x = b.y` or `a.x in (b.y, c.z)`, or brackets around conditions of which one is."""
    if condition and condition[0] == "(" and len(_inside(condition, 1)) == len(condition) - 2:
        return _is_linked(condition[1:-1], alias)
    if len(condition) < 3 or condition[1] not in {"=", "in"}:
        return False
    named = [part for part in (condition[0], *condition[2:]) if part not in {"(", ")", ","}]
    aliases = [each["alias"] for each in map(_COLUMN.fullmatch, named) if each is not None]
    return len(aliases) == len(named) and aliases.count(alias) == 1 and len(aliases) > 1


def _step(part: str) -> int:
    return 1 if part == "(" or part.startswith("exists (") else -1 if part == ")" else 0
