"""What a CSV file holds, line by line counted."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from features.claims.reading.header import Header


@dataclass
class Sifted:
    r"""What a CSV file holds: its lines = skipped + header + records + further lines + damaged + blank.

    Parameters
    ----------
    path : Path
        What to read: the file itself where every line is regular, else its records in one spelling.
    header : Header
        Of the file.
    line_end : bytes
        Of the lines of `path`.
    is_copy : bool
        Whether `path` is a copy.
    n_lines : int
        Lines of the file.
    n_records : int
        Records of `path` beside the header: all are to be read.
    n_further, n_damaged, n_blank : int
        Lines after the first of records that take several, be they damaged; records or lines set aside; blank lines.
    n_no_text, n_skipped : int
        Of those set aside, lines that are no text in the encoding; lines that were cut off before.
    encoding : str
        What the file was read as.
    damaged : Path, optional
        Those set aside, as `DamagedLines`.
    moved_records, moves : array of int
        From which record on the line of a record is its number plus how much.
    """

    path: Path
    header: Header
    line_end: bytes
    is_copy: bool = False
    n_lines: int = 0
    n_records: int = 0
    n_further: int = 0
    n_damaged: int = 0
    n_blank: int = 0
    n_no_text: int = 0
    n_skipped: int = 0
    encoding: str = "utf-8"
    damaged: Path | None = None
    moved_records: array[int] = field(default_factory=lambda: array("q"))
    moves: array[int] = field(default_factory=lambda: array("q"))

    @property
    def n_header_lines(self) -> int:
        """Lines of the header."""
        return self.header.n_lines

    def check(self) -> None:
        """Refuse to go on when a line is in no count."""
        counted = self.header.n_lines + self.n_records + self.n_further + self.n_damaged + self.n_blank
        counted += self.n_skipped
        if self.n_lines != counted:
            raise AssertionError(f"lines were lost: {self.n_lines} in the file, {counted} counted")
