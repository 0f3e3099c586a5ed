"""Patterns of a mapping: which files, folders and members of archives they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

from features.claims.reading.names import is_companion, is_data, is_mark

Parts = tuple[str, ...]

_WILD = re.compile(r"[*?\[]")
_ENDING = re.compile(r"(\.[A-Za-z][A-Za-z0-9]{0,9}){1,2}\Z")
_ARCHIVE = ".zip"


@dataclass(frozen=True)
class Pattern:
    """One pattern, taken apart.

    What it names is read whatever its ending. Where its last part is a wildcard without an ending (`*`, `part-*`),
    files beside data are left out, and what it matches is no folder; otherwise a folder that it names is read as one
    table, as Spark writes them.

    Parameters
    ----------
    parts : tuple of str
        Of a file or folder.
    member : tuple of str
        Of a file within the archive that `parts` name; empty for all data in it.
    """

    parts: Parts
    member: Parts = ()

    @classmethod
    def of(cls, text: str) -> Pattern:
        """Take apart the text of a pattern: what follows a part that ends in `.zip` speaks of its members."""
        parts = tuple(part for part in text.split("/") if part not in {"", "."})
        for at, part in enumerate(parts[:-1], start=1):
            if part.lower().endswith(_ARCHIVE):
                return cls(parts[:at], parts[at:])
        return cls(parts)

    @property
    def is_open(self) -> bool:
        """Whether the last part is a wildcard that names no ending."""
        last = self.parts[-1]
        wild = list(_WILD.finditer(last))
        return bool(wild) and not _ENDING.search(last[wild[-1].end() :])

    def takes(self, parts: Parts) -> bool:
        """Whether a file of this name is read."""
        if matches(self.parts, parts):
            return self._names(parts) and self._is_wanted(parts[-1])
        return self._is_below(parts) and is_data(parts[-1])

    def enters(self, parts: Parts) -> bool:
        """Whether a folder of this name may hold files that are read."""
        if not self._names(parts):
            return False
        return matches(self.parts, parts, is_start=True) or matches(self.parts, parts) or self._is_below(parts)

    def _is_below(self, parts: Parts) -> bool:
        """Whether a name lies in a folder that the pattern names as a table."""
        if self.is_open or self.member:
            return False
        above = (at for at in range(1, len(parts)) if matches(self.parts, parts[:at]))
        at = next(above, 0)
        return bool(at) and self._names(parts[:at]) and not any(map(is_mark, parts[at:]))

    def _names(self, parts: Parts) -> bool:
        """Whether every mark among the parts is spelled out in the pattern."""
        spelled = [part for part in self.parts if is_mark(part)]
        return all(any(_part(part).fullmatch(name) for part in spelled) for name in parts if is_mark(name))

    def _is_wanted(self, name: str) -> bool:
        if not _WILD.search(self.parts[-1]):
            return True
        return not is_companion(name if self.is_open else name.rpartition(".")[0])


def matches(pattern: Parts, parts: Parts, *, is_start: bool = False) -> bool:
    """Whether the parts of a name match those of a pattern; `**` stands for any number of folders.

    Endings match in any case.

    Parameters
    ----------
    pattern, parts : tuple of str
        Of the pattern; of the name of a file, or with `is_start` of a folder that may hold matching files.

    Examples
    --------
    >>> matches(("**", "b*.csv"), ("x", "y", "bills.CSV"))
    True
    >>> matches(("x", "*", "bills.csv"), ("x", "y"), is_start=True)
    True
    """
    reached = _skipping(pattern, {0})
    for part in parts:
        stayed = {at for at in reached if at < len(pattern) and pattern[at] == "**"}
        moved = {at + 1 for at in reached - stayed if at < len(pattern) and _part(pattern[at]).fullmatch(part)}
        reached = _skipping(pattern, stayed | moved)
    return any(at < len(pattern) for at in reached) if is_start else len(pattern) in reached


def _skipping(pattern: Parts, reached: set[int]) -> set[int]:
    """Add the places behind each `**` that stands for no folder at all."""
    for start in sorted(reached):
        at = start
        while at < len(pattern) and pattern[at] == "**":
            at += 1
            reached.add(at)
    return reached


@lru_cache(maxsize=1024)
def _part(pattern: str) -> re.Pattern[str]:
    ending = _ENDING.search(pattern)
    at = ending.start() if ending else len(pattern)
    stem = translate(pattern[:at]).removesuffix(r"\Z")
    return re.compile(f"{stem}(?i:{re.escape(pattern[at:])})")
