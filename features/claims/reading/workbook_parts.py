"""Parts of a workbook that hold one sheet, copied out within bounds before any reader of workbooks sees them."""

from __future__ import annotations

import posixpath
import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from features.claims.reading.sheet_look import SheetLook
from features.claims.reading.sheet_scan import SheetScan, parse
from features.claims.reading.unpack import Bound
from features.errors import InputError
from features.outside import refusing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

_WORKBOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# What the reader of a sheet needs beside it.
_SHARED = ("[Content_Types].xml", "_rels/.rels", _WORKBOOK, _LINKS, "xl/styles.xml", "xl/sharedStrings.xml")
_MAX_PARTS = 5_000
_MAX_INDEX = 4 * 1024 * 1024
_PIECE = 1024 * 1024
# A cell's value, formula or text, with or without a namespace before it.
_CELL = re.compile(rb"<(\w{1,20}:)?(v|f|is)[\s>]")
# Only where the cell says its place: otherwise the cells behind it would move.
_EMPTY_CELL = re.compile(rb"<c\s(?:[^<>]*?\s)?r=\"[A-Z]{1,3}\d{1,7}\"[^<>]*?(?:/>|>\s*</c>)")
_MARK_BYTES = 32
_SHOWN = (None, "visible")
_HINT = "save it again as .xlsx, or as CSV"


@dataclass(frozen=True)
class SheetPart:
    """One sheet of a workbook.

    Parameters
    ----------
    part : str
        Its XML in the archive.
    is_hidden : bool
        Whether it is not shown.
    """

    part: str
    is_hidden: bool


def sheets_of(path: Path, where: str) -> dict[str, SheetPart]:
    """Return the sheets of a workbook by their names, in its order.

    Raises
    ------
    InputError
        It is no readable workbook, or goes beyond a bound.
    """
    with _opened(path, where) as archive:
        sheets: list[tuple[str, str, bool]] = []
        links: dict[str, str] = {}

        def take(name: str, given: dict[str, str]) -> None:
            tag, by_name = name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in given.items()}
            if tag == "sheet":
                sheets.append((by_name.get("name", ""), by_name.get("id", ""), by_name.get("state") not in _SHOWN))
            elif tag == "Relationship":
                target = posixpath.normpath(posixpath.join("/xl", by_name.get("Target", "")))
                links[by_name.get("Id", "")] = target.lstrip("/")

        for part in (_WORKBOOK, _LINKS):
            parse([_index(archive, part)], take)
        found = {name: SheetPart(links.get(link, ""), is_hidden) for name, link, is_hidden in sheets}
        parts = set(archive.namelist())
        # Sheets of charts have a part of another kind, which no reader of cells takes.
        return {name: sheet for name, sheet in found.items() if sheet.part in parts and "/worksheets/" in sheet.part}


def copy_sheet(path: Path, target: Path, sheet: SheetPart, where: str, *, drop_empty: bool = False) -> SheetScan:
    """Write a workbook of one sheet and what it needs, and look at every cell of it on the way.

    Parameters
    ----------
    path, target : Path
        The workbook; where to write.
    sheet : SheetPart
        The sheet.
    where : str
        The file and sheet, for errors.
    drop_empty : bool, default False
        Whether cells that hold nothing but a form are left out: some programs write them to the last column of a sheet.

    Returns
    -------
    SheetScan
        Cells that hold no value.

    Raises
    ------
    InputError
        It goes beyond a bound, or is damaged.
    """
    scan, look = SheetScan(), SheetLook()
    with _opened(path, where) as archive, zipfile.ZipFile(target, "w") as made:
        bound = Bound(path, where)
        names = set(archive.namelist())
        for part in (*(each for each in _SHARED if each in names), sheet.part):
            is_sheet = part == sheet.part
            with archive.open(part) as packed, made.open(part, "w", force_zip64=True) as out:
                pieces = _pieces(packed, bound)
                for piece in _filled(pieces) if is_sheet and drop_empty else pieces:
                    out.write(piece)
                    if is_sheet:
                        look.take(piece)
    if look.must_scan:
        with _opened(target, where) as copied, copied.open(sheet.part) as packed:
            scan.read(iter(lambda: packed.read(_PIECE), b""))
    return scan


def holds_cells(path: Path, sheet: SheetPart, where: str) -> bool:
    """Whether any cell of a sheet holds something."""
    with _opened(path, where) as archive, archive.open(sheet.part) as packed:
        bound = Bound(path, where)
        last = b""
        while piece := packed.read(_PIECE):
            bound.add(len(piece))
            if _CELL.search(last + piece):
                return True
            last = piece[-_MARK_BYTES:]
    return False


def _pieces(packed: IO[bytes], bound: Bound) -> Iterator[bytes]:
    while piece := packed.read(_PIECE):
        bound.add(len(piece))
        yield piece


def _filled(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Leave out cells that hold nothing; a piece ends with a tag, so that none is cut in two."""
    rest = b""
    for piece in pieces:
        whole = rest + piece
        # The tag that opens an empty cell may end a piece, and the one that closes it begin the next.
        end = whole.rfind(b"<c")
        end = end if end > 0 else len(whole)
        yield _EMPTY_CELL.sub(b"", whole[:end])
        rest = whole[end:]
    yield _EMPTY_CELL.sub(b"", rest)


@contextmanager
def _opened(path: Path, where: str) -> Iterator[zipfile.ZipFile]:
    """Open the archive, and say its damage as that of a workbook."""
    kinds = (RuntimeError, LookupError, expat.ExpatError)
    with refusing("file", f"{where}: not a readable workbook", _HINT, *kinds), zipfile.ZipFile(path) as archive:
        parts = archive.namelist()
        if len(parts) > _MAX_PARTS or len(set(parts)) < len(parts):
            got = f"{len(parts):,} parts inside, two of one name or more than {_MAX_PARTS:,}"
            raise InputError.of("file", where, got, _HINT)
        yield archive


def _index(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as packed:
        content = packed.read(_MAX_INDEX + 1)
    if len(content) > _MAX_INDEX:
        raise ValueError(f"part {part} unpacks to more than {_MAX_INDEX:,} bytes")
    return content
