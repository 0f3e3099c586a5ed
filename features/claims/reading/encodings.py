"""Which encoding fits bytes that are not in the one they should be in."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from features.claims.reading.lines import Lines
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_HEAD = 4096
# Longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_WIDE = ("utf-16", "utf-32")
# Lines that are looked at; a file in another encoding shows it in its first thousand.
_SAMPLE = 20_000
# So many of the lines are text in an encoding that fits, and so many of its characters common ones.
_LINES, _CHARACTERS = 0.9, 0.75
# Beyond this share of its lines, damage is no damage but another encoding.
_DAMAGED = 0.01
_LATIN = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽž")


def marked_encoding(path: Path) -> str | None:
    """Return the encoding that a file's byte order mark tells, or the UTF-16 that its NULs tell without a mark."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    half = len(head) // 2
    for encoding, nuls, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if half and nuls.count(0) > half // 10 and not others[:half].count(0):
            return encoding
    return None


def misread(where: str, got: str, encoding: str) -> InputError:
    """Return the refusal of a file that is not in the encoding it should be in."""
    return InputError.of("file", where, f"{got}; reads as {encoding}", f'set `encoding = "{encoding}"` in the mapping')


@dataclass
class _Lines:
    """Lines of a file with other characters than ASCII, by whether they are text in its encoding."""

    n: int = 0
    n_good: int = 0
    n_bad: int = 0
    bad: list[bytes] = field(default_factory=list)


def refuse_misread(path: Path, encoding: str, where: str, *, is_stated: bool) -> None:
    """Refuse a file of which lines are no text in its encoding, where that is no damage of single lines.

    Parameters
    ----------
    path : Path
        The file as it is written.
    encoding : str
        What it was read as.
    where : str
        The file, for the error.
    is_stated : bool
        Whether the mapping says so: then a few lines of another encoding are damage.

    Raises
    ------
    InputError
        Another encoding fits, or none does and it is more than a few lines.
    """
    if encoding.startswith(_WIDE):
        return  # its line ends are no bytes to go by, and its damage is no text of another encoding
    lines = _look(path, encoding)
    if not lines.n_bad:
        return
    fitting = fitting_encoding(lines.bad)
    is_much = lines.n_bad > 1 and lines.n_bad > _DAMAGED * lines.n
    if is_stated:
        is_other = is_much and lines.n_bad > lines.n_good and (bool(fitting) or 2 * lines.n_bad > lines.n)
    else:
        is_other = (is_much and bool(fitting)) or (lines.n_bad > lines.n_good and (is_much or bool(fitting)))
    if not is_other:
        return
    got = f"{lines.n_bad:,} of its {lines.n:,} lines are not {encoding}"
    if fitting and lines.n_good > lines.n_bad:
        hint = "keep files of two encodings apart, or convert one of them"
        raise InputError.of("file", where, f"{got}, but the others are", hint)
    if fitting and fitting != encoding:
        raise misread(where, got, fitting)
    raise InputError.of("file", where, got, "set `encoding` in the mapping to what the export says")


def _look(path: Path, encoding: str) -> _Lines:
    found = _Lines()
    with path.open("rb") as file:
        lines = Lines(file, 0)
        while (line := lines.next()) is not None:
            found.n += 1
            if line.isascii():
                continue
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                found.n_bad += 1
                if len(found.bad) < _SAMPLE:
                    found.bad.append(line)
            else:
                found.n_good += 1
    return found


def fitting_encoding(lines: Iterable[bytes]) -> str | None:
    r"""Return the encoding in which lines are text that people write; None where none is.

    Examples
    --------
    >>> fitting_encoding(["某市医院,门诊".encode("gb18030")])
    'gb18030'
    >>> fitting_encoding(["Müller,Köln".encode("latin-1")])
    'cp1252'
    >>> fitting_encoding([b"1,\xff\xfe"])
    """
    kept = list(lines)
    for encoding, share in (("gb18030", _simplified), ("big5", _traditional), ("cp1252", _latin)):
        texts = []
        for line in kept:
            try:
                texts.append(line.decode(encoding))
            except UnicodeDecodeError:
                continue
        if len(texts) >= _LINES * len(kept) and share("".join(texts)) >= _CHARACTERS:
            return encoding
    return None


def _simplified(text: str) -> float:
    """Share of characters beyond ASCII that are among the 7,445 of GB 2312."""
    beyond = [character for character in text if not character.isascii()]
    return len("".join(beyond).encode("gb2312", "ignore")) / 2 / len(beyond) if beyond else 0.0


def _traditional(text: str) -> float:
    """Share of characters beyond ASCII that are signs or among the 5,401 common ones of Big5."""
    beyond = [character.encode("big5") for character in text if not character.isascii()]
    return sum(pair < b"\xc6\xa1" for pair in beyond) / len(beyond) if beyond else 0.0


def _latin(text: str) -> float:
    """Share of characters beyond ASCII that are letters beside letters of ASCII."""
    beyond = [at for at, character in enumerate(text) if not character.isascii()]
    beside = (
        text[at] in _LATIN and any(each.isascii() and each.isalpha() for each in text[max(at - 1, 0) : at + 2])
        for at in beyond
    )
    return sum(beside) / len(beyond) if beyond else 0.0
