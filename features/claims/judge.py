"""Decide for every staged row: store it, call it an identical repeat, or quarantine it with every reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.codes import keyed_sql
from features.claims.contract import MONTH_COLUMNS, NULLABLE_KEYS
from features.claims.line_serials import LOST_ORIGINAL, needs_serials, numbered_sql
from features.claims.stage import ORIGIN
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.claims.contract import Table
    from features.claims.stage import Staged
    from features.engine import DuckDBEngine

CONFLICT = "key is taken by a row with other content"
ORPHAN = "no usable settlement with this settlement_id"


def judge(engine: DuckDBEngine, staged: Staged, replaced: Collection[str], *, upsert: bool) -> None:
    """Split a staged table into `good_<name>`, `repeat_<name>` and `bad_<name>`; `typed_<name>` is used up.

    `cells_<name>` are the cells that good rows and repeats are kept without.

    Settlements must be judged before the tables that hang on them.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds `typed_<name>`, the code tables, and the stored tables under their own names.
    staged : Staged
        The table.
    replaced : collection of str
        Claims months whose stored rows do not count.
    upsert : bool
        Whether stored rows of a table without months give way to rows of the same key.
    """
    name = staged.table.name
    keyed = f"keyed_{name}"
    engine.create_table(keyed, _located_sql(staged))
    _compare(engine, staged, replaced, upsert=upsert)
    engine.create_table(f"repeat_{name}", f"select _id from verdict_{name} where _is_same and not _orphan")
    refused = f"select * from verdict_{name} where _orphan or not _is_same"
    origin = ", ".join(ORIGIN)
    unread = f"select {origin}, _cells from typed_{name} where _cells is not null"
    engine.create_table(
        f"bad_{name}",
        f"""
        select {origin}, _reasons, true as _is_faulty from typed_{name} where _reasons is not null
        union all
        select {", ".join(f"k.{column}" for column in ORIGIN)}, list_concat(list_filter([
          case when v._orphan then {_orphan_reason(staged)} end,
          case when not v._is_same then {quoted(CONFLICT)} end], lambda x: x is not null), c._cells), false
        from {keyed} k join ({refused}) v on v._id = k.rowid left join ({unread}) c on {_same_origin("k", "c")}
        """,
    )
    # Of a row that is set aside whole the cells are among its reasons.
    engine.create_table(
        f"cells_{name}",
        f"""
        select {origin}, _cells as _reasons from ({unread}) c
        where not exists (select 1 from bad_{name} k where {_same_origin("k", "c")})
        """,
    )
    for held in staged.held:
        engine.execute(f"drop table {held}")
    if not engine.rows(f"select 1 from verdict_{name} limit 1"):
        engine.create_view(f"good_{name}", f"select * from {keyed}")
        return
    kept = f"select * from {keyed} k where not exists (select 1 from verdict_{name} v where v._id = k.rowid)"
    engine.create_table(f"good_{name}", kept)


def _compare(engine: DuckDBEngine, staged: Staged, replaced: Collection[str], *, upsert: bool) -> None:
    """Make `verdict_<name>`: the rows that are not simply new, and whether they equal what has their key."""
    table, name = staged.table, staged.table.name
    key = ", ".join(table.by_name[column].stored_name for column in table.key)
    given = [table.by_name[c].stored_name for c in staged.columns if c not in table.key]
    stored = f"select * from {name}"
    if table.has_month and replaced:
        stored += f" where month not in ({', '.join(quoted(month) for month in sorted(replaced))})"
    elif not table.has_month and upsert:
        stored += " where 1 = 0"
    # First come, first stored: a later row of the same key is a repeat or a conflict.
    engine.create_table(f"twice_{name}", f"select {key} from keyed_{name} group by {key} having count(*) > 1")
    engine.create_table(
        f"twins_{name}",
        f"""
        select k.*, k.rowid as _id, row_number() over (
          partition by {", ".join(f"k.{column}" for column in key.split(", "))}
          order by {", ".join(f"k.{column}" for column in ORIGIN)}) as _nth
        from keyed_{name} k where exists (select 1 from twice_{name} t where {_same_key("t", "k", table)})
        """,
    )
    engine.create_table(
        f"verdict_{name}",
        f"""
        with known as (
          select k.rowid as _id, k._orphan, {_equal("k", "s", given)} as _is_same
          from keyed_{name} k join ({stored}) s on {_same_key("k", "s", table)}
        ), later as (
          select k._id, k._orphan, {_equal("k", "f", given)} as _is_same
          from twins_{name} k join twins_{name} f on f._nth = 1 and {_same_key("k", "f", table)}
          where k._nth > 1 and k._id not in (select _id from known)
        ), compared as (select * from known union all select * from later)
        select * from compared
        union all
        select rowid, _orphan, null from keyed_{name} where _orphan and rowid not in (select _id from compared)
        """,
    )
    engine.execute(f"drop table twins_{name}")
    engine.execute(f"drop table twice_{name}")


def _located_sql(staged: Staged) -> str:
    """Canonical rows with their claims month, and whether their settlement is unknown."""
    table = staged.table
    keyed = keyed_sql(table, staged.columns, ", ".join(f"t.{column}" for column in ORIGIN))
    is_by_serial = needs_serials(table, staged.columns)
    if is_by_serial:
        keyed = numbered_sql(keyed)
    if table.hangs_on_settlement:
        more = ", s.provider_key, s.person_key" if table.name == "claim_lines" else ""
        columns = "settlement_key, provider_key, person_key, month"
        known = (
            f"select settlement_key as named_key, {columns} from good_settlements "
            f"union all select settlement_key, {columns} from kept_settlements "
            f"union all select claim_key, {columns} from newest_kept"
        )
        return (
            f"select r.* replace (coalesce(s.settlement_key, r.settlement_key) as settlement_key){more}, s.month, "
            f"s.settlement_key is null{' or _lost_original' if is_by_serial else ''} as _orphan from ({keyed}) r "
            f"left join ({known}) s on s.named_key = r.settlement_key"
        )
    if table.has_month and "month" not in table.by_name:
        month = f"strftime({MONTH_COLUMNS[table.name]}, '%Y-%m')"
        return f"select r.*, {month} as month, false as _orphan from ({keyed}) r"
    return f"select r.*, false as _orphan from ({keyed}) r"


def _orphan_reason(staged: Staged) -> str:
    if not needs_serials(staged.table, staged.columns):
        return quoted(ORPHAN)
    return f"case when k.month is null then {quoted(ORPHAN)} else {quoted(LOST_ORIGINAL)} end"


def _equal(left: str, right: str, columns: Collection[str]) -> str:
    same = [f"{left}.{column} is not distinct from {right}.{column}" for column in columns]
    return f"({' and '.join(same)})" if same else "true"


def _same_origin(left: str, right: str) -> str:
    return " and ".join(f"{left}.{column} = {right}.{column}" for column in ORIGIN)


def _same_key(left: str, right: str, table: Table) -> str:
    parts = []
    for column in table.key:
        stored = table.by_name[column].stored_name
        compare = "is not distinct from" if (table.name, column) in NULLABLE_KEYS else "="
        parts.append(f"{left}.{stored} {compare} {right}.{stored}")
    return " and ".join(parts)
