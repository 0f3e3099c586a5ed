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
# Kinds that are named and not read.
_REFUSED = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old workbook (.xls), or one with a password",
    b"Rar!\x1a\x07": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"Obj\x01": "Avro",
    b"%PDF-": "PDF",
}
_BZIP2 = re.compile(rb"BZh[1-9](1AY&SY|\x17\x72\x45\x38\x50\x90)")
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|table|meta|\?xml)\b", re.IGNORECASE)
_OTHER_ZIPS = {"xl/workbook.bin": ".xlsb", "mimetype": "OpenDocument", "word/document.xml": ".docx"}
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
        found = "bzip2"
    elif head[_TAR_AT:].startswith(_TAR):
        found = "tar"
    elif _MARKUP.match(head):
        found = "a page of HTML or XML"
    if found:
        raise _refused(where, found)
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
        raise _refused(where, other)
    return "workbook" if "xl/workbook.xml" in names else "zip"


def _refused(where: str, found: str) -> InputError:
    hint = "unpack it and save it as CSV, Parquet or .xlsx, or pack it as zip or gzip"
    return InputError.of("file", where, f"its content is {found}, which is not read", hint)
