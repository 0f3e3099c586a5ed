"""Write a city as a claims source, whole or not at all, with its truth beside it."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from fraud.synthetic.city import City

_MARK = "city.json"
_MONTH_TABLES = ("settlements", "claim_lines", "diagnoses", "procedures", "drg_assignments")


def truth_folder(out: Path) -> Path:
    """Folder of the truth tables that belong to a source."""
    return out.with_name(f"{out.name}-truth")


def check_target(out: Path) -> None:
    """Refuse an output folder that holds something else than a former city."""
    if not out.name:
        raise InputError.of(f"output '{out}'", "of the city", "not a folder that can be made", "name a new folder")
    for folder in (out, truth_folder(out)):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise InputError.of(f"output '{folder}'", "of the city", "not a plain folder", "name a new folder")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).is_file():
            raise InputError.of(
                f"output '{folder}'", "of the city", "holds something else", "name a new folder or empty this one"
            )


def _parquet(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", compression_level=1, row_group_size=500_000)


def _by_month(city: City, folder: Path) -> None:
    settlements = city.tables["settlements"]
    month = pc.strftime(settlements["settle_time"], format="%Y-%m")
    for name in _MONTH_TABLES:
        table = city.tables[name]
        rows = pc.index_in(table["settlement_id"], value_set=settlements["settlement_id"].combine_chunks())
        months = month.combine_chunks().take(rows)
        for value in city.months:
            part = table.filter(pc.equal(months, value))
            _parquet(part, folder / name / f"month={value}" / "part-0.parquet")


def write_city(city: City, out: Path) -> None:
    """Write the claims source to `out` and the truth to `out`-truth.

    Large tables lie in `<table>/month=YYYY-MM/part-0.parquet` by the month of settlement, the others in
    `<table>.parquet`; each folder has a `city.json` that says how it was made.

    Raises
    ------
    InputError
        When a folder exists that is neither empty nor a former city; nothing is written then.
    """
    check_target(out)
    asked = {
        "persons": city.persons,
        "providers": city.providers,
        "months": list(city.months),
        "seed": city.seed,
        "schemes": city.schemes,
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = [(folder, folder.with_name(f".{folder.name}.new-{os.getpid()}")) for folder in (out, truth_folder(out))]
    try:
        (source, truth) = (temporary for _, temporary in fresh)
        _by_month(city, source)
        for name in sorted(city.tables.keys() - set(_MONTH_TABLES)):
            _parquet(city.tables[name], source / f"{name}.parquet")
        for name, table in city.truth.items():
            _parquet(table, truth / f"{name}.parquet")
        for _, temporary in fresh:
            (temporary / _MARK).write_text(json.dumps(asked, indent=1) + "\n", encoding="utf-8")
        for folder, temporary in fresh:
            if folder.exists():
                shutil.rmtree(folder)
            temporary.rename(folder)
    finally:
        for _, temporary in fresh:
            shutil.rmtree(temporary, ignore_errors=True)


def write_labels(labels: pa.Table, path: Path) -> None:
    """Write invented dispositions as CSV, as an investigation unit would send them back."""
    import pyarrow.csv as pacsv

    temporary = path.with_name(f".{path.name}.new")
    pacsv.write_csv(labels, temporary, pacsv.WriteOptions(quoting_style="needed"))
    temporary.replace(path)
