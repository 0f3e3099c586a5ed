"""SHA-256 of stored rows, so that an investigator can tell whether a line is still the one that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.claims.contract import CODE_COLUMNS, TABLES
from fraud.findings import row_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.engine import DuckDBEngine


def row_hashes(engine: DuckDBEngine, keys_sql: str, *, of_lines: bool, of_settlements: bool) -> pd.DataFrame:
    """Hash the stored rows of lines and whole settlements.

    Parameters
    ----------
    engine : DuckDBEngine
        The store is attached with the months of the rows.
    keys_sql : str
        SELECT of `settlement_key` and `line_number`; null means the row of `settlements`.
    of_lines, of_settlements : bool
        Whether there are such keys: to look for none takes as long as to look for few.

    Returns
    -------
    DataFrame
        One row per row asked for: `settlement_id`, `line_number` (Int64), `row_hash`; sorted.
    """
    asked = (
        (of_lines, "claim_lines", "k.line_number = t.line_number"),
        (of_settlements, "settlements", "k.line_number is null"),
    )
    found = [_hashed(_stored_rows(engine, table, keys_sql, which)) for is_asked, table, which in asked if is_asked]
    hashes = pd.concat(found, ignore_index=True)
    return hashes.sort_values(["settlement_id", "line_number"], ignore_index=True)


def _stored_rows(engine: DuckDBEngine, table: str, keys_sql: str, which: str) -> pd.DataFrame:
    """Rows as text under their contract names; identifiers as they came, absent columns null."""
    columns, joins = [], []
    for column in TABLES[table].columns:
        if column.domain is None:
            columns.append(f"{engine.dialect.text(f't.{column.name}')} as {column.name}")
        else:
            codes, own = f"codes_{column.domain}", f"c_{column.name}"
            key = f"{column.domain}_key"
            named = f"select * from {codes} where {key} in (select {column.stored_name} from rows_found)"
            joins.append(f"left join ({named}) {own} on {own}.{key} = t.{column.stored_name}")
            columns.append(f"{own}.{CODE_COLUMNS[column.domain]} as {column.name}")
    rows = f"select t.* from {table} t join ({keys_sql}) k on k.settlement_key = t.settlement_key and {which}"
    return engine.frame(f"with rows_found as ({rows}) select {', '.join(columns)} from rows_found t {' '.join(joins)}")


def _hashed(rows: pd.DataFrame) -> pd.DataFrame:
    numbers = rows["line_number"] if "line_number" in rows else pd.Series(pd.NA, index=rows.index)
    return pd.DataFrame(
        {
            "settlement_id": rows["settlement_id"].astype("str"),
            "line_number": pd.to_numeric(numbers).astype("Int64"),
            "row_hash": [row_hash(row) for row in _records(rows)],
        }
    )


def _records(rows: pd.DataFrame) -> Iterator[dict[str, str | None]]:
    texts = rows.astype(object).where(rows.notna(), None)
    for values in texts.itertuples(index=False, name=None):
        yield dict(zip(texts.columns, values, strict=True))
