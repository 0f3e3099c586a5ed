"""Write what an extract says of a register into its snapshots, with the days from which each row was known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from features.claims.registers.judge import open_snapshot
from features.claims.registers.registers import in_force, snapshots
from features.claims.same_row import equal, same_key
from features.claims.staging.staged import ORIGIN
from features.claims.store.write_part import write_query

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from features.claims.contract import Table
    from features.claims.registers.extract import Extract
    from features.claims.staging.staged import Staged
    from features.claims.store.part import Part
    from features.claims.store.store import ClaimsStore
    from features.engine import DuckDBEngine


@dataclass(frozen=True)
class Snapshots:
    """A register's parts after an extract: of its rows, and of their days."""

    parts: tuple[Part, ...]
    days: tuple[Part, ...]


def write_register(
    engine: DuckDBEngine,
    store: ClaimsStore,
    staged: Staged,
    extract: Extract,
    months: Collection[str],
    *,
    replaces: bool,
) -> Snapshots:
    """Write the snapshots of a register that an extract changes.

    That of its month takes the newer rows; later ones take what they lack, and what they knew from an older extract.
    Snapshots that earlier months of the source are seen by only take keys that they lack: whoever the bills of a month
    name is known in it, by what is known now.

    Parameters
    ----------
    engine, store, staged, extract, replaces
        As in `judge_register`, which ran.
    months : collection of str
        Claims months of the source.
    """
    table, name = staged.table, staged.table.name
    writer = _Writer(engine, store.folder, staged, extract)
    parts, days = (snapshots(group.get(name, ())) for group in (store.catalog.tables, store.catalog.days))
    found = {month: Snapshots(own, days.get(month, ())) for month, own in parts.items()}
    base = in_force(found, extract.month)
    engine.create_table(f"given_{name}", _given_sql(engine, table))
    old = Snapshots((), ()) if base is None else found[base]
    later = sorted(month for month in found if month > extract.month)
    if base is not None and base > extract.month:
        # Before all that is known: what the extract does not say is as it was later, and nobody said it by then.
        engine.execute(f"update snapshot_{name} set known_date = null")
    # What the judge saw has been decided.
    found[extract.month] = writer.merged(f"snapshot_{name}", extract.month, old, writer.older(or_equal=True))
    for month in later:
        open_snapshot(engine, store, table, month, f"later_{name}")
        found[month] = writer.merged(f"later_{name}", month, found[month], writer.older(or_equal=replaces))
    earlier = {in_force(found, month) for month in months if month < extract.month}
    for month in sorted(each for each in earlier if each is not None and each < extract.month):
        open_snapshot(engine, store, table, month, f"earlier_{name}")
        more = writer.added(f"earlier_{name}", month)
        found[month] = Snapshots((*found[month].parts, *more.parts), (*found[month].days, *more.days))
    return Snapshots(
        tuple(sorted(part for own in found.values() for part in own.parts)),
        tuple(sorted(part for own in found.values() for part in own.days)),
    )


def _given_sql(engine: DuckDBEngine, table: Table) -> str:
    """Rows of the source that say something of their key, one a key, with what was said of them."""
    name = table.name
    joined = f"keyed_{name} k left join verdict_{name} v on v._id = k.rowid"
    rows = f"select k.*, coalesce(v._said, 'new') as _said from {joined}"
    told = f"{rows} where v._said is null or v._said in ('updated', 'earlier', 'same', 'deleted')"
    if not engine.rows(f"select 1 from verdict_{name} where _said = 'same' limit 1"):
        return told
    first = f"partition by {', '.join(table.stored_key)} order by {', '.join(ORIGIN)}"
    return f"select * from ({told}) qualify row_number() over ({first}) = 1"


@dataclass(frozen=True)
class _Writer:
    engine: DuckDBEngine
    store: Path
    staged: Staged
    extract: Extract

    def merged(self, snapshot: str, month: str, old: Snapshots, open_to: str) -> Snapshots:
        """Write a snapshot with what its rows that are open to the extract take from it, and the rows that it lacks."""
        table, name = self.staged.table, self.staged.table.name
        given = {table.by_name[c].stored_name for c in self.staged.columns if c not in table.key}
        won = "coalesce(s._is_open and x._is_given, false)"
        cells = [
            f"if({won}, x.{column}, s.{column}) as {column}" if column in given else f"s.{column}"
            for column, _ in table.stored
        ]
        key = ", ".join(f"s.{column}" for column in table.stored_key)
        is_same = equal("s", "x", given)
        met = (
            f"(select *, {open_to} as _is_open from {snapshot}) s left join (select *, true as _is_given, "
            f"_said = 'deleted' as _goes from given_{name}) x on {same_key('s', 'x', table)}"
        )
        changes = f"select 1 from {met} where {won} and (s._gone <> x._goes or not (s._gone or {is_same}))"
        parts = tuple(replace(part, month=month) for part in old.parts)
        if not parts or self.engine.rows(f"select 1 from ({changes} union all {self._lacking(snapshot, '1')}) limit 1"):
            kept = f"select {', '.join(cells)} from {met} where if({won}, not x._goes, not s._gone)"
            columns = ", ".join(f"x.{column}" for column, _ in table.stored)
            parts = self._written("parts", month, f"{kept} union all {self._lacking(snapshot, columns)}")
        day = f"if({won}, {self._day}, s.known_date)"
        days = f"select {key}, {day} as known_date from {met} where {day} is not null"
        return Snapshots(
            parts, self._written("days", month, f"{days} union all {self._lacking(snapshot, self._dated)}")
        )

    def added(self, snapshot: str, month: str) -> Snapshots:
        """Write the rows that a snapshot lacks beside it."""
        columns = ", ".join(f"x.{column}" for column, _ in self.staged.table.stored)
        parts = self._written("parts", month, self._lacking(snapshot, columns))
        return Snapshots(parts, self._written("days", month, self._lacking(snapshot, self._dated)) if parts else ())

    def older(self, *, or_equal: bool) -> str:
        """Return the predicate that the row of a snapshot is from an older extract than this one."""
        return f"(known_date is null or known_date {'<=' if or_equal else '<'} {self._day})"

    @property
    def _day(self) -> str:
        return f"date '{self.extract.day}'"

    @property
    def _dated(self) -> str:
        return f"{', '.join(f'x.{column}' for column in self.staged.table.stored_key)}, {self._day} as known_date"

    def _lacking(self, snapshot: str, columns: str) -> str:
        table = self.staged.table
        known = f"select 1 from {snapshot} s where {same_key('s', 'x', table)}"
        return f"select {columns} from given_{table.name} x where x._said <> 'deleted' and not exists ({known})"

    def _written(self, folder: str, month: str, sql: str) -> tuple[Part, ...]:
        order = ", ".join(self.staged.table.stored_key)
        place = f"{folder}/{self.staged.table.name}"
        # The engine writes whether a column can be null as it guesses; of a list's element it never guesses.
        known = "* replace (list_extract([known_date], 1) as known_date)" if folder == "days" else "*"
        part = write_query(self.engine, self.store, place, f"select {known} from ({sql}) order by {order}")
        return (replace(part, month=month),) if part else ()
