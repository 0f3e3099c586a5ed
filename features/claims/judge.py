"""Decide for every staged row: store it, call it an identical repeat, or quarantine it with every reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.codes import keyed_sql
from features.claims.contract import MONTH_COLUMNS, NULLABLE_KEYS
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.claims.contract import Table
    from features.claims.stage import Staged
    from features.engine import DuckDBEngine

CONFLICT = "key is taken by a row with other content"
ORPHAN = "no usable settlement with this settlement_id"


def judge(engine: DuckDBEngine, staged: Staged, replaced: Collection[str], *, upsert: bool) -> None:
    """Split a staged table into `good_<name>`, `repeat_<name>` and `bad_<name>`.

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
    table = staged.table
    name = table.name
    engine.create_table(f"keyed_{name}", _located_sql(staged))
    key = [table.by_name[column].stored_name for column in table.key]
    given = [table.by_name[c].stored_name for c in staged.columns if c not in table.key]
    # First come, first stored: a later row of the same key is a repeat or a conflict.
    ranked = f"select *, row_number() over (partition by {', '.join(key)} order by _order) as _nth from keyed_{name}"
    first = f"select * from ({ranked}) where _nth = 1"
    stored = f"select * from {name}"
    if table.has_month and replaced:
        stored += f" where month not in ({', '.join(quoted(month) for month in sorted(replaced))})"
    elif not table.has_month and upsert:
        stored += " where 1 = 0"
    engine.create_table(
        f"judged_{name}",
        f"""
        select k.*, s._stored is not null as _is_stored,
          case when s._stored is not null then {_equal("k", "s", given)}
               when k._nth > 1 then {_equal("k", "f", given)} end as _is_same
        from ({ranked}) k
        left join (select *, true as _stored from ({stored})) s on {_same_key("k", "s", table)}
        left join ({first}) f on k._nth > 1 and {_same_key("k", "f", table)}
        """,
    )
    engine.create_table(f"good_{name}", f"select * from judged_{name} where _is_same is null and not _orphan")
    engine.create_table(f"repeat_{name}", f"select _order from judged_{name} where _is_same and not _orphan")
    origin = "_raw, _file, _row, _position, _order"
    engine.create_table(
        f"bad_{name}",
        f"""
        select {origin}, _reasons from typed_{name} where len(_reasons) > 0
        union all
        select {origin}, list_filter([case when _orphan then {quoted(ORPHAN)} end,
          case when not _is_same then {quoted(CONFLICT)} end], lambda x: x is not null)
        from judged_{name} where _orphan or not _is_same
        """,
    )
    engine.execute(f"drop table judged_{name}")
    engine.execute(f"drop table keyed_{name}")


def _located_sql(staged: Staged) -> str:
    """Canonical rows with their claims month, and whether their settlement is unknown."""
    table = staged.table
    keyed = keyed_sql(table, staged.columns, "t._raw, t._file, t._row, t._position, t._order")
    if table.hangs_on_settlement:
        more = ", s.provider_key, s.person_key" if table.name == "claim_lines" else ""
        known = (
            "select settlement_key, provider_key, person_key, month from good_settlements "
            "union all select settlement_key, provider_key, person_key, month from kept_settlements"
        )
        return (
            f"select r.*{more}, s.month, s.settlement_key is null as _orphan from ({keyed}) r "
            f"left join ({known}) s on s.settlement_key = r.settlement_key"
        )
    if table.has_month and "month" not in table.by_name:
        month = f"strftime({MONTH_COLUMNS[table.name]}, '%Y-%m')"
        return f"select r.*, {month} as month, false as _orphan from ({keyed}) r"
    return f"select r.*, false as _orphan from ({keyed}) r"


def _equal(left: str, right: str, columns: Collection[str]) -> str:
    same = [f"{left}.{column} is not distinct from {right}.{column}" for column in columns]
    return f"({' and '.join(same)})" if same else "true"


def _same_key(left: str, right: str, table: Table) -> str:
    parts = []
    for column in table.key:
        stored = table.by_name[column].stored_name
        compare = "is not distinct from" if (table.name, column) in NULLABLE_KEYS else "="
        parts.append(f"{left}.{stored} {compare} {right}.{stored}")
    return " and ".join(parts)
