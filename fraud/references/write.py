"""Write an edition as a source of contract tables, and beside it what was refused."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from features.claims import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from fraud.references.published import Pair, Published

REFUSED = "refused.csv"
_PAIR = ("item_code", "excluded_item_code", "scope", "modifier_allowed", "valid_from_date", "valid_to_date")


def write_source(
    folder: Path,
    *,
    items: Iterable[Mapping[str, str]],
    pairs: Iterable[Pair],
    editions: Iterable[Mapping[str, str]],
    edition: str,
    first_day: str,
) -> dict[str, int]:
    """Write tables of the contract, one CSV file each; a table without rows is not written.

    Parameters
    ----------
    folder : Path
        Where to write; it is there.
    items, editions : iterable of mapping
        Rows of `ref_items` and `ref_editions`.
    pairs : iterable of Pair
        Pairs; one without a first day has `first_day`.
    edition, first_day : str
        Of the pairs.

    Returns
    -------
    dict of str to int
        Rows by table.
    """
    rows: dict[str, list[Mapping[str, str]]] = {
        "ref_items": sorted(items, key=lambda row: (row["item_code"], row.get("valid_from_date", ""))),
        "ref_item_pairs": sorted(
            (
                {**dict(zip(_PAIR, (*pair[:4], pair[4] or first_day, pair[5]), strict=True)), "edition": edition}
                for pair in pairs
            ),
            key=lambda row: tuple(row.values()),
        ),
        "ref_editions": list(editions),
    }
    for table, own in rows.items():
        given = {name for row in own for name, value in row.items() if value}
        names = [column.name for column in TABLES[table].columns if column.name in given]
        if own:
            _write(folder / f"{table}.csv", names, own)
    return {table: len(own) for table, own in rows.items()}


def write_refused(folder: Path, found: Published) -> None:
    """Write the rows that were refused, each with its place and all reasons; nothing where there are none."""
    rows = [{"place": each.place, "topic": each.topic, "reasons": "; ".join(each.reasons)} for each in found.refused]
    if rows:
        _write(folder / REFUSED, ["place", "topic", "reasons"], rows)


def _write(path: Path, names: list[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, extrasaction="ignore", restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
