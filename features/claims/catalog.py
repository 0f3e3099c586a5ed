"""Which files of a store are live: one JSON file, replaced in one atomic step."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Self

from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE_NAME = "catalog.json"


@dataclass(frozen=True, order=True)
class Part:
    """One immutable Parquet file of the store.

    Parameters
    ----------
    month : str
        Claims month of its rows, or empty where the table has none.
    file : str
        Path relative to the store; carries the digest of its content.
    rows : int
        Rows in it.
    """

    month: str
    file: str
    rows: int


@dataclass(frozen=True)
class Catalog:
    """The live files of a store, by table.

    Parameters
    ----------
    tables : dict of str to tuple of Part
        Canonical tables.
    columns : dict of str to tuple of str
        Contract columns that some source has given, by table: all others are unknown.
    codes : dict of str to tuple of Part
        Code tables by domain; keys count on from part to part.
    quarantine : dict of str to tuple of Part
        Quarantined rows by table; `month` holds the digest of their source.
    """

    tables: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    codes: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    quarantine: dict[str, tuple[Part, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the catalogue of a store folder; an empty one where there is none.

        Raises
        ------
        InputError
            The file is there and is not a catalogue.
        """
        path = folder / FILE_NAME
        if not path.is_file():
            return cls()
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                tables=_parts(data["tables"]),
                columns={name: tuple(found) for name, found in data["columns"].items()},
                codes=_parts(data["codes"]),
                quarantine=_parts(data["quarantine"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError.of(
                "claims store", f"at {folder}", f"unreadable catalogue ({error})", "ingest anew"
            ) from error

    def write(self, folder: Path) -> None:
        """Make this the catalogue of the folder, all at once or not at all."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        waiting = folder / f"{FILE_NAME}.new"
        with waiting.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(folder / FILE_NAME)
        sync_folder(folder)

    def files(self) -> set[str]:
        """Return every live file, relative to the store."""
        groups = (self.tables, self.codes, self.quarantine)
        return {part.file for group in groups for parts in group.values() for part in parts}

    def digest(self, tables: Iterable[str] | None = None, month: str | None = None) -> str:
        """Return a digest of what is stored; quarantine does not count.

        Parameters
        ----------
        tables : iterable of str, optional
            Only these tables.
        month : str, optional
            Only this claims month.
        """
        names = sorted(self.tables if tables is None else tables)
        parts = {n: [p.file for p in self.tables.get(n, ()) if month is None or p.month == month] for n in names}
        known = {name: self.columns.get(name, ()) for name in names}
        text = json.dumps([parts, known], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _parts(data: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[Part, ...]]:
    return {name: tuple(Part(**part) for part in parts) for name, parts in data.items()}


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
