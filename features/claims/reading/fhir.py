"""Files of FHIR resources (a bundle, a list, or one resource a line) as one Parquet table of texts a part."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

from features.claims.reading.damaged import DamagedLines
from features.claims.reading.fhir_rows import PARTS, flatten
from features.claims.reading.limits import MAX_JSON_BYTES
from features.errors import InputError
from features.outside import parse_json, plain_line, refusing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow.parquet

    from features.claims.reading.fhir_rows import Row

_HINT = "export it again, one resource a line"
_BATCH = 10_000


@dataclass(frozen=True)
class Flattened:
    """What a file of resources holds for one part.

    Parameters
    ----------
    path : Path
        Parquet table of the part's rows.
    damaged : Path, optional
        Lines and resources that are none, as `DamagedLines`; told once, with the claims.
    n_damaged : int
        How many.
    """

    path: Path
    damaged: Path | None = None
    n_damaged: int = 0
    # A line holds any number of rows, so that lines are not counted against them.
    n_lines: int | None = None
    n_header_lines: int = 0
    n_further: int = 0
    n_blank: int = 0
    n_skipped: int = 0
    encoding: str = "utf-8"


def flatten_file(path: Path, file: str, part: str, staging: Path) -> Flattened:
    """Return a part of a file; the file is read once, whatever part is asked for first.

    Parameters
    ----------
    path : Path
        The plain file.
    file : str
        Its name below the source folder.
    part : str
        One of `PARTS`.
    staging : Path
        Folder for what is made of it.

    Raises
    ------
    InputError
        It is no JSON, or a line or the whole is larger than `MAX_JSON_BYTES`.
    """
    import pyarrow.parquet

    folder = staging / f"fhir_{hashlib.sha256(file.encode()).hexdigest()[:16]}"
    if not folder.exists():
        folder.mkdir(parents=True)
        with _Tables(folder) as tables, DamagedLines(folder / "damaged.parquet", file) as damaged:
            _flatten(path, plain_line(f"'{file}'"), tables, damaged)
    found, lost = folder / f"{part}.parquet", folder / "damaged.parquet"
    if part != "claims" or not lost.exists():
        return Flattened(found)
    return Flattened(found, lost, pyarrow.parquet.read_metadata(lost).num_rows)


def _flatten(path: Path, where: str, tables: _Tables, damaged: DamagedLines) -> None:
    with path.open("rb") as lines:
        if not _is_by_line(lines):
            text = lines.read(MAX_JSON_BYTES + 1)
            if len(text) > MAX_JSON_BYTES:
                raise InputError.of("file", where, f"larger than {MAX_JSON_BYTES:,} bytes and not by lines", _HINT)
            for number, resource in enumerate(_unbundled(_parsed(text, where)), start=1):
                _take(number, resource, tables, damaged)
            return
        for number, line in enumerate(_lines(lines), start=1):
            if len(line) > MAX_JSON_BYTES:
                raise InputError.of("file", f"{where} line {number}", f"longer than {MAX_JSON_BYTES:,} bytes", _HINT)
            try:
                resources = _unbundled(_parsed(line, where)) if line.strip() else []
            except InputError:
                damaged.add(number, "no JSON of one resource", line)
                continue
            for resource in resources:
                _take(number, resource, tables, damaged)


def _is_by_line(lines: IO[bytes]) -> bool:
    """Whether every line is an object of its own: the first is whole, or the second begins one."""
    first = lines.readline(MAX_JSON_BYTES).removeprefix(b"\xef\xbb\xbf").strip()
    second = lines.readline(2)
    lines.seek(0)
    return first.startswith(b"{") and (first.endswith(b"}") or second.startswith(b"{"))


def _lines(lines: IO[bytes]) -> Iterator[bytes]:
    while line := lines.readline(MAX_JSON_BYTES + 1):
        yield line


def _parsed(text: bytes, where: str) -> object:
    with refusing("file", where, _HINT):
        return parse_json(text.decode("utf-8-sig"), "file", where, _HINT)


def _unbundled(found: object) -> list[object]:
    """Resources of a bundle or a list; what is neither is the one resource."""
    if isinstance(found, dict) and found.get("resourceType") == "Bundle":
        entries = found.get("entry", [])
        found = [e.get("resource") if isinstance(e, dict) else e for e in entries] if isinstance(entries, list) else []
    return found if isinstance(found, list) else [found]


def _take(number: int, resource: object, tables: _Tables, damaged: DamagedLines) -> None:
    try:
        rows = list(flatten(resource))
    except ValueError as error:
        damaged.add(number, str(error), json.dumps(resource, ensure_ascii=False).encode())
        return
    for part, row in rows:
        tables.add(part, row)


class _Tables:
    """Parquet tables of texts, one a part, each written though it may stay empty."""

    def __init__(self, folder: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet

        schemas = {part: pa.schema([(column, pa.string()) for column in columns]) for part, columns in PARTS.items()}
        self._rows: dict[str, list[Row]] = {part: [] for part in PARTS}
        self._writers: dict[str, pyarrow.parquet.ParquetWriter] = {
            part: pyarrow.parquet.ParquetWriter(folder / f"{part}.parquet", schema) for part, schema in schemas.items()
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for part, writer in self._writers.items():
            self._write(part)
            writer.close()

    def add(self, part: str, row: Row) -> None:
        """Put a row behind those of its part."""
        self._rows[part].append(row)
        if len(self._rows[part]) == _BATCH:
            self._write(part)

    def _write(self, part: str) -> None:
        import pyarrow as pa

        writer = self._writers[part]
        writer.write_table(pa.Table.from_pylist(self._rows[part], schema=writer.schema))
        self._rows[part].clear()
