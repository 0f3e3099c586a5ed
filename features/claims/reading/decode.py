"""Text encodings of source files, and their text as UTF-8."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from features.outside import refusing

if TYPE_CHECKING:
    from pathlib import Path

_PIECE = 1024 * 1024
# Encodings of names, of source code or of mail: none that a table is written in.
_NO_TABLES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7", "mbcs", "oem"}
_UTF_8 = {"utf-8", "utf-8-sig"}
# Never part of UTF-8, so that the line is set aside when it is read.
_DAMAGE = "\udcff"


def _mark_damage(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _DAMAGE, error.end


def text_encoding(name: str) -> str:
    """Return a name that was given, where it is one of an encoding that tables are written in.

    Raises
    ------
    ValueError
        There is none of that name.

    Examples
    --------
    >>> text_encoding("GB2312")
    'GB2312'
    >>> text_encoding("rot13")
    Traceback (most recent call last):
    ...
    ValueError: unknown encoding, or none of text files
    """
    try:
        found = codecs.lookup(name)
        trial = "A1,\n".encode(found.name).decode(found.name)
    except (LookupError, ValueError, TypeError) as error:
        raise ValueError("unknown encoding, or none of text files") from error
    if found.name.replace("_", "-") in _NO_TABLES or trial.lstrip("\ufeff") != "A1,\n":
        raise ValueError("unknown encoding, or none of text files")
    return name


def decode(path: Path, target: Path, encoding: str, where: str) -> Path:
    """Return a UTF-8 file: the file itself where it is said to be one, else its text written to a target.

    Bytes that stand for no text in the encoding make their line one that is no UTF-8.

    Parameters
    ----------
    path, target : Path
        The plain file; where to write.
    encoding : str
        As `text_encoding` knows it.
    where : str
        The file, for errors.

    Raises
    ------
    InputError
        The text cannot be decoded.
    """
    if codecs.lookup(encoding).name in _UTF_8:
        return path
    codecs.register_error("features.damage", _mark_damage)
    with (
        refusing("file", where, "check `encoding` in the mapping"),
        path.open(encoding=encoding, errors="features.damage", newline="") as old,
        target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as new,
    ):
        while piece := old.read(_PIECE):
            new.write(piece)
    return target
