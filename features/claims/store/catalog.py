"""Which files of a store are live: one JSON file, replaced in one atomic step."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Self

from features.claims.contract import TABLES
from features.claims.registers.registers import seen, told_apart
from features.claims.store.parse_catalog import FORMAT, parse_catalog
from features.durable import to_disk
from features.errors import InputError, ToolkitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from features.claims.store.part import Part

FILE_NAME = "catalog.json"


@dataclass(frozen=True)
class Catalog:
    """The live files of a store, by table.

    Parameters
    ----------
    tables : dict of str to tuple of Part
        Canonical tables; of registers a snapshot for each month from which one was known.
    columns : dict of str to tuple of str
        Contract columns that some source has given, by table: all others are unknown.
    codes : dict of str to tuple of Part
        Code tables by domain; keys count on from part to part.
    quarantine : dict of str to tuple of Part
        Quarantined rows by table; `month` holds the digest of their source.
    days : dict of str to tuple of Part
        For each snapshot of a register, by key, the day of the extract that last gave the row, or took it away.
    relations : dict of str to dict of str to (int, int)
        By file of a table, what its source said of the rows in it: by name of a relation, rows that were checked and
        rows that fail.
    format : int
        Of the file it was read from; it is written in the newest.
    """

    tables: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    codes: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    quarantine: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    days: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    relations: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    format: int = field(default=FORMAT, compare=False)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the catalogue of a store folder; an empty one where there is none.

        Raises
        ------
        InputError
            The file is there and is not a catalogue, or that of a newer version of the toolkit.
        """
        path = folder / FILE_NAME
        # Not `exists`: a link to nothing, or a folder, is no absent catalogue.
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return cls()
        except OSError as error:
            got = f"cannot be read ({error.strerror})"
            raise InputError.of("claims store", f"at {folder}", got, "run as the owner of the workspace") from error
        return cls(**parse_catalog(path))

    def write(self, folder: Path, name: str = FILE_NAME) -> None:
        """Make this the catalogue of the folder, all at once or not at all, in the newest format.

        Parameters
        ----------
        folder : Path
            The store, or where it keeps what its catalogue was.
        name : str
            Of the file.

        Raises
        ------
        ToolkitError
            It cannot be written; the catalogue is what it was.
        """
        said = {**asdict(self), "format": {"store": str(FORMAT)}}
        text = json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        waiting = folder / f"{name}.new"
        with _undone(waiting):
            with waiting.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            waiting.replace(folder / name)
        to_disk(folder)

    def parts(self) -> Iterator[Part]:
        """Yield every live part."""
        for group in (self.tables, self.codes, self.quarantine, self.days):
            for parts in group.values():
                yield from parts

    def files(self) -> set[str]:
        """Return every live file, relative to the store."""
        return {part.file for part in self.parts()}

    def digest(self, tables: Iterable[str] | None = None, month: str | None = None) -> str:
        """Return a digest of what is stored; quarantine and the days of registers do not count.

        Parameters
        ----------
        tables : iterable of str, optional
            Only these tables.
        month : str, optional
            Only this claims month, and registers as they are seen in it.
        """
        names = sorted(self.tables if tables is None else tables)
        text = json.dumps(
            [{n: self._told(n, month) for n in names}, {n: self.columns.get(n, ()) for n in names}], sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def _told(self, name: str, month: str | None) -> list[str]:
        parts = self.tables.get(name, ())
        if not TABLES[name].has_month:
            return told_apart(parts) if month is None else [part.file for part in seen(parts, month)]
        return [part.file for part in parts if month is None or part.month == month]


@contextmanager
def _undone(waiting: Path) -> Iterator[None]:
    """Leave no half-written file behind where the disk is full."""
    try:
        yield
    except OSError as error:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)
        hint = "free space or make the folder writable, and run the job again"
        raise ToolkitError(f"catalogue at {waiting.parent}: not written ({error.strerror}). Hint: {hint}") from error
