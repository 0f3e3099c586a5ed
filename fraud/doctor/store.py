"""Check of the claims store: its catalogue, and every part it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from features.claims.store.catalog import Catalog
from features.claims.store.history import kept_files, kept_parts
from features.claims.store.parse_catalog import FORMAT
from features.claims.store.part import part_size, refuse_damaged
from features.claims.store.write import FOLDERS
from features.errors import ToolkitError
from fraud.doctor.remark import note, ok, refused, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.claims.store.part import Part
    from fraud.doctor.remark import Patient, Remark

_TOLD_EVERY = 50
_FORGET = "restore them from a backup, or forget them: `fraud expire --older-than 0 --kinds history`"


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
    # Equal snapshots of a register are one file.
    parts = list({part.file: part for part in catalog.parts()}.values())
    faults = []
    for number, part in enumerate(parts, start=1):
        if (fault := _fault(patient, part)) is not None:
            faults.append(fault)
        if number % _TOLD_EVERY == 0:
            patient.tell(f"store: {number:,} of {len(parts):,} parts")
    yield from faults
    yield from _history(patient, catalog)
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


def _history(patient: Patient, catalog: Catalog) -> Iterator[Remark]:
    """Hold every part that only a kept catalogue names against its name and its rows."""
    folder = patient.workspace.store
    n_kept = len(kept_files(folder))
    try:
        parts = kept_parts(folder, catalog)
    except ToolkitError as error:
        yield refused(error)
        yield wrong("what the store was cannot be read: months scored of it cannot be replayed", _FORGET)
        return
    n_faults = sum(_fault(patient, part) is not None for part in parts)
    if n_faults:
        told = f"{n_faults:,} of {len(parts):,} parts kept for replays are missing or damaged"
        yield wrong(told, _FORGET)
    elif n_kept:
        size = sum(part_size(folder, part) for part in parts)
        yield ok(f"{n_kept:,} earlier states kept for replays: {len(parts):,} more parts, {size / 1_000_000:,.1f} MB")


def _orphans(patient: Patient, catalog: Catalog) -> int:
    folder, live = patient.workspace.store, catalog.files()
    try:
        live |= {part.file for part in kept_parts(folder, catalog)}
    except ToolkitError:  # said above; no orphan is removed either
        return 0
    found = [path for name in FOLDERS for path in (folder / name).rglob("*")]
    return sum(path.is_file() and path.relative_to(folder).as_posix() not in live for path in found)
