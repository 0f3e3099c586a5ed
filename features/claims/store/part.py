"""One part of the store: an immutable Parquet file, named after what it holds."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from features.errors import ToolkitError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

_DIGITS = 32
# Behind the digest of a source: the part holds cells that could not be read, and their rows are stored.
CELLS = "/cells"
# Column of quarantined rows whose source names persons or bills otherwise than the store: what their ids became.
BECAME = "became"


@dataclass(frozen=True, order=True)
class Part:
    """One immutable Parquet file of the store.

    Parameters
    ----------
    month : str
        Claims month of its rows; of a register the month from which it was known, empty where that is always; the
        digest of the source where it is of the quarantine, with `CELLS` behind it where it holds cells alone.
    file : str
        Path relative to the store; carries the digest of its content.
    rows : int
        Rows in it.
    """

    month: str
    file: str
    rows: int


def content_name(file: Path) -> str:
    """Name of a part: the digest of its bytes."""
    with file.open("rb") as opened:
        return f"{hashlib.file_digest(opened, 'sha256').hexdigest()[:_DIGITS]}.parquet"


@lru_cache(maxsize=1 << 16)
def columns_of(file: Path) -> frozenset[str]:
    """Columns of a part's file: those of the contract when it was written."""
    return frozenset(pq.read_schema(file).names)


def part_size(store: Path, part: Part) -> int:
    """Size of a part's file in bytes.

    Raises
    ------
    ToolkitError
        It is missing, or no file of the store's own.
    """
    return _status(store, part).st_size


def refuse_damaged(store: Path, parts: Iterable[Part]) -> None:
    """Read parts before anything is computed of them.

    Raises
    ------
    ToolkitError
        One is missing, cut or changed: named with its table, its month and the way out.
    """
    faults = [fault for part in parts if (fault := _fault(store, part)) is not None]
    if faults:
        more = f" ({len(faults) - 1} more parts are damaged: `fraud doctor` names them)" if len(faults) > 1 else ""
        raise ToolkitError(f"{faults[0]}{more}")


def _fault(store: Path, part: Part) -> str | None:
    """Say what is wrong with a part, whose bytes are read once a process; None where they are what its name says."""
    try:
        found = _status(store, part)
        file = store / part.file
        name = _name_of(file, (found.st_size, found.st_mtime_ns, found.st_ino))
    except ToolkitError as error:
        return str(error)
    except OSError as error:
        return _told(part, f"cannot be read ({error.strerror})")
    return None if name == file.name else _told(part, "changed or cut: its content is not what its name says")


def _status(store: Path, part: Part) -> os.stat_result:
    file = store / part.file
    try:
        found = file.lstat()
    except FileNotFoundError as error:
        raise ToolkitError(_told(part, "missing")) from error
    except OSError as error:
        raise ToolkitError(_told(part, f"cannot be read ({error.strerror})")) from error
    # A link, of the file or of a folder above it, would read what is not the store's.
    if not stat.S_ISREG(found.st_mode) or file.resolve() != store.resolve() / part.file:
        raise ToolkitError(_told(part, "no file of its own, but a link or a folder"))
    return found


@lru_cache(maxsize=1 << 16)
def _name_of(file: Path, _as_it_stands: tuple[int, int, int]) -> str:
    return content_name(file)


def _told(part: Part, got: str) -> str:
    kind, table, *folders = part.file.split("/")[:-1]
    if kind == "quarantine":
        what, hint = f"quarantine of {table}", "ingest its source again, or restore it from a backup"
    elif kind == "parts" and folders:
        what = f"{table}, month {part.month}"
        hint = (
            f"restore it from a backup, or ingest that month anew: `fraud ingest SOURCE --replace-month {part.month}`"
        )
    else:
        what = {"codes": f"codes of {table}", "days": f"days of {table}"}.get(kind, table)
        hint = "restore it from a backup, or ingest every source into a new workspace"
    return f"store part '{part.file}' ({what}): {got}. Hint: {hint}"
