"""Read texts as the contract's types, as SQL; what cannot be read gets a reason, never a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.values import grammar
from features.claims.values.cell import Cell
from features.claims.values.faults import in_words
from features.claims.values.grammar import NO_TEXT, is_all
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from features.claims.contract import Column, Table


def value_sql(column: Column, text: str, zone: str | None = None) -> str:
    """Return SQL for the value in stored form (identifiers stay text), null where the text is no such value.

    Parameters
    ----------
    column : Column
        The column.
    text : str
        SQL of the cell's text.
    zone : str, optional
        IANA name of the zone whose local time an instant with an offset becomes; without it an instant is no value.
    """
    if column.scale is not None and column.precision is not None:
        return _scaled(text, column.precision, column.scale)
    if column.values:
        known = ", ".join(quoted(value) for value in column.values)
        other = "'other'" if "other" in column.values else "null"
        return f"case when lower({text}) in ({known}) then lower({text}) when {text} is not null then {other} end"
    if column.type == "date":
        return _in_years(_date(text, zone), "date")
    if column.type == "timestamp":
        return _in_years(_time(text, zone), "timestamp")
    return _PLAIN[column.type](text)


# Each type has a quick way and a slow one. A value that the engine writes exactly as the text was is surely what the
# text says; that takes a third of the time of a pattern, and most cells of an extract are of that kind.


def _scaled(text: str, precision: int, scale: int) -> str:
    """Exact integer of 10^-scale units, or null where a digit would be lost or there are more than the contract's."""
    # Eighteen digits are what the engine multiplies in 64 bits.
    short = f"try_cast({text} as decimal({min(precision, 18 - scale)}, {scale}))"
    long = f"cast(try_cast({text} as decimal({precision}, {scale})) as decimal(38, {scale}))"
    pattern = grammar.decimal(precision - scale, scale)
    return (
        f"case when cast({short} as varchar) = {text} then cast({short} * {10**scale} as bigint) "
        f"when {is_all(text, pattern)} then cast({long} * {10**scale} as bigint) end"
    )


def _whole(text: str) -> str:
    exact = f"try_cast({text} as bigint)"
    long = f"cast(try_cast({text} as decimal({grammar.WHOLE_DIGITS}, 0)) as bigint)"
    pattern = grammar.decimal(grammar.WHOLE_DIGITS, 0)
    return f"case when cast({exact} as varchar) = {text} then {exact} when {is_all(text, pattern)} then {long} end"


def _date(text: str, zone: str | None) -> str:
    day = f"try_cast({text} as date)"
    return f"case when cast({day} as varchar) = {text} then {day} else cast({_time(text, zone)} as date) end"


def _time(text: str, zone: str | None) -> str:
    time = f"try_cast({text} as timestamp)"
    local = (
        f"case when cast({time} as varchar) = {text} then {time} when {is_all(text, grammar.LOCAL_TIME)} then {time}"
    )
    forms = ", ".join(map(quoted, grammar.SLASHED_FORMS))
    local += f" when {is_all(text, grammar.SLASHED)} then try_strptime({text}, [{forms}])"
    if zone is None:
        return f"{local} end"
    instant = f"timezone({quoted(zone)}, try_cast({text} as timestamptz))"
    return f"{local} when {is_all(text, grammar.INSTANT)} then {instant} end"


def _float(text: str) -> str:
    return f"case when {is_all(text, grammar.FLOAT)} then try_cast({text} as double) end"


def _boolean(text: str) -> str:
    true, false = (", ".join(map(quoted, words)) for words in (grammar.TRUE, grammar.FALSE))
    return f"case when lower({text}) in ({true}) then true when lower({text}) in ({false}) then false end"


_PLAIN: dict[str, Callable[[str], str]] = {"boolean": _boolean, "float": _float, "integer": _whole, "string": str}


def _in_years(value: str, kind: str) -> str:
    # Infinite dates and those before Christ lie outside as well.
    first, after = (f"{kind} '{year}-01-01'" for year in (grammar.FIRST_YEAR, grammar.LAST_YEAR + 1))
    return f"case when {value} >= {first} and {value} < {after} then {value} end"


def typed_sql(
    table: Table,
    columns: Iterable[str],
    texts: str,
    *,
    source: str,
    zone: str | None = None,
    keep: Iterable[str] = (),
) -> str:
    """Return SQL for typed rows: values, and what was found in their cells.

    `_reasons` says why the row cannot be stored, `_cells` which cells of a row that can be were left unread,
    `_placeholders` in which columns a text stands for nothing: lists, null where there is nothing to say.
    `_other_<column>` is true where an unlisted value became `other`.

    Parameters
    ----------
    table : Table
        The contract table.
    columns : iterable of str
        Contract columns that the source gives.
    texts : str
        Query of their texts, with `_file` and `_row`.
    source : str
        Digest of the source, for events without a key of their own.
    zone : str, optional
        As in `value_sql`.
    keep : iterable of str
        Further columns of the relation.
    """
    values, shown = [], list(keep)
    cells = [Cell.of(table, column, zone) for column in map(table.by_name.__getitem__, columns)]
    for cell in cells:
        column = cell.column
        values.append(f"{value_sql(column, _keyed(column, cell.text, source), zone)} as {cell.value}")
        shown.append(f"{cell.kept()} as {column.name}")
        if "other" in column.values:
            is_other = f"{cell.value} = 'other' and lower({cell.text}) <> 'other'"
            shown.append(
                f"coalesce({is_other} and not starts_with({cell.text}, {NO_TEXT}), false) as _other_{column.name}"
            )
    faults = [fault for cell in cells for fault in cell.faults]
    stand_ins = [f"{sql} as {cell.nothing}" for cell in cells if (sql := cell.nothing_sql()) is not None]
    flags = {
        "_is_bad": [fault.condition for fault in faults if fault.costs_row],
        "_is_unread": [fault.condition for fault in faults if not fault.costs_row],
        "_is_nothing": [cell.nothing for cell in cells if cell.nothing is not None],
    }
    flagged = [f"coalesce({' or '.join(tests) or 'false'}, false) as {flag}" for flag, tests in flags.items()]
    told = _list(cell.reason() for cell in cells if cell.faults)
    reasons = f"list_transform({told}, lambda r: {in_words('r')})"
    nothing = _list(f"case when {cell.nothing} then {quoted(cell.column.name)} end" for cell in cells if cell.nothing)
    # Lists are dear to build: only rows with something to say get one.
    shown.append(f"case when _is_bad or _is_unread then {reasons} end as _told")
    shown.append(f"case when _is_nothing and not _is_bad then {nothing} end as _placeholders")
    for more in (values, stand_ins, flagged):
        texts = f"select {', '.join(['*', *more])} from ({texts}) t"
    split = "case when _is_bad then _told end as _reasons, case when not _is_bad then _told end as _cells"
    return f"select * exclude (_told, _is_bad), {split} from (select {', '.join(shown)}, _is_bad from ({texts}) t)"


def _list(texts: Iterable[str]) -> str:
    return f"list_filter(cast([{', '.join(texts)}] as varchar[]), lambda r: r is not null)"


def _keyed(column: Column, text: str, source: str) -> str:
    """Text of a cell, made of file and row for an event that has no key, so that same-second repeats survive."""
    if column.name != "event_id":
        return text
    return f"coalesce({text}, {quoted(source[:12])} || ':' || t._file || ':' || t._row)"
