"""Read what comes from outside (settings, mappings, returned files) within bounds, and refuse it in words."""

from __future__ import annotations

import csv
import json
import os
import stat
import tomllib
import unicodedata
import zipfile
import zlib
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Text that people or other programs write by hand; tables are read by readers of their own.
MAX_TEXT_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 64
# Python itself refuses longer ones, and no amount or count comes near.
_MAX_DIGITS = 4_000
_CLOSING = {"]": "[", "}": "{"}

# What the readers of the standard library raise on bytes that are not what they should be.
UNREADABLE: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    ValueError,
    RecursionError,
    OverflowError,
    csv.Error,
    zlib.error,
    zipfile.BadZipFile,
)


@contextmanager
def refusing(what: str, where: str, hint: str, *more: type[Exception]) -> Iterator[None]:
    """Turn what a reader raises on damaged bytes into one clear refusal.

    Parameters
    ----------
    what, where, hint : str
        As in `InputError.of`; what was found is the reader's own first line.
    *more : type of Exception
        Further errors of the reader that is used.

    Raises
    ------
    InputError
        The reader raised one of `UNREADABLE` or of `more`.

    Examples
    --------
    >>> with refusing("file", "'a.json'", "export it again"):
    ...     raise RecursionError("maximum recursion depth exceeded")
    Traceback (most recent call last):
    ...
    features.errors.InputError: file 'a.json': maximum recursion depth exceeded. Hint: export it again
    """
    kinds = (*UNREADABLE, *more)
    try:
        yield
    except kinds as error:
        raise InputError.of(what, where, first_line(error), hint) from error


def first_line(error: BaseException) -> str:
    """Say an error in one plain line of at most 300 characters."""
    lines = str(error).splitlines()
    return plain_line(lines[0] if lines and lines[0].strip() else type(error).__name__)[:300]


def read_bytes(path: Path, what: str, hint: str, max_bytes: int = MAX_TEXT_BYTES) -> bytes:
    """Read a regular file of bounded size; a pipe or device is refused and not waited for.

    Parameters
    ----------
    path : Path
        The file.
    what, hint : str
        For the refusal.
    max_bytes : int
        The largest file that is read at all.

    Raises
    ------
    InputError
        The file cannot be read, is no regular file, or is larger.
    """
    with refusing(what, plain_line(repr(str(path))), hint):
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(_regular(descriptor), "rb") as file:
            content = file.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise ValueError(f"larger than {max_bytes:,} bytes")
        return content


def _regular(descriptor: int) -> int:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError("not a regular file")
    return descriptor


def read_text(path: Path, what: str, hint: str, max_bytes: int = MAX_TEXT_BYTES) -> str:
    """Read a UTF-8 text file of bounded size.

    Parameters
    ----------
    path : Path
        The file.
    what, hint : str
        For the refusal.
    max_bytes : int
        The largest file that is read at all.

    Raises
    ------
    InputError
        The file cannot be read, is no regular file, or is larger.
    """
    content = read_bytes(path, what, hint, max_bytes)
    with refusing(what, plain_line(repr(str(path))), hint):
        return content.decode("utf-8-sig")


def parse_json(text: str, what: str, where: str, hint: str) -> Any:
    """Parse JSON of bounded depth that names no key twice, whose texts are Unicode and whose numbers are finite.

    Raises
    ------
    InputError
        The text is not such JSON.

    Examples
    --------
    >>> parse_json('{"a": [1]}', "file", "'a.json'", "export it again")
    {'a': [1]}
    >>> parse_json("[" * 99, "file", "'a.json'", "export it again")
    Traceback (most recent call last):
    ...
    features.errors.InputError: file 'a.json': nested deeper than 64 levels. Hint: export it again
    """
    with refusing(what, where, hint):
        _check_depth(text)
        found = json.loads(text, parse_int=_whole_number, parse_constant=_not_finite, object_pairs_hook=_each_key_once)
        if "\\u" in text:
            _check_unicode(found, "")
        return found


def parse_toml(text: str, what: str, where: str, hint: str) -> dict[str, Any]:
    """Parse TOML of bounded depth; a key of more parts than that counts as deep.

    Raises
    ------
    InputError
        The text is not such TOML.
    """
    with refusing(what, where, hint):
        _check_depth(text)
        if any(line.count(".") > MAX_DEPTH for line in text.splitlines() if line.lstrip().startswith("[")):
            raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
        return tomllib.loads(text)


def plain_line(text: str) -> str:
    r"""Return text as one line that a terminal or log shows and does not obey.

    Control characters, line ends and marks that turn the reading direction are written as escapes.

    Examples
    --------
    >>> plain_line("A\x1b]0;title\x07\nB")
    'A\\x1b]0;title\\x07\\nB'
    >>> plain_line("市一医院")
    '市一医院'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if _is_plain(character) else _escaped(character) for character in text)


def _is_plain(character: str) -> bool:
    return character == " " or unicodedata.category(character)[0] not in "CZ"


def _escaped(character: str) -> str:
    if unicodedata.category(character) == "Zs":
        return " "
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _check_depth(text: str) -> None:
    """Bound the nesting before a recursive parser sees it; brackets inside of strings count, generously bounded."""
    depth = 0
    in_string = is_escaped = False
    for character in text if text.count("[") + text.count("{") > MAX_DEPTH else "":
        if in_string:
            if is_escaped:
                is_escaped = False
            elif character == "\\":
                is_escaped = True
            elif character in '"\n':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
        elif character in _CLOSING:
            depth = max(depth - 1, 0)


def _whole_number(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"a number of {len(digits):,} digits")
    return int(digits)


def _not_finite(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"key {plain_line(twice)[:60]!r} twice in one object")
    return found


def _check_unicode(value: Any, place: str) -> None:
    """Refuse half a character, saying where it stands; entries of a list count from 1."""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise ValueError(f"{place or 'text'}: half a character (surrogates not allowed)") from error
    elif isinstance(value, dict):
        for key, each in value.items():
            within = f"{place} {plain_line(key)[:60]!r}".lstrip()
            _check_unicode(key, within)
            _check_unicode(each, within)
    elif isinstance(value, list):
        for number, each in enumerate(value, start=1):
            _check_unicode(each, f"{place} entry {number}".lstrip())
