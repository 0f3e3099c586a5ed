"""Kind of a source file, told from how its content begins and not from its name."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Literal

from features.errors import InputError
from features.outside import UNREADABLE

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["text", "parquet", "workbook", "zip", "gzip"]

_HEAD = 512
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Kinds that are named and not read; the way out beside each.
_REFUSED = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (
        "a workbook of the format before .xlsx, or one with a password",
        "save it as .xlsx without a password, or as CSV",
    ),
    b"Rar!\x1a\x07": ("a RAR archive", "unpack it, or pack it as zip or gzip"),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "unpack it, or pack it as zip or gzip"),
    b"\xfd7zXZ\x00": ("an xz file", "unpack it, or pack it as zip or gzip"),
    b"\x28\xb5\x2f\xfd": ("a zstd file", "unpack it, or pack it as zip or gzip"),
    b"Obj\x01": ("an Avro file", "export it as Parquet or CSV"),
    b"%PDF-": ("a PDF", "export it as CSV or .xlsx"),
}
_BZIP2 = re.compile(rb"BZh[1-9](1AY&SY|\x17\x72\x45\x38\x50\x90)")
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|table|meta|\?xml)\b", re.IGNORECASE)
_OTHER_ZIPS = {
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "mimetype": "an OpenDocument file",
    "word/document.xml": "a text document",
}
_TAR_AT, _TAR = 257, b"ustar"
_NAMED: dict[str, Kind] = {
    ".parquet": "parquet",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".zip": "zip",
    ".gz": "gzip",
}


def kind_of(path: Path, name: str, where: str) -> Kind:
    """Return the kind of a file: by its content; by its name where the content says no more than "text".

    Parameters
    ----------
    path : Path
        The file.
    name : str
        Its own name, or that in its archive.
    where : str
        The file, for errors.

    Raises
    ------
    InputError
        It is of a kind that is known and not read: a tar or RAR archive, an old workbook, a page of HTML.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head[:4] in {b"PAR1", b"PARE"}:
        return "parquet"
    if head.startswith(_ZIP):
        return _kind_of_zip(path, where)
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    found = next((said for magic, said in _REFUSED.items() if head.startswith(magic)), None)
    if _BZIP2.match(head):
        found = "a bzip2 file", "unpack it, or pack it as zip or gzip"
    elif head[_TAR_AT:].startswith(_TAR):
        found = "a tar archive", "unpack it, or pack it as zip"
    elif _MARKUP.match(head):
        found = "a page of HTML or XML, whatever its name", "open it and save it as .xlsx or CSV"
    if found:
        raise InputError.of("file", where, found[0], found[1])
    return _by_name(name)


def _by_name(name: str) -> Kind:
    for ending, kind in _NAMED.items():
        if name.lower().endswith(ending):
            return kind
    return "text"


def _kind_of_zip(path: Path, where: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except UNREADABLE:
        return "zip"  # whose reader says what is wrong with it
    other = next((said for name, said in _OTHER_ZIPS.items() if name in names), None)
    if other:
        raise InputError.of("file", where, other, "save it as .xlsx or CSV")
    return "workbook" if "xl/workbook.xml" in names else "zip"
