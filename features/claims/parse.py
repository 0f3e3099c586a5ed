"""Read texts as the contract's types, as SQL; what cannot be read gets a reason, never a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.claims.contract import Column, Table

# Beyond these a date is a typing error or a placeholder; 9999-12-31 stands for "open" in many extracts.
_FIRST_YEAR, _LAST_YEAR = 1850, 2200


def value_sql(column: Column, text: str) -> str:
    """Return SQL for the value in stored form (identifiers stay text), null where the text is no such value."""
    if column.scale is not None:
        return _scaled(text, column.scale)
    if column.values:
        known = ", ".join(quoted(value) for value in column.values)
        other = "'other'" if "other" in column.values else "null"
        return f"case when lower({text}) in ({known}) then lower({text}) when {text} is not null then {other} end"
    if column.type == "integer":
        return _scaled(text, 0)
    return _PLAIN.get(column.type, "{text}").format(text=text)


def _scaled(text: str, scale: int) -> str:
    """Exact integer of 10^-scale units, or null where digits would be lost."""
    # 64-bit decimals are five times as fast; what does not fit them takes the long way.
    exact = f"try_cast({text} as decimal(18, 8))"
    rounded = f"cast({exact} as decimal(18, {scale}))"
    whole = f"(try_cast({text} as decimal(38, 8)) * {10**scale})"
    return (
        f"case when {rounded} = {exact} then cast({rounded} * {10**scale} as bigint) "
        f"when {exact} is null and {whole} = trunc({whole}) then try_cast({whole} as bigint) end"
    )


def _in_years(value: str) -> str:
    return f"case when year({value}) between {_FIRST_YEAR} and {_LAST_YEAR} then {value} end"


_PLAIN = {
    "float": "case when isfinite(try_cast({text} as double)) then try_cast({text} as double) end",
    "boolean": "try_cast({text} as boolean)",
    "date": _in_years("coalesce(try_cast({text} as date), try_cast(try_cast({text} as timestamp) as date))"),
    "timestamp": _in_years("try_cast({text} as timestamp)"),
}


def faults(column: Column, text: str, value: str) -> list[tuple[str, str]]:
    """Return what may be wrong with a cell: SQL that is true where it is, and the reason; the first that holds counts.

    Parameters
    ----------
    column : Column
        The column.
    text, value : str
        SQL of the cell's text and of its parsed value.
    """
    name = column.name
    found = []
    if column.required:
        found.append((f"{text} is null", f"{name}: empty"))
    if column.type != "string":
        found.append((f"{text} is not null and {value} is null", f"{name}: {_wanted(column)}"))
    if name == "month":
        found.append((f"not regexp_full_match({text}, '[0-9]{{4}}-(0[1-9]|1[0-2])')", "month: not YYYY-MM"))
    return found


def _wanted(column: Column) -> str:
    if column.values:
        return f"not one of {', '.join(column.values)}"
    if column.scale is not None:
        return f"not a number of at most {column.scale} decimals"
    return {"integer": "not a whole number", "float": "not a number", "boolean": "not true or false"}.get(
        column.type, f"not a {column.type}"
    )


def typed_sql(table: Table, columns: Iterable[str], texts: str, *, source: str, keep: Iterable[str] = ()) -> str:
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
    keep : iterable of str
        Further columns of the relation.
    """
    given = [table.by_name[name] for name in columns]
    values, cells, conditions, reasons = [], list(keep), [], []
    for column in given:
        text, value = f"t.{column.name}", f"_value_{column.name}"
        values.append(f"{value_sql(column, _keyed(column, text, source))} as {value}")
        cells.append(f"{value} as {column.name}")
        found = faults(column, text, value)
        conditions += [condition for condition, _ in found]
        cases = " ".join(f"when {condition} then {quoted(reason)}" for condition, reason in found)
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
