"""What became of every line of a source's files, once its rows were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.reading.damaged import shortened_sql
from features.claims.reading.sifted import Sifted
from features.claims.report import FileCount
from features.engine import path_list, quoted
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.claims.reading.texts import Part, Raw
    from features.engine import DuckDBEngine


def collect_rejected(engine: DuckDBEngine, raw: Raw, n_rows: Mapping[str, int]) -> tuple[FileCount, ...]:
    """Make `<name>_rejected` of what was no row when every column of a source was read, and account for every line.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds the source.
    raw : Raw
        The source.
    n_rows : dict of str to int
        Rows that were read, by file.

    Returns
    -------
    tuple of FileCount
        Lines by what became of them, by file.

    Raises
    ------
    InputError
        The reader gave fewer rows of a file, or more, than were counted apart from it.
    """
    engine.create_table(
        f"{raw.name}_rejected",
        "select '' as _file, cast(0 as bigint) as _row, '' as reason, '' as raw where 1 = 0",
    )
    return tuple(_account(engine, raw, file, part, n_rows[file]) for file, part in raw.parts.items())


def _account(engine: DuckDBEngine, raw: Raw, file: str, part: Part, n_rows: int) -> FileCount:
    counted, n_unreadable = part.counted, 0
    if isinstance(counted, Sifted):
        n_unreadable = int(engine.rows(f"select count(distinct line) from {part.view}_errors")[0][0])
        if n_unreadable:
            _insert_unreadable(engine, raw, file, part.view, counted)
    if counted is not None and counted.damaged is not None:
        engine.execute(
            f"insert into {raw.name}_rejected select {quoted(file)}, line, 'malformed line: ' || reason, raw "
            f"from read_parquet({path_list([counted.damaged])})"
        )
    if n_rows + n_unreadable != part.n_claimed:
        got = f"{part.n_claimed:,} rows in it, {n_rows:,} read and {n_unreadable:,} unreadable"
        raise InputError.of("file", plain_line(f"'{file}'"), got, "export it again, every text within quotes")
    if counted is None:
        return FileCount(file, raw.source, n_rows)
    return FileCount(
        file,
        raw.source,
        n_rows,
        n_malformed=n_unreadable + counted.n_damaged,
        n_lines=counted.n_lines,
        n_header_lines=counted.n_header_lines,
        n_further_lines=counted.n_further,
        n_blank_lines=counted.n_blank,
        n_skipped_lines=counted.n_skipped,
        encoding=counted.encoding,
    )


def _insert_unreadable(engine: DuckDBEngine, raw: Raw, file: str, view: str, sifted: Sifted) -> None:
    """Take over what the reader itself could not take, by the line of the file: cells too many here, too few there."""
    import pandas as pd

    moves = pd.DataFrame({"record": sifted.moved_records, "move": sifted.moves}, dtype="int64")
    engine.register(f"{view}_moves", moves)
    # The reader calls "line" the number of a record, the header counted as one.
    told = "line - 1 as record, min(error_message) as reason, min(csv_line) as raw"
    errors = f"select {told} from {view}_errors group by line"
    engine.execute(
        f"insert into {raw.name}_rejected select {quoted(file)}, e.record + m.move, "
        f"'malformed line: ' || split_part(e.reason, chr(10), 1), {shortened_sql('e.raw')} "
        f"from ({errors}) e asof join {view}_moves m on e.record >= m.record"
    )
    engine.drop(f"{view}_moves")
