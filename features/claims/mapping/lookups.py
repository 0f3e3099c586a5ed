"""What ids became: crosswalks of reissued cards and merged providers, followed to their ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from features.claims.mapping.blocks import rows_sql
from features.claims.mapping.computed import clean_sql, computed
from features.claims.mapping.expressions import translate
from features.claims.mapping.looked_up import asked_sql
from features.claims.mapping.steps import uses
from features.claims.values import grammar
from features.claims.values.grammar import CIRCLE, NO_TEXT, NOT_FOUND, SEVERAL, is_all
from features.engine import quoted
from features.errors import InputError
from features.outside import first_line, plain_line

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingType

    from features.claims.contract import Table
    from features.claims.mapping.mapping import Block, Mapping
    from features.claims.mapping.steps import Lookup
    from features.claims.reading.texts import Raw
    from features.engine import DuckDBEngine

# Ids that followed one another; a card is reissued every few years.
MAX_STEPS = 64
# What stands for "none" or "open" where a day should: no month, no day, no year, or years that overflowed.
_OPEN = r"(0000-.*|[0-9]{4}-(00-[0-9]{2}|[0-9]{2}-00)|[+]?[0-9]{5,}-[0-9]{2}-[0-9]{2})([ T].*)?"


def make_crosswalks(engine: DuckDBEngine, mapping: Mapping, raw: MappingType[str, Raw]) -> None:
    """Make `crosswalk_<name>` of every look-up, by its number among those of the mapping.

    Raises
    ------
    InputError
        A row of it cannot be read, or an expression is none of its source.
    """
    for number, (name, lookup) in enumerate(mapping.lookups.items()):
        table, where = _crosswalk(mapping, name), f"in [lookups.{name}]"
        if lookup.source is None:
            written = ", ".join(f"({quoted(old)}, {quoted(new)})" for old, new in lookup.to.items())
            engine.create_table(table, f"select * from (values {written}) t(_key, _value)")
            continue
        if lookup.source not in raw:  # optional, and the extract came without it
            parts = "".join(f", '' as _part_{place}" for place in range(len(lookup.beside)))
            days = ", current_date as _from, current_date as _until, current_date as _newest"
            engine.create_table(table, f"select '' as _key, '' as _value{parts}{days} where 1 = 0")
            continue
        source = raw[lookup.source]
        try:
            engine.create_table(f"read_{number}", _read_sql(mapping, lookup, source, where))
        except duckdb.Error as error:
            told = first_line(error) if isinstance(error, duckdb.BinderException) else "fails on a row of the source"
            hint = "source values are text: use number(x) to calculate"
            raise InputError.of("mapping expression", where, told, hint) from None  # the engine's words may hold a cell
        _refuse_unread(engine, f"read_{number}", lookup, where)
        engine.create_table(table, f"select * from read_{number} where _key is not null and _value is not null")
        engine.drop(f"read_{number}")


def _crosswalk(mapping: Mapping, name: str) -> str:
    return f"crosswalk_{list(mapping.lookups).index(name)}"


def _read_sql(mapping: Mapping, lookup: Lookup, source: Raw, where: str) -> str:
    texts = {"_key": lookup.key, "_value": lookup.value}
    texts |= {f"_part_{place}": text for place, text in enumerate(lookup.beside)}
    days = {"_from": lookup.valid_from, "_until": lookup.valid_until, "_newest": lookup.newest}
    cells = [f"{computed(text, source.columns, where)} as {name}" for name, text in texts.items()]
    for name, text in days.items():
        day = f"cast({computed(text, source.columns, where)} as varchar)" if text else "cast(null as varchar)"
        cells.append(f"case when not {is_all(day, _OPEN)} then {day} end as _text{name}")
        cells.append(
            f"case when {is_all(day, grammar.LOCAL_TIME)} then try_cast(left({day}, 10) as date) end as {name}"
        )
    only = f"where {translate(lookup.where, source.columns, where).sql}" if lookup.where else ""
    relation = clean_sql(source.columns, mapping.null_texts, source.name)
    return f"select _file, _row, {', '.join(cells)} from {relation} {only}"


def _refuse_unread(engine: DuckDBEngine, table: str, lookup: Lookup, where: str) -> None:
    faults = {name: f"starts_with({name}, {NO_TEXT})" for name in ("_key", "_value")}
    faults |= {f"_part_{place}": f"starts_with(_part_{place}, {NO_TEXT})" for place in range(len(lookup.beside))}
    faults |= {name: f"_text{name} is not null and {name} is null" for name in ("_from", "_until", "_newest")}
    words = {"_key": "key", "_value": "value", "_from": "valid_from", "_until": "valid_until", "_newest": "newest"}
    for name, fault in faults.items():
        sql = f"select count(*), min_by(_file || ' row ' || _row, (_file, _row)) from {table} where {fault}"
        n, first = engine.rows(sql)[0]
        if n:
            got = f"{words.get(name, 'beside')} cannot be read in {n:,} rows (first: {first})"
            hint = "dates are YYYY-MM-DD, empty is open; mend them, or say in an expression what they mean"
            raise InputError.of("lookup", where, plain_line(got), hint)


def look_up(
    engine: DuckDBEngine, mapping: Mapping, table: Table, block: Block, *, source: Raw, prefix: str
) -> dict[str, str]:
    """Find what became of every id that a block looks up.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds the crosswalks and the source.
    mapping, table, block
        As in `rows_sql`.
    source : Raw
        Texts of the block's source.
    prefix : str
        Of the tables that are made.

    Returns
    -------
    dict of str to str
        By column the table of the ids that became another, or that hold against their row: `_asked`, `_part_<n>`,
        `_day` and `_became`.
    """
    found = {}
    for number, (column, use) in enumerate(uses(mapping, block).items()):
        needed = [column] if use.day is None else [column, use.day]
        rows = rows_sql(mapping, table, block, needed, raw=source.columns, texts=source.name)
        found[column] = f"{prefix}_{number}"
        lookup = mapping.lookups[use.name]
        engine.create_table("walk_0", f"select *, _asked as _now from ({asked_sql(mapping, table, column, use, rows)})")
        _follow(engine, lookup, _crosswalk(mapping, use.name), found[column])
    return found


def _follow(engine: DuckDBEngine, lookup: Lookup, crosswalk: str, target: str) -> None:
    """Walk from every id to its end, all of them at once, a step at a time."""
    parts = [f"_part_{place}" for place in range(len(lookup.beside))]
    asked = ", ".join(f"w.{name}" for name in ("_asked", *parts, "_day"))
    holds = " and ".join(["c._key = w._now", *(f"c.{name} = w.{name}" for name in parts)])
    if lookup.is_dated:
        holds += " and w._day >= coalesce(c._from, w._day) and w._day <= coalesce(c._until, w._day)"
    ends = f"{target}_ends"
    engine.create_table(ends, "select *, false as _is_circle from walk_0 where 1 = 0")
    goes = f"exists (select 1 from {crosswalk} c where {holds} and c._value <> c._key)"
    for step in range(MAX_STEPS + 1):
        walk, further = f"walk_{step}", f"walk_{step + 1}"
        engine.create_table(further, _step_sql(lookup, crosswalk, walk, asked=asked, holds=holds))
        if step:
            engine.execute(f"insert into {ends} select *, false from {walk} w where not {goes}")
            engine.drop(walk)
        # Who is back where it began goes round; a walk that meets a circle further on is bounded by its steps.
        engine.execute(f"insert into {ends} select *, true from {further} where _now = _asked")
        engine.execute(f"delete from {further} where _now = _asked")
        if not engine.rows(f"select 1 from {further} limit 1"):
            break
    engine.execute(f"insert into {ends} select *, true from {further}")
    engine.drop(further)
    became = f"case when bool_or(_is_circle) then {CIRCLE} when min(_now) = max(_now) then min(_now) else {SEVERAL} end"
    moved = f"select {asked}, {became} as _became from {ends} w group by {asked}"
    unknown = f"{quoted(lookup.otherwise)}" if lookup.otherwise is not None else NOT_FOUND
    if lookup.otherwise is not None or lookup.unknown == "quarantine":
        is_known = f"exists (select 1 from {crosswalk} c where {holds}) or w._asked in (select _value from {crosswalk})"
        moved += f" union all select {asked}, {unknown} from walk_0 w where not ({is_known})"
    engine.create_table(target, moved)
    engine.drop(ends)
    engine.drop("walk_0")


def _step_sql(lookup: Lookup, crosswalk: str, walk: str, *, asked: str, holds: str) -> str:
    """Return SQL of where the ids of a walk go next; those that stay are not in it."""
    hits = f"select {asked}, c._value as _now from {walk} w join {crosswalk} c on {holds} where c._value <> c._key"
    if lookup.newest is None:
        return f"select distinct * from ({hits})"
    # Rows without a day are older than all with one.
    order = f"partition by {asked}, w._now order by c._newest desc nulls last"
    return f"select distinct * from ({hits} qualify rank() over ({order}) = 1)"
