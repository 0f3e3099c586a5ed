"""Write a city as a claims source, whole or not at all, with its truth beside it."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from experiments.synthetic.generate import CityByMonth
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from experiments.synthetic.city import City

_MARK = "city.json"


def truth_folder(out: Path) -> Path:
    """Folder of the truth tables that belong to a source."""
    return out.with_name(f"{out.name}-truth")


def check_target(out: Path) -> None:
    """Refuse an output folder that holds something else than a former city."""
    if not out.name:
        raise InputError.of(f"output '{out}'", "of the city", "not a folder that can be made", "name a new folder")
    standing = next(path for path in out.absolute().parents if path.exists() or path.is_symlink())
    if not standing.is_dir():
        raise InputError.of(f"output '{out}'", "of the city", f"{standing} is no folder", "name a folder in a folder")
    for folder in (out, truth_folder(out)):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise InputError.of(f"output '{folder}'", "of the city", "not a plain folder", "name a new folder")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).is_file():
            raise InputError.of(
                f"output '{folder}'", "of the city", "holds something else", "name a new folder or empty this one"
            )


def check_labels_target(labels: Path, out: Path) -> None:
    """Refuse a file of labels that cannot be written, or that lies where the city will be."""
    place = labels.absolute()
    if place.is_dir() or not place.parent.is_dir():
        raise InputError.of(f"labels '{labels}'", "of the city", "no file in a folder that is there", "name a CSV file")
    if {out.absolute(), truth_folder(out.absolute())} & set(place.parents):
        raise InputError.of(f"labels '{labels}'", "of the city", "inside the city's folder", "name a file beside it")


def _parquet(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd", compression_level=1, row_group_size=500_000)


@dataclass
class Written:
    """What lies in a source and its truth.

    Attributes
    ----------
    rows : dict of str to int
        Rows per table, truth included.
    schemes : tuple of str
        Codes of the schemes planted.
    not_planted : tuple of str
        What the city had no room for.
    """

    rows: dict[str, int]
    schemes: tuple[str, ...]
    not_planted: tuple[str, ...]


def write_city(city: City | CityByMonth, out: Path, *, on_month: Callable[[str], None] = lambda _: None) -> Written:
    """Write the claims source to `out` and the truth to `out`-truth, whole or not at all.

    Tables with a claims month lie in `<table>/month=YYYY-MM/part-0.parquet` by the month of settlement, the others in
    `<table>.parquet`; each folder has a `city.json` that says how it was made.

    Parameters
    ----------
    city : City or CityByMonth
        The latter is settled while it is written, so that one month is in memory at a time.
    out : Path
        Folder of the source.
    on_month : callable
        Told the name of each month that is written.

    Raises
    ------
    InputError
        When a folder exists that is neither empty nor a former city; nothing is written then.
    """
    check_target(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = [(folder, folder.with_name(f".{folder.name}.new-{os.getpid()}")) for folder in (out, truth_folder(out))]
    rows: Counter[str] = Counter()
    try:
        (source, truth) = (temporary for _, temporary in fresh)
        for month, part in city.by_month:
            for name, table in part.items():
                _parquet(table, source / name / f"month={month}" / "part-0.parquet")
                rows[name] += table.num_rows
            on_month(month)
        registers = city.registers() if isinstance(city, CityByMonth) else city.registers
        truths = city.truth() if isinstance(city, CityByMonth) else city.truth
        for folder, tables in ((source, registers), (truth, truths)):
            for name, table in tables.items():
                _parquet(table, folder / f"{name}.parquet")
                rows[name] += table.num_rows
        asked = {**asdict(city.request), "not_planted": city.not_planted}
        for _, temporary in fresh:
            (temporary / _MARK).write_text(json.dumps(asked, indent=1) + "\n", encoding="utf-8")
        for folder, temporary in fresh:
            if folder.exists():
                shutil.rmtree(folder)
            temporary.rename(folder)
    finally:
        for _, temporary in fresh:
            shutil.rmtree(temporary, ignore_errors=True)
    guilty = (truths[name]["scheme_code"].to_pylist() for name in ("truth_providers", "truth_patients"))
    schemes = tuple(sorted({code for codes in guilty for code in codes}))
    return Written(dict(rows), schemes, city.not_planted)


def write_labels(labels: pa.Table, path: Path) -> None:
    """Write invented dispositions as CSV, as an investigation unit would send them back."""
    import pyarrow.csv as pacsv

    temporary = path.with_name(f".{path.name}.new")
    pacsv.write_csv(labels, temporary, pacsv.WriteOptions(quoting_style="needed"))
    temporary.replace(path)
