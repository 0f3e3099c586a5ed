"""Words of a mapping that other programs read: file patterns, delimiters, encodings, time zones."""

from __future__ import annotations

import re
import zoneinfo
from pathlib import PurePosixPath

from features.claims.reading.decode import text_encoding

_MAX_PATTERN, _MAX_FOLDERS = 500, 16
_ZONE = re.compile(r"UTC|[A-Za-z]+(/[A-Za-z0-9_+-]+){1,2}")


def check_pattern(pattern: str) -> str:
    """Return a file pattern, or refuse one that names nothing or is far too long."""
    parts = PurePosixPath(pattern).parts
    if pattern.startswith("/") or ".." in parts:
        raise ValueError("leaves the folder of the source")
    if not parts or pattern.endswith("/"):
        raise ValueError("names no file")
    if len(pattern) > _MAX_PATTERN or pattern.count("/") > _MAX_FOLDERS or not pattern.isprintable():
        raise ValueError(f"longer than {_MAX_PATTERN} characters or {_MAX_FOLDERS} folders, or not printable")
    if pattern.count("**") > 1 or pattern.count("*") > _MAX_FOLDERS:
        raise ValueError(f"more than one ** or {_MAX_FOLDERS} *")
    return pattern


def check_delimiter(delimiter: str) -> str:
    """Return what stands between two cells of a CSV line, or refuse what could stand inside of one."""
    if len(delimiter) != 1 or delimiter.isalnum() or delimiter in "\"'\r\n\0.-+":
        raise ValueError("should be one character: no letter, digit, quote, sign or line end")
    return delimiter


def check_encoding(encoding: str) -> str:
    """Return the name of a character set, or refuse what is none.

    Examples
    --------
    >>> check_encoding("gb18030")
    'gb18030'
    >>> check_encoding("zip")
    Traceback (most recent call last):
    ...
    ValueError: unknown encoding, or none of text files
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}", encoding):
        raise ValueError("unknown encoding, or none of text files")
    return text_encoding(encoding)


def check_zone(zone: str) -> str:
    """Return the IANA name of a time zone, or refuse what is none; abbreviations mean several zones.

    Examples
    --------
    >>> check_zone("Asia/Shanghai")
    'Asia/Shanghai'
    >>> check_zone("CST")
    Traceback (most recent call last):
    ...
    ValueError: not the IANA name of a time zone, such as Asia/Shanghai
    """
    if not _ZONE.fullmatch(zone) or zone not in zoneinfo.available_timezones():
        raise ValueError("not the IANA name of a time zone, such as Asia/Shanghai")
    return zone
