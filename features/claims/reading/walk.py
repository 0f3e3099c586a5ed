"""Regular files below a source folder: no link leads out of it, round in it, or to a pipe."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.reading.limits import MAX_DEPTH, MAX_ENTRIES
from features.errors import InputError
from features.outside import first_line, plain_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Parts = tuple[str, ...]


@dataclass
class Walk:
    """Entries below a folder, looked at as far as they are asked for.

    Parameters
    ----------
    folder : Path
        Where to start.
    descends : callable
        Whether to look into a folder, given the parts of its name below `folder`.
    wants : callable
        Whether a file is wanted, given the parts of its name.
    """

    folder: Path
    descends: Callable[[Parts], bool]
    wants: Callable[[Parts], bool]
    n_seen: int = 0

    def files(self) -> Iterator[Path]:
        """Give the wanted files.

        Raises
        ------
        InputError
            What is wanted is no regular file, lies outside of the folder, or cannot be looked at; or there are too
            many entries.
        """
        root = os.path.realpath(self.folder)
        yield from self._below((), root, (root,))

    def _below(self, parts: Parts, real: str, above: tuple[str, ...]) -> Iterator[Path]:
        for name in self._names(parts):
            inner = (*parts, name)
            is_wanted, is_entered = self.wants(inner), self.descends(inner)
            if not (is_wanted or is_entered):
                continue
            path = self.folder.joinpath(*inner)
            target = f"{real.rstrip(os.sep)}{os.sep}{name}"
            try:
                if path.is_symlink():
                    target = os.path.realpath(path, strict=True)
                    _refuse_outside(inner, target, above[0])
                mode = path.stat().st_mode
            except (OSError, ValueError, RuntimeError) as error:
                raise _refused(inner, f"cannot be looked at ({first_line(error)})") from error
            if stat.S_ISDIR(mode):
                if is_entered and target not in above:
                    yield from self._below(inner, target, (*above, target))
            elif is_wanted and not stat.S_ISREG(mode):
                raise _refused(inner, "not a regular file")
            elif is_wanted:
                yield path

    def _names(self, parts: Parts) -> list[str]:
        if len(parts) > MAX_DEPTH:
            raise _refused(parts, f"deeper than {MAX_DEPTH} folders")
        names = []
        try:
            with os.scandir(self.folder.joinpath(*parts)) as entries:
                for entry in entries:
                    self.n_seen += 1
                    if self.n_seen > MAX_ENTRIES:
                        raise _refused(parts, f"more than {MAX_ENTRIES:,} files and folders")
                    names.append(entry.name)
        except OSError as error:
            raise _refused(parts, f"cannot be looked at ({first_line(error)})") from error
        return sorted(names)


def shown(parts: Parts) -> str:
    """Name an entry in an error."""
    return plain_line(f"'{'/'.join(parts)}'")


def _refuse_outside(parts: Parts, target: str, root: str) -> None:
    if os.path.commonpath((target, root)) != root:
        raise _refused(parts, "a link that leaves the source folder")


def _refused(parts: Parts, got: str) -> InputError:
    return InputError.of("file" if parts else "source folder", shown(parts or (".",)), got, "put a readable file there")
