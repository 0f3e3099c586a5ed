"""The files of one source of a mapping, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from features.claims.mapping.form import Form
    from features.claims.reading.patterns import Pattern


@dataclass(frozen=True)
class Found:
    """The files of one source of a mapping, sorted.

    Parameters
    ----------
    name : str
        Of the source; of an identity mapping, that of the contract table.
    files : tuple of Path
        Regular files.
    form : Form
        How they are written, as far as the mapping says.
    patterns : tuple of Pattern
        What the mapping names them by; none in an identity mapping.
    folder : Path, optional
        Holds them where it is not the source folder.
    """

    name: str
    files: tuple[Path, ...]
    form: Form
    patterns: tuple[Pattern, ...] = ()
    folder: Path | None = None
