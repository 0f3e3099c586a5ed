"""Read texts as the contract's types, as SQL; what cannot be read gets a reason, never a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims import grammar
from features.claims.faults import costs_row, faults
from features.claims.grammar import NO_TEXT, is_all
from features.claims.placeholders import placeholder
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from features.claims.contract import Column, Table
    from features.claims.faults import Fault


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
    values, cells = [], list(keep)
    of_row, of_cell, nothing = [], [], []
    told, stand_ins = [], []
    for column in (table.by_name[name] for name in columns):
        text, value = f"t.{column.name}", f"_value_{column.name}"
        values.append(f"{value_sql(column, _keyed(column, text, source), zone)} as {value}")
        is_nothing = placeholder(column, text, value)
        found = faults(column, text, value, zone)
        if is_nothing is not None:
            nothing.append(is_nothing)
            stand_ins.append(f"case when {is_nothing} then {quoted(column.name)} end")
            found = [fault._replace(condition=f"{fault.condition} and not {is_nothing}") for fault in found]
        for fault in found:
            is_of_row = fault.is_of_mapping or costs_row(table, column)
            (of_row if is_of_row else of_cell).append(fault.condition)
        cases = " ".join(f"when {fault.condition} then {fault.reason}" for fault in found)
        told += [f"case {cases} end"] if found else []
        cells.append(f"{_kept(table, column, value, found, is_nothing)} as {column.name}")
        if "other" in column.values:
            is_other = f"{value} = 'other' and lower({text}) <> 'other' and not starts_with({text}, {NO_TEXT})"
            cells.append(f"coalesce({is_other}, false) as _other_{column.name}")
    flags = {"_is_bad": of_row, "_is_unread": of_cell, "_is_nothing": nothing}
    flagged = ", ".join(f"{' or '.join(tests) or 'false'} as {flag}" for flag, tests in flags.items())
    # Lists are dear to build: only rows with something to say get one.
    reasons = f"list_filter([{', '.join(told)}], lambda r: r is not null)"
    cells.append(f"case when _is_bad then {reasons} end as _reasons")
    cells.append(f"case when coalesce(_is_bad, false) then null when _is_unread then {reasons} end as _cells")
    if stand_ins:
        known = f"list_filter([{', '.join(stand_ins)}], lambda r: r is not null)"
        cells.append(f"case when coalesce(_is_bad, false) then null when _is_nothing then {known} end as _placeholders")
    else:
        cells.append("cast(null as varchar[]) as _placeholders")
    return (
        f"select {', '.join(cells)} from (select *, {flagged} from "
        f"(select *, {', '.join(values)} from ({texts}) t) t) t"
    )


def _kept(table: Table, column: Column, value: str, found: Sequence[Fault], is_nothing: str | None) -> str:
    """Return SQL of the value that is stored: null for what stands for nothing, and for a cell that is left unread."""
    if is_nothing is not None:
        return f"case when _is_nothing then case when {is_nothing} then null else {value} end else {value} end"
    # Of other types there is no value where a cell cannot be read.
    if costs_row(table, column) or not (column.type == "string" or column.values):
        return value
    is_unread = " or ".join(fault.condition for fault in found)
    return f"case when _is_unread then case when {is_unread} then null else {value} end else {value} end"


def _keyed(column: Column, text: str, source: str) -> str:
    """Text of a cell, made of file and row for an event that has no key, so that same-second repeats survive."""
    if column.name != "event_id":
        return text
    return f"coalesce({text}, {quoted(source[:12])} || ':' || t._file || ':' || t._row)"
