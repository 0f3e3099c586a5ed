"""Cells of a source as the expressions of a mapping see them, and the text that an expression makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.mapping.expressions import translate
from features.claims.values.grammar import FAILED
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Collection

# Made of every column of a source, asked for or not: a line that is unreadable in any of them is malformed, and row
# numbers must be the same each time a file is read.
ALL_READ = "_all_read"


def clean_sql(raw: Collection[str], null_texts: Collection[str], texts: str) -> str:
    """Return SQL of the rows of a source, their cells without blanks around them, null where they mean nothing.

    Parameters
    ----------
    raw : collection of str
        Columns of the source.
    null_texts : collection of str
        Texts that mean "no value", beside the empty one.
    texts : str
        Relation of the source's texts, with `_file` and `_row`.
    """
    clean = ", ".join(f"{_trimmed(name, null_texts)} as {quoted_name(name)}" for name in raw)
    read = f"coalesce({', '.join(map(quoted_name, raw))}) is null as {ALL_READ}"
    return f"(select _file, _row, {read}, {clean} from {texts})"


def computed(expression: str, raw: Collection[str], where: str) -> str:
    """Return SQL of the text of an expression; where it fails on a row, that of a text that no source gives.

    Parameters
    ----------
    expression : str
        As in a mapping.
    raw : collection of str
        Columns of the source.
    where : str
        Place in the mapping, for errors.
    """
    part = translate(expression, raw, where)
    text = f"cast({part.sql} as varchar)"
    if part.is_column or part.text is not None:
        return text
    return f"coalesce(try({text}), case when try({part.sql} is null) is null then {FAILED} end)"


def quoted_name(name: str) -> str:
    """Return the name of a column as SQL."""
    return '"' + name.replace('"', '""') + '"'


def _trimmed(name: str, null_texts: Collection[str]) -> str:
    text = f"trim({quoted_name(name)})"
    if not null_texts:
        return f"nullif({text}, '')"
    meaningless = ", ".join(quoted(each) for each in ("", *null_texts))
    return f"case when {text} not in ({meaningless}) then {text} end"
