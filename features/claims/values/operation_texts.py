"""Read the operation of a row of a delta: a word of five, and only the key matters where it deletes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.values.grammar import DIFFERS
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from features.claims.contract import Table

OPERATIONS = ("insert", "update", "upsert", "delete", "withdraw")
_SHORT = {"i": "insert", "u": "update", "d": "delete"}
_UNLIKE = "operation: the rows of the group differ"
UNREAD = f"operation: not {', '.join(OPERATIONS[:-1])} or {OPERATIONS[-1]}"


def operated_sql(table: Table, typed: Callable[..., str], texts: str, *, keep: Iterable[str] = ()) -> str:
    """Return SQL for typed rows with `_operation`; see `typed_sql`.

    Parameters
    ----------
    table : Table
        The contract table.
    typed : callable
        Makes SQL of typed rows of a query of texts.
    texts : str
        Query of the texts, `_operation` among them.
    keep : iterable of str
        Further columns of it.
    """
    spelled = {word: word for word in OPERATIONS} | _SHORT
    words = " ".join(f"when {quoted(short)} then {quoted(word)}" for short, word in spelled.items())
    known = " or ".join(f"starts_with(r, {quoted(f'{column}:')})" for column in table.key)
    # The list is null where nothing is against the row.
    told = f"if(_word in ('delete', 'withdraw'), list_filter(_reasons, lambda r: {known}), _reasons)"
    unread = (
        f"case when _word is null then [if(_operation = {DIFFERS}, {quoted(_UNLIKE)}, {quoted(UNREAD)})] else [] end"
    )
    reasons = f"nullif(list_concat({unread}, coalesce({told}, [])), [])"
    rows = typed(texts, keep=("_operation", *keep))
    return (
        f"select * exclude (_word) replace ({reasons} as _reasons, _word as _operation) from ("
        f"select *, case lower(trim(_operation)) {words} end as _word from ({rows}))"
    )
