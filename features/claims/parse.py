"""Read texts as the contract's types, as SQL; what cannot be read gets a reason, never a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims import grammar
from features.claims.grammar import MAX_CHARACTERS, NO_TEXT, is_all
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


def faults(column: Column, text: str, value: str, zone: str | None = None) -> list[tuple[str, str]]:
    """Return what may be wrong with a cell: SQL that is true where it is, and SQL of the reason; the first counts.

    Parameters
    ----------
    column : Column
        The column.
    text, value : str
        SQL of the cell's text and of its parsed value.
    zone : str, optional
        As in `value_sql`.
    """
    name = column.name
    found = []
    if column.required:
        found.append((f"{text} is null", quoted(f"{name}: empty")))
    if column.type == "string" or column.values:
        found.append((f"{text} < chr(1)", _no_text(name, text)))  # begins with NO_TEXT: cheaper than a function
        # Bytes are known, characters are counted.
        is_long = f"case when strlen({text}) > {MAX_CHARACTERS} then length({text}) > {MAX_CHARACTERS} end"
        found.append((is_long, quoted(f"{name}: longer than {MAX_CHARACTERS:,} characters")))
    if column.type != "string":
        found.append((f"{text} is not null and {value} is null", _unread(column, text, zone)))
    if name == "month":
        found.append((f"not {is_all(text, grammar.MONTH)}", quoted("month: not YYYY-MM")))
    return found


def _no_text(name: str, text: str) -> str:
    cases = " ".join(f"when {mark} then {quoted(f'{name}: {words}')}" for mark, words in grammar.FAILURES.items())
    return f"case {text} {cases} else {quoted(f'{name}: not a text')} end"


def _unread(column: Column, text: str, zone: str | None) -> str:
    """Return SQL of the reason why a text is no value; only faulty rows are asked, so it may take its time."""
    name = column.name
    cases = [f"when starts_with({text}, {NO_TEXT}) then {_no_text(name, text)}"]
    if column.type in {"date", "timestamp"} and zone is None:
        said = f"{name}: an instant with an offset, and the mapping declares no zone"
        cases.append(f"when {is_all(text, grammar.INSTANT)} then {quoted(said)}")
    if column.scale is not None and column.precision is not None:
        digits = column.precision - column.scale
        said = f"{name}: a number of more than {digits} digits before the point"
        cases.append(f"when {is_all(text, grammar.long_number(digits))} then {quoted(said)}")
    return f"case {' '.join(cases)} else {quoted(f'{name}: {_wanted(column)}')} end"


def _wanted(column: Column) -> str:
    if column.values:
        return f"not one of {', '.join(column.values)}"
    if column.scale is not None:
        return f"not a number of at most {column.scale} decimals"
    return _WANTED[column.type]


_WANTED = {
    "boolean": "not true or false",
    "date": "not a date",
    "float": "not a number",
    "integer": "not a whole number",
    "timestamp": "not a timestamp",
}


def typed_sql(
    table: Table,
    columns: Iterable[str],
    texts: str,
    *,
    source: str,
    zone: str | None = None,
    keep: Iterable[str] = (),
) -> str:
    """Return SQL for typed rows: values, `_reasons` (null where nothing is against the row) and `_other_<column>`.

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
    given = [table.by_name[name] for name in columns]
    values, cells, conditions, reasons = [], list(keep), [], []
    for column in given:
        text, value = f"t.{column.name}", f"_value_{column.name}"
        values.append(f"{value_sql(column, _keyed(column, text, source), zone)} as {value}")
        cells.append(f"{value} as {column.name}")
        found = faults(column, text, value, zone)
        conditions += [condition for condition, _ in found]
        cases = " ".join(f"when {condition} then {reason}" for condition, reason in found)
        reasons += [f"case {cases} end"] if found else []
        if "other" in column.values:
            is_other = f"{value} = 'other' and lower({text}) <> 'other'"
            cells.append(f"coalesce({is_other}, false) as _other_{column.name}")
    # Lists are dear to build: only rows with something against them get one.
    told = f"list_filter([{', '.join(reasons)}], lambda r: r is not null)"
    is_faulty = " or ".join(conditions)
    cells.append(f"case when {is_faulty} then {told} end as _reasons")
    return f"select {', '.join(cells)} from (select *, {', '.join(values)} from ({texts}) t) t"


def _keyed(column: Column, text: str, source: str) -> str:
    """Text of a cell, made of file and row for an event that has no key, so that same-second repeats survive."""
    if column.name != "event_id":
        return text
    return f"coalesce({text}, {quoted(source[:12])} || ':' || t._file || ':' || t._row)"
