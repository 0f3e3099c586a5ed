"""Lines of CSV files that are no record, kept for the quarantine: line, reason and bounded raw content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from features.claims.reading.limits import MAX_DAMAGED_LINES, MAX_RAW_CHARACTERS
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

_BATCH = 10_000


def shortened(text: str, n_missing: int = 0) -> str:
    """Return raw content whole, or its beginning and how many characters it lacks.

    Parameters
    ----------
    text : str
        The content, or its beginning.
    n_missing : int
        Characters of it that `text` lacks already.

    Examples
    --------
    >>> shortened("S1,2")
    'S1,2'
    >>> shortened("S1,2", 4_012_345)
    'S1,2 … 4,012,345 characters more'
    """
    n_missing += max(len(text) - MAX_RAW_CHARACTERS, 0)
    return f"{text[:MAX_RAW_CHARACTERS]} … {n_missing:,} characters more" if n_missing else text


def shortened_sql(text: str) -> str:
    """Return SQL of `shortened` for a text."""
    most = MAX_RAW_CHARACTERS
    more = f"format(' … {{:,}} characters more', length({text}) - {most})"
    return f"case when length({text}) > {most} then left({text}, {most}) || {more} else {text} end"


class DamagedLines:
    """A Parquet file of damaged lines (`line`, `reason`, `raw`), made when there is one.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        The file whose lines they are, for the error.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self._name = name
        self._first = 0
        self.n = 0
        self._rows: list[tuple[int, str, str]] = []
        self._writer: pa.parquet.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._rows:
            self._write()
        if self._writer is not None:
            self._writer.close()

    def add(self, line: int, reason: str, raw: bytes, n_missing: int = 0) -> None:
        r"""Keep a line; bytes that are no UTF-8 are shown as `\ufffd`, `n_missing` bytes count as characters.

        Raises
        ------
        InputError
            There are more than `MAX_DAMAGED_LINES`.
        """
        self.n += 1
        self._first = self._first or line
        if self.n > MAX_DAMAGED_LINES:
            got = (
                f"more than {MAX_DAMAGED_LINES:,} malformed lines, the first line {self._first:,} (the last: {reason})"
            )
            hint = "export it again, or set `delimiter` and `encoding` in the mapping"
            raise InputError.of("file", plain_line(f"'{self._name}'"), got, hint)
        self._rows.append((line, reason, shortened(raw.rstrip(b"\r\n").decode("utf-8", "replace"), n_missing)))
        if len(self._rows) == _BATCH:
            self._write()

    def _write(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet

        schema = pa.schema([("line", pa.int64()), ("reason", pa.string()), ("raw", pa.string())])
        columns = [pa.array(column) for column in zip(*self._rows, strict=True)]
        if self._writer is None:
            self._writer = pyarrow.parquet.ParquetWriter(self.path, schema)
        self._writer.write_table(pa.table(columns, schema=schema))
        self._rows.clear()
