"""The claims store, read side: canonical tables as views on an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from features.claims.contract import CODE_COLUMNS, TABLES, table_named
from features.claims.quality.orders import SOUND_VIEWS
from features.claims.quality.relation import add_counts
from features.claims.registers.registers import seen
from features.claims.store.catalog import Catalog
from features.claims.store.part import columns_of, refuse_damaged
from features.claims.versions.effective import create_effective_views
from features.claims.versions.standing import LINKS, VERSIONED_TABLES, find_standing, forget_standing, show_standing
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from features.claims.quality.relation import Counts
    from features.claims.store.part import Part
    from features.engine import Engine

# After every month there is.
_LAST = "9999-12"
_CODES = "codes_"
# What absent tables are views of, and its columns by type: to name one costs less than to make it, and there are
# hundreds.
_NO_ROWS = "no_rows"
_UNKNOWN = {
    kind: f"no_{kind.lower()}" for kind in sorted({kind for table in TABLES.values() for _, kind in table.stored})
}


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

    def dimension_digest(self, *tables: str, month: str | None = None) -> str:
        """Digest of the tables that belong to no month, or of those named, as they are seen in a month or were last."""
        named = tables or [name for name, table in TABLES.items() if not table.has_month]
        return self.catalog.digest(named, month or _LAST)

    def relations(self, months: Sequence[str]) -> Counts:
        """Add up what ingest counted of the relations that should hold, over rows of some months and the registers."""
        counted: list[Counts] = []
        for table, parts in self.catalog.tables.items():
            by_month = [part for part in parts if part.month in set(months)]
            shown = by_month if TABLES[table].has_month else seen(parts, max(months, default=None))
            counted += [self.catalog.relations.get(part.file, {}) for part in shown]
        return add_counts(counted)

    def attach(
        self,
        engine: Engine,
        *,
        months: Sequence[str] | None = None,
        known_in: str | None = None,
        all_versions: bool = False,
        held_rows: int = 0,
    ) -> None:
        """Create one view per contract table on the engine and, save for all versions, those of `orders`, `effective`.

        Absent tables are empty and absent columns null: ask `has` before taking that for a fact. Of settlements and
        what hangs on them the views show what stands among the attached months (`standing`); every row is in
        `stored_settlements`, `stored_claim_lines` and so on.

        Parameters
        ----------
        engine : Engine
            Where the views are made, replacing those of an earlier call.
        months : sequence of str, optional
            Claims months to show; all when None.
        known_in : str, optional
            Month in which registers are shown as they were known; by default the newest of those shown. Where there is
            none they are shown as they were known last.
        all_versions : bool, default False
            Whether the views show versions that do not stand as well.
        held_rows : int, default 0
            Tables of at most so many rows are read into memory at once: many small statements then do not open their
            files again and again.

        Raises
        ------
        ToolkitError
            A file that is shown is missing or damaged.
        """
        month = known_in or max(months or (_LAST,))
        _name_nothing(engine)
        for table in TABLES.values():
            if not table.has_month:
                self._show_register(engine, table.name, month, held_rows)
        for domain in CODE_COLUMNS:
            self._show_codes(engine, domain)
        self._read_months(engine, months, held_rows)
        if self._is_linked and not all_versions:
            find_standing(engine)
        else:
            forget_standing(engine)
        show_standing(engine)
        if not all_versions:
            for name, sql in SOUND_VIEWS:
                engine.create_view(name, sql)
            create_effective_views(engine, is_linked=self._is_linked)

    def attach_only(self, engine: Engine, *names: str) -> None:
        """Create the views of some registers and `codes_*` alone, as known last: most of `attach` is for claims.

        Raises
        ------
        ToolkitError
            A file of theirs is missing or damaged.
        """
        _name_nothing(engine)
        for name in names:
            if name.startswith(_CODES):
                self._show_codes(engine, name.removeprefix(_CODES))
            else:
                self._show_register(engine, name, _LAST)

    def attach_months(self, engine: Engine, months: Sequence[str] | None) -> None:
        """Show other claims months, or all, on an engine where the store is attached.

        Registers stay as they are, and what stands is what stood among the months of `attach`.
        """
        self._read_months(engine, months)
        # Spark's views keep to what their tables were when they were named.
        show_standing(engine)
        create_effective_views(engine, is_linked=self._is_linked)

    def _show_codes(self, engine: Engine, domain: str) -> None:
        types = ((f"{domain}_key", "BIGINT"), (CODE_COLUMNS[domain], "VARCHAR"))
        self._view(engine, f"{_CODES}{domain}", types, self.catalog.codes.get(domain, ()))

    def _show_register(self, engine: Engine, name: str, month: str, held_rows: int = 0) -> None:
        self._view(engine, name, TABLES[name].stored, seen(self.catalog.tables.get(name, ()), month), held_rows)

    def _read_months(self, engine: Engine, months: Sequence[str] | None, held_rows: int = 0) -> None:
        for table in TABLES.values():
            if table.has_month:
                parts = self.catalog.tables.get(table.name, ())
                shown = [part for part in parts if months is None or part.month in set(months)]
                name = f"stored_{table.name}" if table.name in VERSIONED_TABLES else table.name
                self._view(engine, name, table.stored, shown, held_rows)

    @property
    def _is_linked(self) -> bool:
        return any(self.has("settlements", column) for column in LINKS)

    def _view(
        self,
        engine: Engine,
        name: str,
        types: Sequence[tuple[str, str]],
        parts: Sequence[Part],
        held_rows: int = 0,
    ) -> None:
        if not parts:
            columns = ", ".join(f"{_UNKNOWN[kind]} as {column}" for column, kind in types)
            engine.create_view(name, f"select {columns} from {_NO_ROWS}")
            return
        refuse_damaged(self.folder, parts)
        files = [self.folder / part.file for part in parts]
        known = frozenset[str]().union(*map(columns_of, files))
        # The contract has grown since these parts were written.
        absent = [(column, engine.dialect.type_name(kind)) for column, kind in types if column not in known]
        is_held = sum(part.rows for part in parts) <= held_rows
        engine.read_parquet_view(f"parts_{name}" if absent or is_held else name, files)
        if absent or is_held:
            shown = ["*", *(f"cast(null as {kind}) as {column}" for column, kind in absent)]
            create = engine.create_table if is_held else engine.create_view
            create(name, f"select {', '.join(shown)} from parts_{name}")


def _name_nothing(engine: Engine) -> None:
    """Create the view from which columns of absent tables are taken."""
    nothing = (f"cast(null as {engine.dialect.type_name(kind)}) as {name}" for kind, name in _UNKNOWN.items())
    engine.create_view(_NO_ROWS, f"select {', '.join(nothing)} where 1 = 0")
