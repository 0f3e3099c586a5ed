"""Text encodings of source files, and their text as UTF-8."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from features.claims.reading.encodings import marked_encoding, misread
from features.outside import refusing

if TYPE_CHECKING:
    from pathlib import Path

_PIECE = 1024 * 1024
# Encodings of names, of source code or of mail: none that a table is written in.
_NO_TABLES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7", "mbcs", "oem"}
_UTF_8 = {"utf-8", "utf-8-sig"}
_MARKED = ("utf-16", "utf-32")
_THREE_BYTES = "\u0800"
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


def decode(path: Path, target: Path, stated: str | None, where: str) -> tuple[Path, str]:
    """Return a UTF-8 file and the encoding it was read in: the file itself where it should be one, else a target.

    Bytes that stand for no text in the encoding make their line one that is no UTF-8.

    Parameters
    ----------
    path, target : Path
        The plain file; where to write.
    stated : str, optional
        An encoding as `text_encoding` knows it; without one, UTF-8 or the UTF-16 or UTF-32 that its mark tells.
    where : str
        The file, for errors.

    Raises
    ------
    InputError
        The text cannot be decoded, or is surely in another encoding than was stated.
    """
    marked = marked_encoding(path)
    encoding = codecs.lookup(stated).name if stated else "utf-8"
    if stated is None and marked in _MARKED:
        encoding = marked
    elif marked and not (marked.startswith(encoding) or encoding.startswith(marked)):
        raise misread(where, f"not {stated or 'UTF-8'}", marked)
    if encoding in _UTF_8:
        return path, "utf-8"
    codecs.register_error("features.damage", _mark_damage)
    with (
        refusing("file", where, "check `encoding` in the mapping"),
        path.open(encoding=encoding, errors="features.damage", newline="") as old,
        target.open("w", encoding="utf-8", errors="surrogateescape", newline="") as new,
    ):
        while piece := old.read(_PIECE):
            new.write(piece)
    if not encoding.startswith("utf") and _is_surely_utf_8(path):
        raise misread(where, f"not {stated}", "utf-8")
    return target, encoding


def _is_surely_utf_8(path: Path) -> bool:
    """Whether a file is UTF-8 with characters of three bytes or more; those of two may be pairs of GB 18030."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    has_long = False
    with path.open("rb") as file:
        try:
            while piece := file.read(_PIECE):
                text = decoder.decode(piece)
                has_long = has_long or (not text.isascii() and max(text) >= _THREE_BYTES)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return has_long
