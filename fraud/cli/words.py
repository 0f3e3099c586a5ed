"""Words of the command line, held to what can be a word at all, and folders named there to what can be a folder."""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING

from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# The longest path that Linux takes; no reason or list of schemes needs more.
_MAX_BYTES = 4096
# The longest name of a file or folder on the file systems in use.
_MAX_NAME_BYTES = 255
_SHOWN = 100


def check_words(words: Iterable[str]) -> None:
    r"""Refuse words that hold a control character or a line end, or are longer than a path can be.

    Raises
    ------
    InputError
        Names the word by its place, or the option before it; never the word itself.

    Examples
    --------
    >>> check_words(["score", "--month", "2026-03"])
    >>> check_words(["promote", "--reason", "a\nb"])
    Traceback (most recent call last):
    ...
    features.errors.InputError: --reason on the command line: holds a control character (U+000A). Hint: leave it out
    """
    before = ""
    for number, word in enumerate(words, start=1):
        is_option = before.startswith("--") and "=" not in before and len(before) < 40
        check_word(plain_line(before) if is_option else f"word {number}", word)
        before = word


def check_word(what: str, word: str, where: str = "on the command line") -> None:
    """Refuse one word; see `check_words`."""
    n_bytes = len(os.fsencode(word)) if "\0" not in word else 0
    if n_bytes > _MAX_BYTES:
        raise InputError.of(what, where, f"{n_bytes:,} bytes long", f"give at most {_MAX_BYTES:,}")
    wrong = next((each for each in word if unicodedata.category(each) in {"Cc", "Zl", "Zp"}), None)
    if wrong is not None:
        raise InputError.of(what, where, f"holds a control character (U+{ord(wrong):04X})", "leave it out")


def check_place(place: Path, what: str = "place") -> None:
    """Refuse a file or folder that cannot be there: a name too long, or something that is no folder above it.

    Raises
    ------
    InputError
        The place cannot be one.

    Examples
    --------
    >>> from pathlib import Path
    >>> check_place(Path("x" * 300), "folder")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    features.errors.InputError: folder 'xxx...xxx…: a name of 300 bytes. Hint: give names of at most 255 bytes
    """
    shown = plain_line(repr(str(place)))
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    longest = max((len(os.fsencode(part)) for part in place.parts), default=0)
    if longest > _MAX_NAME_BYTES:
        hint = f"give names of at most {_MAX_NAME_BYTES} bytes"
        raise InputError.of(what, shown, f"a name of {longest} bytes", hint)
    try:
        above = next(folder for folder in (place, *place.absolute().parents) if os.path.lexists(folder))
        if above != place and not above.is_dir():
            got = f"{plain_line(repr(str(above)))} is no folder"
            raise InputError.of(what, shown, got, "name a place in a folder")
    except OSError as error:
        raise InputError.of(what, shown, str(error.strerror), "name a place that you may use") from error


def check_folder(place: Path, what: str) -> None:
    """Refuse what cannot be a folder, there already or yet to be made."""
    check_place(place, what)
    if os.path.lexists(place) and not place.is_dir():
        raise InputError.of(what, plain_line(repr(str(place))), "not a folder", "name a folder")
