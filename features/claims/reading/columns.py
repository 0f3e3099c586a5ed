"""Columns of a file by their names: each once and named, or refused with the way out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from features.claims.reading.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 8
# With fewer columns a header of one name may be that of a row number and one column.
_FEWEST_TITLED = 3
_RESERVED = ("_file", "_row")


def check_columns(columns: Sequence[str], name: str, *, ignore_unnamed: bool = False) -> tuple[str, ...]:
    """Return the names of columns; refuse those that are too many, unnamed, or named alike but for case.

    Parameters
    ----------
    columns : sequence of str
        As the file names them.
    name : str
        The file, for the error.
    ignore_unnamed : bool
        Whether a column without a name is called `_unnamed_<place>` instead.

    Examples
    --------
    >>> check_columns(["", "id"], "a.csv", ignore_unnamed=True)
    ('_unnamed_1', 'id')
    """
    where = f"of file {_shown(name)}"
    if not any(columns):
        raise InputError.of("file", _shown(name), "empty", "export it again, with a header line")
    if len(columns) > MAX_COLUMNS:
        raise header_refused(name, f"{len(columns):,} columns, more than {MAX_COLUMNS:,}")
    longest = max(map(len, columns))
    if longest > MAX_NAME_CHARACTERS:
        raise header_refused(name, f"a column name of {longest:,} characters, more than {MAX_NAME_CHARACTERS}")
    if "\0" in "".join(columns):
        raise header_refused(name, "a column name with a NUL")
    unnamed = [place for place, column in enumerate(columns, start=1) if not column]
    if unnamed and not ignore_unnamed:
        got = f"a column without a name (column {_places(unnamed)} of {len(columns):,})"
        raise InputError.of("header", where, got, "name it, or set `ignore_unnamed = true` in the mapping")
    named = tuple(column or f"_unnamed_{place}" for place, column in enumerate(columns, start=1))
    folded = [column.lower() for column in named]
    twice = next((column for column, n in Counter(folded).items() if n > 1), None)
    if twice is not None:
        places = [place for place, column in enumerate(folded, start=1) if column == twice]
        got = f"a column named twice: '{plain_line(twice)[:60]}' (columns {_places(places)})"
        raise InputError.of("header", where, got, "name each column once")
    if set(_RESERVED) & set(folded):
        raise InputError.of("header", where, f"a column named {' or '.join(_RESERVED)}", "name it otherwise")
    return named


def refuse_title(cells: Sequence[str], following: Sequence[Sequence[bool]], name: str, n_above: int) -> None:
    """Refuse a header that is a title: a single filled cell, or gaps, above a line in which every cell is filled.

    Parameters
    ----------
    cells : sequence of str
        Of the header.
    following : sequence of sequences of bool
        Which cells of the next lines are filled.
    name : str
        The file, for the error.
    n_above : int
        Lines from the beginning of the file up to those that follow.

    Raises
    ------
    InputError
        It is; the hint says how many lines to skip.
    """
    filled = sum(map(bool, cells))
    if len(cells) != 1 and (len(cells) < _FEWEST_TITLED or 2 * filled > len(cells)):
        return
    # A header names every column; rows below it may have gaps, and so may further titles.
    widest = max((sum(each) for each in following), default=0)
    for n, each in enumerate(following):
        if sum(each) >= _FEWEST_TITLED - 1 and all(each) and sum(each) > filled and 2 * sum(each) > widest:
            got = f"a title and no header: {filled} of {len(cells):,} cells filled, then a line of {len(each):,}"
            hint = f"set `skip_rows = {n_above + n}` in the mapping, or remove the lines above the header"
            raise InputError.of("header", f"of file {_shown(name)}", got, hint)


def has_trailing(n_columns: int, following: Sequence[Sequence[bool]], fewest: int = 2) -> bool:
    """Whether all lines behind a header end with one empty cell more than it names: a delimiter at their end.

    With fewer lines than `fewest` nothing is said: one line may be damaged.

    Examples
    --------
    >>> has_trailing(2, [[True, True, False], [True, False, False]])
    True
    """
    return len(following) >= fewest and all(len(each) == n_columns + 1 and not each[-1] for each in following)


def header_refused(name: str, got: str) -> InputError:
    """Return the refusal of a header."""
    hint = "export it again, or set `delimiter` and `encoding` in the mapping"
    return InputError.of("header", f"of file {_shown(name)}", got, hint)


def _shown(name: str) -> str:
    return plain_line(f"'{name}'")


def _places(places: Sequence[int]) -> str:
    shown = ", ".join(map(str, places[:_SHOWN]))
    return f"{shown} and {len(places) - _SHOWN:,} more" if len(places) > _SHOWN else shown
