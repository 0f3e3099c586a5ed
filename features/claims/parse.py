"""Read texts as the contract's types, as SQL; what cannot be read gets a reason, never a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.engine import quoted

if TYPE_CHECKING:
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
    rounded, exact = f"try_cast({text} as decimal(18, {scale}))", f"try_cast({text} as decimal(18, 8))"
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


def reason_sql(column: Column, text: str, value: str, *, required: bool) -> str:
    """Return SQL for the reason against a cell, null where there is none.

    Parameters
    ----------
    column : Column
        The column.
    text, value : str
        SQL of the cell's text and of its parsed value.
    required : bool
        Whether an empty cell is a fault.
    """
    name = column.name
    cases = []
    if required:
        cases.append(f"when {text} is null then {quoted(f'{name}: empty')}")
    if column.values:
        allowed = f"{name}: not one of {', '.join(column.values)}"
        cases.append(f"when {text} is not null and {value} is null then {quoted(allowed)}")
    elif column.type != "string":
        cases.append(f"when {text} is not null and {value} is null then {quoted(f'{name}: {_wanted(column)}')}")
    if name == "month":
        cases.append(f"when not regexp_full_match({text}, '[0-9]{{4}}-(0[1-9]|1[0-2])') then 'month: not YYYY-MM'")
    return f"case {' '.join(cases)} end" if cases else "null"


def _wanted(column: Column) -> str:
    if column.scale is not None:
        return f"not a number of at most {column.scale} decimals"
    return {"integer": "not a whole number", "float": "not a number", "boolean": "not true or false"}.get(
        column.type, f"not a {column.type}"
    )


def other_sql(table: Table, alias: str) -> list[tuple[str, str]]:
    """Return, by column, SQL that is true where an unlisted value became `other`."""
    found = []
    for column in table.columns:
        if "other" in column.values:
            known = ", ".join(quoted(value) for value in column.values)
            text = f"{alias}.{column.name}"
            found.append((column.name, f"{text} is not null and lower({text}) not in ({known})"))
    return found
