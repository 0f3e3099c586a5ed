"""Refuse a source of which nothing can be used: that is the mapping or the extract, and not single rows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.contract import REQUIRED_TABLES, TABLES
from features.claims.values.number_ids import NUMBER_REASONS
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from features.claims.staging.staged import Staged
    from features.engine import DuckDBEngine

# Of so many texts one would be readable, were the column what the mapping takes it for. Our proposal.
_MANY = 100


def refuse_unusable(staged: Iterable[Staged], engine: DuckDBEngine, have: Collection[str], where: str) -> None:
    """Refuse a source that lacks a required table, or gives one without a usable row, or a column without a cell.

    Parameters
    ----------
    staged : iterable of Staged
        What the source gives.
    engine : DuckDBEngine
        Holds it.
    have : collection of str
        Tables that the store has already.
    where : str
        The source, for the error.

    Raises
    ------
    InputError
        As said.
    """
    given = {each.table.name: each for each in staged}
    if not given:
        raise InputError.of("source", where, "holds no table of the contract", "check folder and mapping")
    is_delta = any(each.has_operation for each in given.values())
    for each in given.values():
        if each.n_unread >= _MANY:
            _refuse_unread(engine, each, where)
    for name in REQUIRED_TABLES:
        if name not in given:
            if name not in have:
                raise InputError.of(f"table '{name}'", where, "required and not there", "add it, or map it")
            continue
        rows, usable = engine.rows(f"select count(*), count(*) filter (where _reasons is null) from typed_{name}")[0]
        # A delta may change or delete bills and give nothing else.
        if not rows and (given[name].has_operation or (is_delta and name in have)):
            continue
        if not rows:
            raise _no_rows(engine, given[name], where)
        if not usable:
            each_reason = f"select unnest(_reasons) as r from typed_{name}"
            told = engine.rows(f"select r, count(*) from ({each_reason}) group by r order by 2 desc, 1")
            got = f"none of its {rows:,} rows is usable (most often: {told[0][0]})"
            hint = _hint(str(told[0][0]), name)
            raise InputError.of(f"table '{name}'", where, got, hint)


def _hint(reason: str, table: str) -> str:
    """Way out where no row of a table is usable, by what holds against most."""
    if reason.endswith(NUMBER_REASONS):
        return "export ids as text, not as numbers"
    is_dated = reason.partition(":")[0] in {column.name for column in TABLES[table].columns if column.is_dated}
    return "declare its form in `formats`, or map it" if is_dated else "check the mapping of that column"


def _refuse_unread(engine: DuckDBEngine, staged: Staged, where: str) -> None:
    """Refuse an optional column of many texts of which none can be read: that is the mapping, not the cells."""
    typed = f"typed_{staged.table.name}"
    told = f"select unnest(_cells) as reason from {typed} where _cells is not null"
    sql = f"select split_part(reason, ':', 1) as c, count(*), min(reason) from ({told}) group by c order by c"
    for column, n, reason in engine.rows(sql):
        if n >= _MANY and not engine.rows(f"select 1 from {typed} where {column} is not null limit 1"):
            got = f"none of its {n:,} texts can be read ({reason})"
            what = f"column '{column}' of table '{staged.table.name}'"
            raise InputError.of(what, where, got, "declare its form in `formats`, map it, or leave it out")


def _no_rows(engine: DuckDBEngine, staged: Staged, where: str) -> InputError:
    what = f"table '{staged.table.name}'"
    raws = dict.fromkeys(raw.name for raw in staged.sources)
    malformed = " union all ".join(f"select reason from {raw}_rejected" for raw in raws)
    told = engine.rows(
        f"select reason, count(*), sum(count(*)) over () from ({malformed}) group by 1 order by 2 desc, 1"
    )
    if not told:
        return InputError.of(what, where, "empty", "export it with its rows")
    got = f"no row, and {told[0][2]:,} lines that are none (most often: {told[0][0]})"
    return InputError.of(what, where, got, "export it again, or set `delimiter` and `encoding` in the mapping")
