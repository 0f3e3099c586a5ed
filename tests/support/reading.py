"""Read one source file as ingest does: its rows, what was set aside, and the account of its lines."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features.claims.mapping import Mapping, Source
from features.claims.mapping.form import Form
from features.claims.reading.account import collect_rejected
from features.claims.reading.find import find_sources
from features.claims.reading.found import Found
from features.claims.reading.patterns import Pattern
from features.claims.reading.texts import open_raw
from features.engine import DuckDBEngine

if TYPE_CHECKING:
    from features.claims.report import FileCount


@dataclass(frozen=True)
class Read:
    """Rows as texts; line, reason and raw content of what is no row; the account."""

    rows: list[tuple[str | None, ...]]
    malformed: list[tuple[int, str, str]]
    count: FileCount

    @property
    def lines(self) -> tuple[int | None, int, int, int, int]:
        """Lines of the file: all, rows, malformed, further lines within quotes, blank."""
        each = self.count
        return each.n_lines, each.n_rows, each.n_malformed, each.n_further_lines, each.n_blank_lines


@dataclass(frozen=True)
class Rows:
    """Rows of a source by column; what is no row; the account of each file."""

    rows: list[dict[str, str | None]]
    malformed: list[tuple[str, int, str]]
    counts: tuple[FileCount, ...]

    @property
    def amount(self) -> Decimal:
        """Sum of the column `amount`."""
        return sum((Decimal(row["amount"] or 0) for row in self.rows), Decimal(0))


def read_source(folder: Path, *, identity: bool = False, **form: Any) -> Rows:
    """Find the files of one source, or those of the contract's claim lines, and read them."""
    if identity:
        mapping = Mapping(name="contract", identity=True, files=Form(**form))
    else:
        mapping = Mapping(name="one", sources={"s": Source(**form)})
    found = next(each for each in find_sources(folder, mapping) if each.name in {"s", "claim_lines"})
    with tempfile.TemporaryDirectory() as staging, DuckDBEngine("1GB", 2) as engine:
        raw = open_raw(engine, found, folder, Path(staging) / "files", "source_0", keep=True)
        names = ", ".join('"' + column.replace('"', '""') + '"' for column in raw.columns)
        n_rows = {}
        rows = []
        for file, part in raw.parts.items():
            told = engine.rows(f"select {names} from {part.view} order by _row")
            n_rows[file] = len(told)
            rows += [dict(zip(raw.columns, row, strict=True)) for row in told]
        counts = collect_rejected(engine, raw, n_rows)
        malformed = engine.rows("select _file, _row, reason from source_0_rejected order by _file, _row")
    return Rows(rows, malformed, counts)


def read_file(path: Path, *, encoding: str | None = "utf-8", **form: Any) -> Read:
    """Read a file through the reader of sources."""
    found = Found("s", (path,), Form(encoding=encoding, **form), (Pattern.of(path.name),))
    with DuckDBEngine("1GB", 2) as engine:
        raw = open_raw(engine, found, path.parent, path.parent / "staging", "source_0", keep=True)
        columns = ", ".join('"' + column.replace('"', '""') + '"' for column in raw.columns)
        ((file, part),) = raw.parts.items()
        view = part.view
        rows = engine.rows(f"select {columns} from {view} order by _row")
        (count,) = collect_rejected(engine, raw, {file: len(rows)})
        malformed = engine.rows("select _row, reason, raw from source_0_rejected order by _row")
    return Read(rows, malformed, count)
