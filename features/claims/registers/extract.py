"""The day of an extract: which of two says the newer word about a row, and from which month it was known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.registers.registers import REGISTERS
from features.claims.store.part import refuse_damaged
from features.engine import path_list
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from features.claims.mapping import Mapping
    from features.claims.staging.staged import Staged
    from features.claims.store.store import ClaimsStore
    from features.engine import DuckDBEngine

# A slip of the year in one bill must not make every later extract an older one. Our proposal.
_LEAST_SHARE = 0.01


@dataclass(frozen=True)
class Extract:
    """When what a source says was so.

    Parameters
    ----------
    day : str
        YYYY-MM-DD; of two extracts that of the later day says the newer word.
    month : str
        YYYY-MM from which its registers were known: that of the day, or the newest claims month where bills come
        with it and the day is later still.
    told_by : str
        What the day was read off: `--extracted`, `mapping`, `settlements` (the newest of the source) or `store` (the
        newest that it knows).
    """

    day: str
    month: str
    told_by: str


def extract_of(
    engine: DuckDBEngine, staged: Collection[Staged], store: ClaimsStore, mapping: Mapping, given: date | None
) -> Extract | None:
    """Tell the day of a source: as given, as its mapping says, of its newest bills, else the newest the store knows.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds the typed tables.
    staged : collection of Staged
        The tables of the source.
    store : ClaimsStore
        What is stored already.
    mapping : Mapping
        May name the day.
    given : date, optional
        By the caller; goes before the mapping's.

    Returns
    -------
    Extract or None
        None where the source has neither bills nor registers, so that its day says nothing.

    Raises
    ------
    InputError
        The source has registers, and nothing says of what day.
    """
    names = {each.table.name for each in staged}
    newest = _newest_settlement(engine) if "settlements" in names else None
    if newest is None and names.isdisjoint(REGISTERS):
        return None
    told = ((given, "--extracted"), (mapping.extracted, "mapping"), (newest, "settlements"))
    day, told_by = next(((day, by) for day, by in told if day is not None), (None, ""))
    if day is None:
        day, told_by = _newest_known(engine, store), "store"
    if day is None:
        got = "neither bills nor a day, and the store knows none"
        raise InputError.of("day of the extract", "of its registers", got, "give it with --extracted YYYY-MM-DD")
    month = f"{day:%Y-%m}"
    if newest is not None:
        month = min(month, max([f"{newest:%Y-%m}", *store.months()]))
    return Extract(day.isoformat(), month, told_by)


def _newest_settlement(engine: DuckDBEngine) -> date | None:
    """Day of the newest bill, among the months that hold a share of the source worth the name."""
    sql = (
        "select strftime(settle_time, '%Y-%m') as month, count(*), max(cast(settle_time as date)) "
        "from typed_settlements where _reasons is null and settle_time is not null group by month order by month"
    )
    found = engine.rows(sql)
    total = sum(n for _, n, _ in found)
    days: list[date] = [day for _, n, day in found if n >= total * _LEAST_SHARE]
    return days[-1] if days else None


def _newest_known(engine: DuckDBEngine, store: ClaimsStore) -> date | None:
    parts = {part.file: part for own in store.catalog.days.values() for part in own}.values()
    if parts:
        refuse_damaged(store.folder, parts)
        files = path_list(store.folder / part.file for part in parts)
        sql = f"select max(known_date) from read_parquet({files}, union_by_name = true)"
    else:
        months = store.months()
        if not months:
            return None
        bills = [part for part in store.catalog.tables["settlements"] if part.month == months[-1]]
        refuse_damaged(store.folder, bills)
        files = path_list(store.folder / part.file for part in bills)
        sql = f"select max(cast(settle_time as date)) from read_parquet({files})"
    day: date | None = engine.rows(sql)[0][0]
    return day
