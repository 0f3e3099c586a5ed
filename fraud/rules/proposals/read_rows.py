"""The file of `fraud rules propose`: rows of knowledge points as CSV or workbook, or one row as TOML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class ProposedRow:
    """One row, as it was given.

    Parameters
    ----------
    where : str
        File and row, for messages.
    values : mapping of str to str
        By `KEYS`; lists are joined by `|`. What is empty is left out.
    """

    where: str
    values: Mapping[str, str]


def read_rows(path: Path) -> tuple[ProposedRow, ...]:
    """Read the rows of a file, in its order.

    Parameters
    ----------
    path : Path
        `.toml`: one row. `.csv`, `.txt` or `.xlsx`: one row per line under a header, which names the columns as
        `KEYS` or as the published spreadsheets do.

    Raises
    ------
    InputError
        It cannot be read, holds no row, or has a column that is neither.
    """
    raise NotImplementedError
