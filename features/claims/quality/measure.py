"""Count how often each of `RELATIONS` holds, over the judged rows of a source and those of the store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from features.claims.contract import CODE_COLUMNS, TABLES
from features.claims.give_way import moved_tables, updated_sql
from features.claims.quality.relation import add_counts
from features.claims.quality.relations import RELATIONS
from features.claims.report import Quality
from features.claims.same_row import same_key
from features.claims.staging.staged import ORIGIN
from features.claims.versions.standing import VERSIONED_TABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from features.claims.quality.relation import Counts, Relation
    from features.claims.staging.staged import Staged
    from features.claims.store.catalog import Catalog
    from features.engine import DuckDBEngine

# Tables of identifiers that people and spreadsheets write with and without leading zeros.
_ALIKE = {f"alike_{domain}": domain for domain in ("person", "provider", "practitioner")}
# Rows of a delta of which nothing is stored, and that speak of nothing stored.
_GONE = "_said in ('deleted', 'outdated', 'nowhere')"


def measure(
    engine: DuckDBEngine, staged: Collection[Staged], stored: Mapping[str, Collection[str]]
) -> tuple[tuple[Quality, ...], tuple[str, ...]]:
    """Count every relation that the source, and the store beside it, give the columns for.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds the judged tables of the source, and the stored ones under their own names.
    staged : collection of Staged
        The tables of the source.
    stored : mapping of str to collection of str
        Contract columns that the store has, by table.

    Returns
    -------
    tuple of Quality
        What was counted.
    tuple of str
        Meanings of the relations that could not be checked.
    """
    given = {f"{each.table.name}.{column}" for each in staged for column in each.known}
    known = given | {f"{table}.{column}" for table, columns in stored.items() for column in columns}
    names = _named(staged, stored)
    counted, unchecked = [], []
    for relation in RELATIONS:
        if given.issuperset(relation.needs) and known.issuperset(relation.known):
            rows = relation.rows.format_map(names)
            _make_alike(engine, rows)
            counted.append(_count(engine, relation, rows))
        else:
            unchecked.append(relation.meaning)
    return tuple(counted), tuple(unchecked)


def with_counts(catalog: Catalog, before: Catalog, quality: Collection[Quality], moved: Collection[str]) -> Catalog:
    """Return a catalogue that says of every new file of a table what was counted of its rows.

    Counts go with the file: they are gone where it gives way, and come back with it. Where a delta changes single rows
    of a month, the month's rows go on in new files, and so does what was counted of them.

    Parameters
    ----------
    catalog, before : Catalog
        The catalogue to be written; the one that it takes the place of.
    quality : collection of Quality
        What was counted of the source.
    moved : collection of str
        Tables that a delta changes.
    """
    old, live = before.files(), catalog.files()
    relations = {file: counts for file, counts in before.relations.items() if file in live}
    for table, parts in catalog.tables.items():
        new = [part for part in parts if part.file not in old]
        for part in new:
            month = part.month if TABLES[table].has_month else ""
            if table not in moved:
                counts = _of_source(quality, table, month)
            elif part == next(each for each in new if each.month == month):
                gone = [each for each in before.tables.get(table, ()) if each.month == month and each.file not in live]
                counts = add_counts(
                    [*(before.relations.get(each.file, {}) for each in gone), _of_source(quality, table, month)]
                )
            else:
                continue
            if counts:
                relations[part.file] = counts
    return replace(catalog, relations=relations)


def _of_source(quality: Collection[Quality], table: str, month: str) -> Counts:
    of_table = (each for each in quality if each.table == table)
    return {each.name: (n, failing) for each in of_table for name, n, failing in each.months if name == month}


def _named(staged: Collection[Staged], stored: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Return the relations that SQL of a `Relation` may name, by that name."""
    given = {each.table.name: each for each in staged}
    moved = moved_tables(staged)
    names = {}
    for name, table in TABLES.items():
        columns = ", ".join(column for column, _ in table.stored)
        left, good, usable = f"stored_{name}" if name in VERSIONED_TABLES else name, f"good_{name}", f"keyed_{name}"
        origin = ", ".join(f"null as {column}" for column in ORIGIN)
        names[name] = usable if name in given else f"(select *, {origin} from {left} where 1 = 0)"
        if name in given and (name in moved or given[name].has_operation):
            names[name] = f"(select * from {usable} where rowid not in (select _id from verdict_{name} where {_GONE}))"
            good = updated_sql(stored, given[name]) if name in moved else good
        if name in moved:
            same = same_key("g", "s", table)
            left = f"(select * from {left} s where not exists (select 1 from gone_{name} g where {same}))"
        both = [left, *([good] if name in given else []), *([f"carried_{name}"] if name in moved else [])]
        names[f"stored_{name}"] = left
        names[f"known_{name}"] = f"({' union all '.join(f'select {columns} from {each}' for each in both)})"
    return names | {name: name for name in _ALIKE}


def _make_alike(engine: DuckDBEngine, rows: str) -> None:
    """Make the tables of twins that SQL of a relation names and no relation before it has asked for."""
    for name, domain in _ALIKE.items():
        if name in rows and name not in engine.tables:
            engine.create_table(name, _alike(domain))


def _alike(domain: str) -> str:
    """Return SQL of the keys whose identifiers have a twin that differs by leading zeros only."""
    code = CODE_COLUMNS[domain]
    bare = f"ltrim({code}, '0')"
    padded = f"select {bare} from all_{domain} where starts_with({code}, '0')"
    among = f"select {domain}_key, {bare} as bare from all_{domain} where {bare} in ({padded})"
    return f"select {domain}_key from ({among}) qualify count(*) over (partition by bare) > 1"


def _count(engine: DuckDBEngine, relation: Relation, rows: str) -> Quality:
    month = "coalesce(month, '')" if TABLES[relation.table].has_month else "''"
    counts = f"select {month} as month, count(*), count(*) filter (where fails) from ({rows}) group by 1 order by 1"
    months = tuple((str(name), int(n), int(failing)) for name, n, failing in engine.rows(counts))
    n_failing = sum(failing for _, _, failing in months)
    first = ""
    if n_failing:
        place = f"select _file || ' row ' || _row from ({rows}) where fails order by {', '.join(ORIGIN)} limit 1"
        first = str(engine.rows(place)[0][0])
    n_checked = sum(n for _, n, _ in months)
    return Quality(relation.name, relation.meaning, n_checked, n_failing, first, relation.kind, relation.table, months)
