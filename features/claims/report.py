"""What `check` and `ingest` found, by table."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from features.claims.registers.extract import Extract


@dataclass(frozen=True)
class TableCount:
    """One mapped table: rows read = stored + identical repeats + outdated + deletions + quarantined.

    Parameters
    ----------
    table : str
        Contract name.
    n_read, n_stored, n_repeats, n_quarantined : int
        Rows.
    n_outdated : int
        Rows that are older than what is stored under their key, or that a later row of a delta overrules.
    n_deleted : int
        Rows of a delta that took away what was stored under their key.
    n_updated : int
        Of those stored: rows that took the place of what was stored under their key.
    reasons : tuple of (str, int, str)
        Reason, rows it holds against, and the place (file, row) of the first; most frequent first.
    others : tuple of (str, int)
        Columns whose unlisted values became `other`, with rows.
    placeholders : tuple of (str, int)
        Columns whose texts stand for "none" or "open end", with rows; they are null in the store.
    cells : tuple of (str, int, str)
        Reason why a cell could not be read, rows that are kept without it, and the place of the first; most
        frequent first. The cells lie in the quarantine, their rows are stored or repeats.
    unknown_columns : tuple of str
        Source columns that the contract does not know; ignored.
    not_given : tuple of str
        Optional contract columns that the source does not give: what needs them reports "not checked".
    n_joined : int
        Rows of the source that are part of a row that was read: of a group, equal ones of `distinct`, or of a register
        after a look-up.
    """

    table: str
    n_read: int
    n_stored: int
    n_repeats: int
    n_quarantined: int
    reasons: tuple[tuple[str, int, str], ...] = ()
    others: tuple[tuple[str, int], ...] = ()
    placeholders: tuple[tuple[str, int], ...] = ()
    cells: tuple[tuple[str, int, str], ...] = ()
    unknown_columns: tuple[str, ...] = ()
    not_given: tuple[str, ...] = ()
    n_joined: int = 0
    n_outdated: int = 0
    n_deleted: int = 0
    n_updated: int = 0

    def __post_init__(self) -> None:
        told = self.n_stored + self.n_repeats + self.n_outdated + self.n_deleted + self.n_quarantined
        if self.n_read != told:
            counts = (
                f"{self.n_stored} stored + {self.n_repeats} repeats + {self.n_outdated} outdated + "
                f"{self.n_deleted} deletions + {self.n_quarantined} quarantined"
            )
            raise AssertionError(f"rows of {self.table} were lost: {self.n_read} read, {counts}")


@dataclass(frozen=True)
class FileCount:
    """One file of a source: its lines = skipped + header + rows + malformed + further lines of rows + blank lines.

    Parameters
    ----------
    file, source : str
        Name below the source folder, with that in its archive or workbook; name of the source in the mapping.
    n_rows : int
        Rows that were read.
    n_malformed : int
        Lines, or records of several lines, that are no row and went to the quarantine.
    n_lines, n_header_lines : int, optional
        Lines of a CSV file, or rows of a sheet, and of its header; a Parquet file has none.
    n_further_lines : int
        Lines that rows or malformed records take beyond their first: line breaks within quotes.
    n_blank_lines : int
        Lines without a character.
    n_skipped_lines : int
        Titles before the header and lines at the end that the mapping says are no rows.
    encoding : str
        What a CSV file was read as; empty for others.
    """

    file: str
    source: str
    n_rows: int
    n_malformed: int = 0
    n_lines: int | None = None
    n_header_lines: int = 0
    n_further_lines: int = 0
    n_blank_lines: int = 0
    n_skipped_lines: int = 0
    encoding: str = ""

    def __post_init__(self) -> None:
        counted = self.n_header_lines + self.n_rows + self.n_malformed + self.n_further_lines + self.n_blank_lines
        counted += self.n_skipped_lines
        if self.n_lines is not None and self.n_lines != counted:
            raise AssertionError(f"lines of {self.file} were lost: {self.n_lines} in it, {counted} counted")


@dataclass(frozen=True)
class GaveWay:
    """One table and claims month of which stored rows gave way: to a replaced month, or to a delta.

    Parameters
    ----------
    month, table : str
        YYYY-MM; contract name.
    n_before, n_gone, n_now : int
        Rows stored before; of these, rows that gave way; rows stored afterwards.
    """

    month: str
    table: str
    n_before: int
    n_gone: int
    n_now: int


@dataclass(frozen=True)
class Quality:
    """A relation that should hold and was counted, never mended.

    Parameters
    ----------
    name, meaning : str
        Short name, and what holds where it holds.
    n_checked, n_failing : int
        Rows.
    first : str
        Place (file, row) of the first that fails.
    kind, table : str
        As in `Relation`.
    months : tuple of (str, int, int)
        By claims month, empty for rows without one: rows, and those that fail.
    """

    name: str
    meaning: str
    n_checked: int
    n_failing: int
    first: str = ""
    kind: str = "relation"
    table: str = ""
    months: tuple[tuple[str, int, int], ...] = ()

    @property
    def share(self) -> float:
        """Share of the rows that fail, 0 to 1."""
        return self.n_failing / self.n_checked if self.n_checked else 0.0


@dataclass(frozen=True)
class SourceReport:
    """What a source holds and what became of it.

    Parameters
    ----------
    mapping : str
        Mapping in use.
    source : str
        Digest of the source's files.
    months : tuple of str
        Claims months of its settlements.
    tables : tuple of TableCount
        Row conservation by table.
    absent : tuple of str
        Contract tables that it does not give.
    quality : tuple of Quality
        Relations that were counted: amounts, times, references.
    unchecked : tuple of str
        Those of them that the source gives no columns for.
    files : tuple of FileCount
        Lines and rows by file.
    zone : str, optional
        Zone that instants were brought to; None where the mapping declares none.
    extract : Extract, optional
        Of what day the source is; None where it has neither bills nor registers.
    gave_way : tuple of GaveWay
        Stored rows that gave way.
    """

    mapping: str
    source: str
    months: tuple[str, ...]
    tables: tuple[TableCount, ...]
    absent: tuple[str, ...]
    quality: tuple[Quality, ...] = ()
    unchecked: tuple[str, ...] = ()
    files: tuple[FileCount, ...] = ()
    zone: str | None = None
    extract: Extract | None = None
    gave_way: tuple[GaveWay, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return asdict(self)
