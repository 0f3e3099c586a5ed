"""Operations of a delta: rows that say of themselves whether they insert, update or delete by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.staging.staged import ORIGIN

if TYPE_CHECKING:
    from features.claims.contract import Table
    from features.engine import DuckDBEngine

# Where settlements have no operations: rows that hang on them may have their own.
NO_FATES = "select cast(null as bigint) as settlement_key, '' as _fate where false"


def sequenced_sql(rows: str, table: Table) -> str:
    """Return rows with the operation that counts: of several of one key the last of the source, as a log is read.

    Those before it are `overruled`, unless all of them insert. After an insertion in the same source an update is an
    `upsert`, which may find nothing stored, and a deletion a `withdraw`, which may as well.
    """
    key = ", ".join(table.stored_key)
    last = ", ".join(f"{column} desc" for column in ORIGIN)
    return f"""
      select * exclude (_n, _changes, _inserts, _back) replace (
        case when _n = 1 or not _changes then _operation
          when _back > 1 then 'overruled'
          when _operation in ('delete', 'withdraw') then if(_inserts, 'withdraw', _operation)
          else if(_inserts, 'upsert', 'update') end as _operation)
      from (
        select *, count(*) over key as _n, bool_or(_operation <> 'insert') over key as _changes,
          bool_or(_operation in ('insert', 'upsert')) over key as _inserts,
          row_number() over (partition by {key} order by {last}) as _back
        from ({rows}) window key as (partition by {key})
      )
    """


def hung_sql(rows: str, *, has_operation: bool) -> str:
    """Return rows that hang on settlements with the operation that these bring.

    What is given with an updated settlement takes the place of what it had; what is given with a deleted one goes, and
    is no orphan. Rows with operations of their own keep them, but for those of a deleted settlement.
    """
    own = "r._operation" if has_operation else "if(f._fate = 'update', 'upsert', 'insert')"
    goes = "f._fate = 'delete' and r._operation <> 'insert'" if has_operation else "f._fate = 'delete'"
    shown = "r.* exclude (_orphan, _operation)" if has_operation else "r.* exclude (_orphan)"
    return (
        f"select {shown}, r._orphan and not coalesce({goes}, false) as _orphan, "
        f"if(coalesce({goes}, false), 'withdraw', {own}) as _operation "
        f"from ({rows}) r left join fate_settlements f on f.settlement_key = r.settlement_key"
    )


def tell_fates(engine: DuckDBEngine) -> None:
    """Make `fate_settlements` of judged settlements: which stored ones the source updates or deletes."""
    engine.create_table(
        "fate_settlements",
        "select k.settlement_key, if(v._said = 'deleted', 'delete', 'update') as _fate "
        "from keyed_settlements k join verdict_settlements v on v._id = k.rowid "
        "where v._said in ('deleted', 'updated') or (v._said = 'same' and k._operation in ('update', 'upsert'))",
    )
