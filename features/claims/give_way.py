"""Which stored rows give way, to a replaced month or to a delta: by table and month, and never too many unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.contract import SETTLEMENT_TABLES, TABLES
from features.claims.report import GaveWay
from features.claims.same_row import same_key
from features.claims.staging.line_serials import needs_serials, numbered_columns
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from features.claims.contract import Table
    from features.claims.staging.staged import Staged
    from features.claims.store.catalog import Catalog
    from features.engine import DuckDBEngine

# A correction takes back single bills; a month that loses every fifth was more likely given in part. Our proposal.
MAX_MONTH_SHRINK = 0.2

# Tables by whose rows the size of a month is told.
_SIZES = ("settlements", "claim_lines")
_MONTHS_SHOWN = 12


def moves_settlements(staged: Iterable[Staged]) -> bool:
    """Whether a source updates or deletes settlements, and so what hangs on them."""
    return any(each.table.name == "settlements" and each.has_operation for each in staged)


def find_gone(engine: DuckDBEngine, table: Table, staged: Staged | None, *, moved: bool) -> None:
    """Make `gone_<name>`, keys and months of stored rows that give way to a delta, and `carried_<name>`.

    The latter holds rows that stay, though what they have of their settlement (its month, provider and person) changes;
    as they are stored they are among those that give way.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds the stored rows, the verdicts of the table where the source gives it, and the fates of settlements.
    table : Table
        A table of months.
    staged : Staged, optional
        As the source gives it.
    moved : bool
        Whether the source updates or deletes settlements.
    """
    name = table.name
    key = ", ".join(f"s.{column}" for column in table.stored_key)
    queries = []
    if staged is not None:
        queries.append(
            f"select {key}, s.month from {name} s join keyed_{name} k on {same_key('k', 's', table)} "
            f"join verdict_{name} v on v._id = k.rowid where v._said in ('updated', 'deleted') and not v._orphan"
        )
    if moved and table.hangs_on_settlement:
        joined = "join fate_settlements f on f.settlement_key = s.settlement_key"
        hung = f"select {key}, s.month from {name} s {joined}"
        queries.append(f"{hung} where f._fate = 'delete'")
        if staged is not None and not staged.has_operation:
            given = f"select 1 from keyed_{name} k where not k._orphan and {same_key('k', 's', table)}"
            queries.append(f"{hung} where f._fate = 'update' and not exists ({given})")
    engine.create_table(f"gone_{name}", " union ".join(queries) or f"select {key}, s.month from {name} s where false")
    carried = f"select s.* from {name} s where false"
    if moved and table.hangs_on_settlement and (staged is None or staged.has_operation):
        taken = ("month", "provider_key", "person_key") if name == "claim_lines" else ("month",)
        shown = ", ".join(f"g.{column} as {column}" for column in taken)
        changed = " or ".join(f"g.{column} is distinct from s.{column}" for column in taken)
        gone = f"select 1 from gone_{name} o where {same_key('o', 's', table)}"
        carried = (
            f"select s.* replace ({shown}) from {name} s "
            f"join good_settlements g on g.settlement_key = s.settlement_key "
            f"where ({changed}) and not exists ({gone})"
        )
    engine.create_table(f"carried_{name}", carried)
    same = same_key("c", "s", table)
    engine.execute(f"insert into gone_{name} select {key}, s.month from {name} s join carried_{name} c on {same}")


def moved_tables(staged: Collection[Staged]) -> tuple[str, ...]:
    """Tables of months of which a delta may change stored rows."""
    own = {each.table.name for each in staged if each.has_operation and each.table.has_month}
    return tuple(sorted(own | (set(SETTLEMENT_TABLES) if moves_settlements(staged) else set())))


def replaced_tables(staged: Iterable[Staged]) -> set[str]:
    """Tables whose rows of a replaced month give way: those that are given, and all that hangs on settlements."""
    names = {each.table.name for each in staged if each.table.has_month}
    return names | (set(SETTLEMENT_TABLES) if "settlements" in names else set())


def updated_sql(stored: Mapping[str, Collection[str]], staged: Staged) -> str:
    """Return SQL of the good rows of a delta; in what the source does not give a row is as the one it takes over from.

    Parameters
    ----------
    stored : mapping of str to collection of str
        Contract columns that the store has, by table.
    staged : Staged
        The table as the source gives it.
    """
    table, name = staged.table, staged.table.name
    given = {*staged.columns, *table.key, *(numbered_columns() if needs_serials(table, staged.columns) else ())}
    known = [table.by_name[column].stored_name for column in stored.get(name, ()) if column not in given]
    if not known:
        return f"good_{name}"
    kept = ", ".join(f"s.{column} as {column}" for column in known)
    return f"(select g.* replace ({kept}) from good_{name} g left join {name} s on {same_key('g', 's', table)})"


def count_gave_way(
    engine: DuckDBEngine, catalog: Catalog, staged: Collection[Staged], replaced: Collection[str]
) -> tuple[GaveWay, ...]:
    """Count the stored rows that give way, by month and table, and what takes their place.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds the judged tables.
    catalog : Catalog
        What is stored.
    staged : collection of Staged
        The tables of the source.
    replaced : collection of str
        Months that are replaced.
    """
    given = {each.table.name for each in staged}
    moved = moved_tables(staged)
    found = []
    for name in sorted(replaced_tables(staged) if replaced else moved):
        before: dict[str, int] = {}
        for part in catalog.tables.get(name, ()):
            before[part.month] = before.get(part.month, 0) + part.rows
        whole = {month: before[month] for month in replaced if month in before}
        gone = _by_month(engine, f"gone_{name}") if name in moved else whole
        new = _by_month(engine, f"good_{name}") if name in given else {}
        carried = _by_month(engine, f"carried_{name}") if name in moved else {}
        for month, n_gone in gone.items():
            n_now = before[month] - n_gone + new.get(month, 0) + carried.get(month, 0)
            found.append(GaveWay(month, name, before[month], n_gone, n_now))
    order = list(TABLES)
    return tuple(sorted(found, key=lambda each: (each.month, order.index(each.table))))


def _by_month(engine: DuckDBEngine, table: str) -> dict[str, int]:
    return {month: int(n) for month, n in engine.rows(f"select month, count(*) from {table} group by month")}


def refuse_shrinking(gave_way: Iterable[GaveWay], most: float) -> None:
    """Refuse a source under which a month loses too many bills or lines.

    Parameters
    ----------
    gave_way : iterable of GaveWay
        As counted.
    most : float
        Share of a month's settlements, or lines, that may go.

    Raises
    ------
    InputError
        A month shrinks by more; nothing was written.
    """
    sizes = [each for each in gave_way if each.table in _SIZES]
    shrinking = {each.month for each in sizes if each.n_now < each.n_before * (1 - most)}
    if not shrinking:
        return
    told = "; ".join(
        f"{each.month} {each.table} from {each.n_before:,} to {each.n_now:,}"
        for each in sizes
        if each.month in sorted(shrinking)[:_MONTHS_SHOWN]
    )
    got = f"would shrink by more than {most:.0%}: {told}"
    hint = "give the whole month, map an `operation` to change single bills, or give --allow-shrink"
    raise InputError.of("claims month", ", ".join(sorted(shrinking)[:_MONTHS_SHOWN]), got, hint)
