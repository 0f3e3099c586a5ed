"""Turn the files of an edition into a source: read, joined with what the store knows, written whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fraud.references.edition import Edition, edition_of
from fraud.references.known_items import known_items
from fraud.references.merge import merged
from fraud.references.read_files import check_there, check_used, read_files
from fraud.references.write import write_refused, write_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from features.claims import ClaimsStore
    from fraud.references.published import Published


@dataclass(frozen=True)
class Imported:
    """What became of an edition.

    Parameters
    ----------
    edition : Edition
        Its name and days.
    found : Published
        What was read, and what became of each row.
    rows : mapping of str to int
        Rows of the source by contract table.
    """

    edition: Edition
    found: Published
    rows: Mapping[str, int]

    def as_dict(self) -> dict[str, object]:
        """Return it for a program to read."""
        return {
            "edition": self.edition.name,
            "kind": self.edition.kind,
            "valid_from": self.edition.valid_from and self.edition.valid_from.isoformat(),
            "topics": [
                {
                    "topic": name,
                    "columns": list(each.columns),
                    "points": each.n_points,
                    "used": each.n_used,
                    "not_covered": each.n_not_covered,
                    "refused": each.n_refused,
                    "never_in_force": each.n_never,
                    "codes_said": each.n_codes_said,
                    "items": len(each.items),
                }
                for name, each in sorted(self.found.topics.items())
            ],
            "notes": self.found.n_notes,
            "unknown_headings": {place: list(own) for place, own in self.found.unknown_headings.items()},
            "refused": [
                {"place": each.place, "topic": each.topic, "reasons": list(each.reasons)} for each in self.found.refused
            ],
            "rows": dict(self.rows),
        }


def import_files(
    files: Sequence[Path],
    folder: Path,
    *,
    kind: str,
    edition: str | None = None,
    published: date | None = None,
    valid_from: date | None = None,
    store: ClaimsStore | None = None,
) -> Imported:
    """Read the files of an edition, and write the source that says what they say.

    Parameters
    ----------
    files : sequence of Path
        As published.
    folder : Path
        An empty folder, for `ref_items.csv`, `ref_item_pairs.csv`, `ref_editions.csv` and `refused.csv`.
    kind : str
        One of `KINDS`.
    edition, published, valid_from
        As `edition_of` takes them.
    store : ClaimsStore, optional
        Whose items keep what is known of them.

    Raises
    ------
    InputError
        A file is not there, cannot be read or holds no row of its kind; no row can be used; or the edition's name or
        day cannot be told.
    """
    check_there(files)
    named = edition_of(kind, [file.name for file in files], edition, published, valid_from)
    found = read_files(files, kind)
    check_used(found, files, kind)
    day = named.valid_from.isoformat() if named.valid_from else ""
    limits = {item: own for item, own in found.items.items() if any(v for k, v in own.items() if k != "item_name")}
    known = known_items(store, limits) if store is not None and limits else {}
    versions = [row for item, own in limits.items() for row in merged(item, known.get(item, []), own, day, named.name)]
    rows = write_source(
        folder,
        items=versions,
        pairs=found.pairs,
        editions=named.rows(found),
        edition=named.name,
        first_day=day,
    )
    write_refused(folder, found)
    return Imported(named, found, rows)
