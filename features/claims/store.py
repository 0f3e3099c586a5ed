"""The claims store, read side: canonical tables as views on an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from features.claims.catalog import Catalog
from features.claims.contract import CODE_COLUMNS, TABLES, table_named
from features.claims.effective import EFFECTIVE_VIEWS
from features.claims.orders import SOUND_VIEWS
from features.claims.part import refuse_damaged
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from features.claims.part import Part
    from features.engine import Engine


class ClaimsStore:
    """What has been ingested; never changes under its reader.

    Parameters
    ----------
    folder : Path
        The store's folder.
    catalog : Catalog
        Its live files at the moment of opening.
    """

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self.folder = folder
        self.catalog = catalog

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a store.

        Raises
        ------
        InputError
            There is no store, or it cannot be read.
        """
        catalog = Catalog.read(folder)
        if not catalog.tables:
            raise InputError.of("claims store", f"at {folder}", "nothing there", "run `fraud ingest SOURCE` first")
        return cls(folder, catalog)

    def months(self) -> tuple[str, ...]:
        """Months that hold settlements, sorted."""
        return tuple(sorted({part.month for part in self.catalog.tables.get("settlements", ())}))

    def has(self, table: str, column: str | None = None) -> bool:
        """Whether some source has given the table, or the column of it."""
        known = self.catalog.columns.get(table_named(table).name)
        if known is None:
            return False
        return column is None or column in known

    def snapshot(self) -> str:
        """Digest of everything stored: same content, same digest."""
        return self.catalog.digest()

    def month_digest(self, month: str) -> str:
        """Digest of one claims month."""
        return self.catalog.digest([name for name, table in TABLES.items() if table.has_month], month)

    def dimension_digest(self, *tables: str) -> str:
        """Digest of the tables that belong to no month, or of those named."""
        return self.catalog.digest(tables or [name for name, table in TABLES.items() if not table.has_month])

    def attach(self, engine: Engine, *, months: Sequence[str] | None = None) -> None:
        """Create one view per contract table on the engine, and those of `orders` and `effective`.

        Absent tables are empty and absent columns null: ask `has` before taking that for a fact.

        Parameters
        ----------
        engine : Engine
            Where the views are made, replacing those of an earlier call.
        months : sequence of str, optional
            Claims months to show; all when None. Tables without months are whole.

        Raises
        ------
        ToolkitError
            A file that is shown is missing or damaged.
        """
        for table in TABLES.values():
            if not table.has_month:
                self._view(engine, table.name, table.stored, self.catalog.tables.get(table.name, ()))
        for domain, column in CODE_COLUMNS.items():
            types = ((f"{domain}_key", "BIGINT"), (column, "VARCHAR"))
            self._view(engine, f"codes_{domain}", types, self.catalog.codes.get(domain, ()))
        for name, sql in SOUND_VIEWS:
            engine.create_view(name, sql)
        self.attach_months(engine, months)

    def attach_months(self, engine: Engine, months: Sequence[str] | None) -> None:
        """Show other claims months, or all, on an engine where the store is attached; registers stay as they are."""
        for table in TABLES.values():
            if table.has_month:
                parts = self.catalog.tables.get(table.name, ())
                shown = [part for part in parts if months is None or part.month in set(months)]
                self._view(engine, table.name, table.stored, shown)
        # Spark's views keep to what their tables were when they were named.
        for name, sql in EFFECTIVE_VIEWS:
            engine.create_view(name, sql)

    def _view(self, engine: Engine, name: str, types: Sequence[tuple[str, str]], parts: Sequence[Part]) -> None:
        if not parts:
            named = [(engine.dialect.type_name(kind), column) for column, kind in types]
            columns = ", ".join(f"cast(null as {kind}) as {column}" for kind, column in named)
            engine.create_view(name, f"select {columns} where 1 = 0")
            return
        refuse_damaged(self.folder, parts)
        engine.read_parquet_view(name, [self.folder / part.file for part in parts])
