"""Judge a register: a newer extract says the newer word about a row, an older one never takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.judge import Stored, judge
from features.claims.registers.registers import in_force, snapshots
from features.claims.same_row import equal, same_key
from features.claims.store.part import refuse_damaged
from features.engine import path_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.claims.contract import Table
    from features.claims.registers.extract import Extract
    from features.claims.staging.staged import Staged
    from features.claims.store.part import Part
    from features.claims.store.store import ClaimsStore
    from features.engine import DuckDBEngine


def judge_register(
    engine: DuckDBEngine, store: ClaimsStore, staged: Staged, extract: Extract, *, replaces: bool
) -> None:
    """Judge a register against its snapshot of the extract's month; see `features.claims.judge`.

    Leaves `snapshot_<name>` on the engine, the rows of that snapshot with their days.

    Parameters
    ----------
    engine, store, staged
        As in `judge_all`.
    extract : Extract
        Day of the source, and month from which it was known.
    replaces : bool
        Whether rows of the same day give way too.
    """
    table, name = staged.table, staged.table.name
    month = in_force(snapshots(store.catalog.tables.get(name, ())), extract.month)
    open_snapshot(engine, store, table, month, f"snapshot_{name}")
    given = [table.by_name[c].stored_name for c in staged.columns if c not in table.key]
    day = f"date '{extract.day}'"
    is_same, goes = equal("k", "s", given), "k._operation in ('delete', 'withdraw')"
    if month is not None and month > extract.month:
        # Older than all that is known: it says what was so then, and nothing of what came later.
        cases = f"when {goes} then 'outdated'" if staged.has_operation else ""
        cases, taken = f"{cases} when not {is_same} then 'earlier'", "'earlier'"
        rows = f"select * from snapshot_{name} where not _gone"
    else:
        cases = f"when s._gone or (not {is_same} and s.known_date > {day}) then 'outdated'"
        cases += f" when {goes} and s.known_date > {day} then 'outdated'" if staged.has_operation else ""
        taken = "'updated'" if replaces else f"if(s.known_date = {day}, 'conflict', 'updated')"
        rows = f"select * from snapshot_{name} where not _gone or known_date > {day}"
    judge(engine, staged, Stored(rows, cases, taken, updates=True, by_key=staged.has_operation))


def open_snapshot(engine: DuckDBEngine, store: ClaimsStore, table: Table, month: str | None, name: str) -> None:
    """Make a table of a register's snapshot.

    One row per key: the register's columns, `known_date` of the extract that last gave or deleted it (null: from
    always), and `_gone` where that deleted it.
    """
    columns = ", ".join(f"cast(null as {kind}) as {column}" for column, kind in table.stored)
    if month is None:
        engine.create_table(name, f"select {columns}, cast(null as date) as known_date, false as _gone where false")
        return
    parts, days = (
        snapshots(group.get(table.name, ())).get(month, ()) for group in (store.catalog.tables, store.catalog.days)
    )
    refuse_damaged(store.folder, (*parts, *days))
    rows = _rows(store, parts) if parts else f"(select {columns} where false)"
    if not days:
        engine.create_table(name, f"select *, cast(null as date) as known_date, false as _gone from {rows}")
        return
    own = same_key("r", "d", table)
    engine.create_table(
        name,
        f"""
        select r.*, d.known_date, false as _gone from {rows} r left join {_rows(store, days)} d on {own}
        union all by name
        select d.*, true as _gone from {_rows(store, days)} d where not exists (select 1 from {rows} r where {own})
        """,
    )


def _rows(store: ClaimsStore, parts: Iterable[Part]) -> str:
    return f"read_parquet({path_list(store.folder / part.file for part in parts)}, union_by_name = true)"
