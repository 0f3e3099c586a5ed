"""Every shown sheet of a workbook as rows of texts, for readers that look for their table by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.reading.workbook import NO_TEXT, sheet_cells
from features.claims.reading.workbook_parts import copy_sheet, sheets_of
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    title : str
        As its tab says.
    rows : list of list of str
        Texts of its cells from the first row, as wide as its widest; an empty cell is an empty text.
    no_texts : dict of (int, int) to str
        Cells by row and column from 0 that hold no value (a formula that nobody calculated, an error, a number that
        lost digits), and what stands there.
    """

    title: str
    rows: list[list[str]]
    no_texts: dict[tuple[int, int], str]


def shown_sheets(path: Path, staging: Path, name: str) -> Iterator[Sheet]:
    """Read the sheets of a workbook that are not hidden, in its order, one after the other.

    Parameters
    ----------
    path : Path
        The workbook.
    staging : Path
        A folder for what is copied out of it.
    name : str
        The file, for errors.

    Raises
    ------
    InputError
        It is no readable workbook, or goes beyond a bound.
    """
    where = plain_line(f"'{name}'")
    for number, (title, part) in enumerate(sheets_of(path, where).items()):
        if part.is_hidden:
            continue
        copied = staging / f"sheet_{number}.xlsx"
        scan = copy_sheet(path, copied, part, where, drop_empty=True)
        cells = sheet_cells(copied, title, scan.no_values, where)
        copied.unlink()
        no_texts = {
            (at, column): cell.removeprefix(NO_TEXT)
            for at, row in enumerate(cells)
            for column, cell in enumerate(row)
            if cell is not None and cell.startswith(NO_TEXT)
        }
        rows = [["" if cell is None or cell.startswith(NO_TEXT) else cell.strip() for cell in row] for row in cells]
        yield Sheet(title, rows, no_texts)
