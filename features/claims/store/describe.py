"""What a claims store holds, by table: read off the catalogue, no row is touched."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from features.claims.contract import TABLES
from features.claims.registers.registers import seen
from features.claims.store.part import CELLS, part_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.claims.store.part import Part
    from features.claims.store.store import ClaimsStore


@dataclass(frozen=True)
class TableContent:
    """One table of the contract, as stored.

    Parameters
    ----------
    table : str
        Contract name.
    n_rows, n_quarantined, n_unread : int
        Rows stored, of a register those known last; rows of its sources that lie in quarantine; rows that are kept
        without a cell that could not be read.
    size_bytes : int
        Size of its files.
    """

    table: str
    n_rows: int
    n_quarantined: int
    n_unread: int
    size_bytes: int


@dataclass(frozen=True)
class StoreContent:
    """A whole store.

    Parameters
    ----------
    snapshot : str
        Digest of the live files.
    months : tuple of str
        Claims months that hold settlements.
    settlements_by_month : dict of str to int
        Rows of settlements in each.
    tables : tuple of TableContent
        Tables that some source has given, in the contract's order.
    size_bytes : int
        Size of all live files, code tables and quarantine among them.
    """

    snapshot: str
    months: tuple[str, ...]
    settlements_by_month: dict[str, int]
    tables: tuple[TableContent, ...]
    size_bytes: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values for JSON."""
        return asdict(self)


def describe(store: ClaimsStore) -> StoreContent:
    """Return what a store holds.

    Raises
    ------
    ToolkitError
        A file of it is missing.
    """
    catalog = store.catalog
    by_month = dict.fromkeys(store.months(), 0)
    for part in catalog.tables.get("settlements", ()):
        by_month[part.month] += part.rows
    tables = []
    for name in TABLES:
        if name not in catalog.tables and name not in catalog.quarantine:
            continue
        parts, bad = catalog.tables.get(name, ()), catalog.quarantine.get(name, ())
        size = _size(store, parts)
        shown = parts if TABLES[name].has_month else seen(parts, None)
        unread = sum(part.rows for part in bad if part.month.endswith(CELLS))
        n_bad = sum(part.rows for part in bad) - unread
        tables.append(TableContent(name, sum(part.rows for part in shown), n_bad, unread, size))
    return StoreContent(
        snapshot=store.snapshot(),
        months=store.months(),
        settlements_by_month=by_month,
        tables=tuple(tables),
        size_bytes=_size(store, catalog.parts()),
    )


def _size(store: ClaimsStore, parts: Iterable[Part]) -> int:
    """Size of the files of parts, each counted once."""
    files = {part.file: part for part in parts}
    return sum(part_size(store.folder, part) for part in files.values())
