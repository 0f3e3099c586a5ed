"""Check of the claims store: its catalogue, and every part it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from features.claims.catalog import Catalog
from features.claims.parse_catalog import FORMAT
from features.claims.part import part_size, refuse_damaged
from features.errors import ToolkitError
from fraud.doctor.remark import note, ok, refused, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.claims.part import Part
    from fraud.doctor.remark import Patient, Remark

_TOLD_EVERY = 50


def check_store(patient: Patient) -> Iterator[Remark]:
    """Read the catalogue, and hold every part against its name and its rows."""
    folder = patient.workspace.store
    catalog = Catalog.read(folder)
    if not catalog.tables:
        yield ok("nothing ingested yet")
        return
    if catalog.format < FORMAT:
        told = f"the catalogue is of format {catalog.format}, of an earlier version; it can be read as it is"
        yield wrong(told, f"`fraud doctor --repair` writes it in format {FORMAT}")
    parts = list(catalog.parts())
    faults = []
    for number, part in enumerate(parts, start=1):
        if (fault := _fault(patient, part)) is not None:
            faults.append(fault)
        if number % _TOLD_EVERY == 0:
            patient.tell(f"store: {number:,} of {len(parts):,} parts")
    yield from faults
    orphans = _orphans(patient, catalog)
    if orphans:
        yield note(f"{orphans:,} files that the catalogue does not name", "the next ingest removes them")
    if not faults:
        how = "there and as long as told" if patient.quick else "there, unchanged and as long as told"
        size = sum(part_size(folder, part) for part in parts)
        yield ok(f"format {catalog.format}, {len(parts):,} parts, {size / 1_000_000:,.1f} MB: {how}")


def _fault(patient: Patient, part: Part) -> Remark | None:
    folder = patient.workspace.store
    try:
        part_size(folder, part)
        if not patient.quick:
            refuse_damaged(folder, [part])
    except ToolkitError as error:
        return refused(error)
    try:
        rows = pq.read_metadata(folder / part.file).num_rows
    except (pa.ArrowException, OSError):
        return wrong(f"store part '{part.file}': not readable Parquet", "restore it from a backup, or ingest it anew")
    if rows != part.rows:
        told = f"store part '{part.file}': {rows:,} rows, where the catalogue says {part.rows:,}"
        return wrong(told, "restore catalogue and parts from one backup, or ingest anew")
    return None


def _orphans(patient: Patient, catalog: Catalog) -> int:
    folder, live = patient.workspace.store, catalog.files()
    found = [path for name in ("parts", "codes", "quarantine") for path in (folder / name).rglob("*")]
    return sum(path.is_file() and path.relative_to(folder).as_posix() not in live for path in found)
