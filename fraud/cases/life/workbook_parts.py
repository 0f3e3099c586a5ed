"""Take the case summary out of a returned workbook, within bounds and before any reader of workbooks sees it.

A workbook is an archive of XML parts that anybody may have written. Every part is looked at as XML without
document types or entities; of those that are read further, sizes, elements, rows and columns are limited.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from features.outside import plain_line
from fraud.cases.life.sheet_scan import SheetScan
from fraud.cases.sheet_words import SHEET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_PARTS = 2_000
# The largest pack of the largest settings unpacks to less; a part that is read, to far less.
_MAX_UNPACKED = 700_000_000
_MAX_PART = 64 * 1024 * 1024
_CHUNK = 1 << 20
_WORKBOOK, _LINKS, _STYLES, _STRINGS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
)
_SHEET = "xl/worksheets/sheet1.xml"
# Elements; a reader of workbooks makes objects of them, which take a thousand times longer than the XML.
_MAX_ELEMENTS = {_STYLES: 100_000, _STRINGS: 800_000}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True)
class SummaryPart:
    """The case summary by itself.

    Parameters
    ----------
    name : str
        Of the sheet, in one of its languages.
    workbook : bytes
        A workbook of this one sheet, its texts and styles.
    bare_formulas : frozenset of (int, int)
        Row and column of cells that hold a formula without a calculated value.
    merged : tuple of str
        Ranges of merged cells, such as `A1:C1`.
    counts_from_1904 : bool
        Whether its serial dates count from 1904, and not from 1900.
    """

    name: str
    workbook: bytes
    bare_formulas: frozenset[tuple[int, int]]
    merged: tuple[str, ...]
    counts_from_1904: bool


def case_summary(content: bytes) -> SummaryPart:
    """Take the case summary out of a workbook.

    Raises
    ------
    ValueError
        The bytes are no such workbook, or go beyond a limit; the message says what and where. On a damaged archive
        its reader raises what comes to hand, and the caller refuses whatever that is.
    """
    if content.startswith(_OLE):
        raise ValueError("protected by a password, or of the format before .xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _check_sizes(archive)
        name, date1904, sheet = _find_sheet(archive)
        scan = SheetScan()
        parts = {_SHEET: _read(archive, sheet, scan)}
        for part in (_STYLES, _STRINGS):
            if part in archive.namelist():
                parts[part] = _read(archive, part, _Counter(_MAX_ELEMENTS[part]))
        _check_others(archive, {sheet, _STYLES, _STRINGS, _WORKBOOK, _LINKS})
    workbook = _workbook_of(name, date1904, parts)
    return SummaryPart(name, workbook, frozenset(scan.bare_formulas), tuple(scan.merged), date1904 == "1")


def _check_sizes(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > _MAX_PARTS:
        raise ValueError(f"{len(parts):,} parts inside; at most {_MAX_PARTS:,} are read")
    if len({part.filename for part in parts}) < len(parts):
        raise ValueError("two parts of one name inside")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MAX_UNPACKED:
        raise ValueError(f"{unpacked:,} bytes when unpacked; at most {_MAX_UNPACKED:,} are read")


def _find_sheet(archive: zipfile.ZipFile) -> tuple[str, str, str]:
    """Return the name of the case summary, which epoch its dates count from, and its part."""
    book, links = (ET.fromstring(_read(archive, part, _Counter(50_000))) for part in (_WORKBOOK, _LINKS))  # noqa: S314 - without document type
    targets = {
        link.get("Id"): link.get("Target", "") for link in links.iter(f"{{{_PACKAGE}/relationships}}Relationship")
    }
    sheets = [(sheet.get("name", ""), sheet.get(f"{{{_OFFICE}}}id")) for sheet in book.iter(f"{{{_MAIN}}}sheet")]
    found = [(name, targets.get(link, "")) for name, link in sheets if name in (SHEET.en, SHEET.zh)]
    if len(found) != 1:
        others = plain_line(", ".join(name for name, _ in sheets[:8]))[:200]
        many = "no sheet" if not found else "more than one sheet"
        raise ValueError(f"{many} '{SHEET.en}' or '{SHEET.zh}', but {others or 'none'}")
    name, target = found[0]
    properties = book.find(f"{{{_MAIN}}}workbookPr")
    date1904 = "1" if properties is not None and properties.get("date1904") in {"1", "true"} else "0"
    return name, date1904, posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _read(archive: zipfile.ZipFile, part: str, counter: _Counter | SheetScan) -> bytes:
    """Unpack a part and look at it element by element."""
    if part not in archive.namelist():
        raise ValueError(f"without its part {plain_line(part)[:100]}")
    if archive.getinfo(part).file_size > _MAX_PART:
        raise ValueError(f"part {plain_line(part)[:100]} unpacks to more than {_MAX_PART:,} bytes")
    content = archive.read(part)
    _parse(part, iter([content]), counter)
    return content


def _check_others(archive: zipfile.ZipFile, seen: set[str]) -> None:
    """Look whether the other parts are XML; those too large to be looked at are not read at all."""
    for part in archive.infolist():
        is_xml = part.filename.endswith((".xml", ".rels"))
        if is_xml and part.filename not in seen and part.file_size <= _MAX_PART:
            with archive.open(part) as file:
                _parse(part.filename, iter(lambda: file.read(_CHUNK), b""))


def _parse(part: str, chunks: Iterator[bytes], counter: _Counter | SheetScan | None = None) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if counter is not None:
        parser.StartElementHandler, parser.EndElementHandler = counter.start, counter.end
    if isinstance(counter, SheetScan):
        parser.CharacterDataHandler = counter.text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ValueError(f"part {plain_line(part)[:100]}: {error}") from error


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a document type, which may name files and entities")


class _Counter:
    """Counts elements and their depth."""

    _MAX_DEPTH = 64

    def __init__(self, most: int) -> None:
        self._left, self._depth = most, 0

    def start(self, _name: str, _attributes: Mapping[str, str]) -> None:
        self._left -= 1
        self._depth += 1
        if self._left < 0 or self._depth > self._MAX_DEPTH:
            raise ValueError("more elements, or nested deeper, than is read")

    def end(self, _name: str) -> None:
        self._depth -= 1


def _workbook_of(name: str, date1904: str, parts: Mapping[str, bytes]) -> bytes:
    """Make a workbook of one sheet: nothing that it refers to is outside of the parts looked at."""
    kinds = {_SHEET: "worksheet", _STYLES: "styles", _STRINGS: "sharedStrings"}
    types, links, book = ET.Element("Types"), ET.Element("Relationships"), ET.Element("workbook")
    types.set("xmlns", f"{_PACKAGE}/content-types")
    links.set("xmlns", f"{_PACKAGE}/relationships")
    book.set("xmlns", _MAIN)
    ET.SubElement(types, "Override", PartName=f"/{_WORKBOOK}", ContentType=f"{_TYPE}.sheet.main+xml")
    for number, part in enumerate(parts, start=1):
        ET.SubElement(types, "Override", PartName=f"/{part}", ContentType=f"{_TYPE}.{kinds[part]}+xml")
        ET.SubElement(links, "Relationship", Id=f"rId{number}", Type=f"{_OFFICE}/{kinds[part]}", Target=f"/{part}")
    ET.SubElement(book, "workbookPr", date1904=date1904)
    sheet = ET.SubElement(ET.SubElement(book, "sheets"), "sheet", name=name, sheetId="1")
    sheet.set(f"{{{_OFFICE}}}id", "rId1")
    made = {"[Content_Types].xml": types, _LINKS: links, _WORKBOOK: book}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for part, element in made.items():
            archive.writestr(part, ET.tostring(element, encoding="utf-8"))
        for part, data in parts.items():
            archive.writestr(part, data)
    return content.getvalue()
