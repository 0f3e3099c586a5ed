"""Parquet columns as the texts that a CSV file of the same rows would hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.claims.values.grammar import NO_TEXT

if TYPE_CHECKING:
    from features.engine import DuckDBEngine

# Types whose text is the value.
_PLAIN = re.compile(
    r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|VARCHAR|BOOLEAN|DECIMAL\(\d+,\d+\)|DATE|TIME(_NS)?|UUID|JSON|"
    r"TIME WITH TIME ZONE|TIMESTAMP(_S|_MS|_NS|TZ|TZ_NS)?|TIMESTAMP WITH TIME ZONE|ENUM\(.*\)"
)


def spelled(engine: DuckDBEngine, reader: str, columns: list[tuple[str, str]], path_sql: str) -> str:
    """Return SQL of the rows of a Parquet file, its columns spelled so that a cast to text loses nothing.

    Binary floats are written with all digits of their shortest form, without exponent; bytes are read as UTF-8. The
    old 96-bit times, which carry no word on their zone, are instants in UTC, as Spark and Hive write them. Nested
    values, and bytes that are no UTF-8, are no text.

    Parameters
    ----------
    engine : DuckDBEngine
        Reads the file.
    reader : str
        SQL of its rows.
    columns : list of (str, str)
        Name and type of its columns.
    path_sql : str
        SQL of its path.
    """
    sql = f"select name from parquet_schema({path_sql}) where type = 'INT96'"
    old_times = {str(row[0]) for row in engine.rows(sql)}
    changed = []
    for name, kind in columns:
        column = '"' + name.replace('"', '""') + '"'
        if kind in {"DOUBLE", "FLOAT"}:
            changed.append(f"{_digits(column)} as {column}")
        elif kind == "BLOB":
            changed.append(f"coalesce(try(decode({column})), {_no_text(column)}) as {column}")
        elif name in old_times and kind.startswith("TIMESTAMP"):
            changed.append(f"timezone('UTC', cast({column} as timestamp)) as {column}")
        elif not _PLAIN.fullmatch(kind):
            changed.append(f"{_no_text(column)} as {column}")
    return f"(select * replace ({', '.join(changed)}) from {reader})" if changed else reader


def _digits(column: str) -> str:
    text = f"cast({column} as varchar)"
    whole, part = (f"cast(try_cast({text} as decimal(38, {scale})) as varchar)" for scale in (0, 37))
    exact = f"case when abs({column}) < 1 then {part} else {whole} end"
    # What 38 digits do not hold keeps its exponent, which is no number of the grammar.
    return (
        f"case when not contains({text}, 'e') then {text} "
        f"when try_cast({exact} as double) = cast({column} as double) then {exact} else {text} end"
    )


def _no_text(column: str) -> str:
    return f"{NO_TEXT} || cast({column} as varchar)"
