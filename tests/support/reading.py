"""Read one source file as ingest does: its rows, what was set aside, and the account of its lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.claims.form import Form
from features.claims.reading.account import collect_rejected
from features.claims.reading.found import Found
from features.claims.reading.patterns import Pattern
from features.claims.reading.texts import open_raw
from features.engine import DuckDBEngine

if TYPE_CHECKING:
    from pathlib import Path

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
