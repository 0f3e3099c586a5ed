"""Store labels through the ingest of the claims contract, as a source of one table."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import TABLES, ClaimsStore, ingest_source
from fraud.cases.life.label_ids import stored_label_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fraud.cases.life.make_labels import ReturnedLabel
    from fraud.cases.life.report import Reason
    from fraud.engine_settings import EngineSettings
    from fraud.workspace import Workspace

# What a label has even where the returned file does not give it.
_MADE = {"label_id", "known_date"}


@dataclass(frozen=True)
class StoredLabels:
    """Labels after the ingest: those that are new, and how many were stored, repeated and quarantined.

    Parameters
    ----------
    new : mapping of str to ReturnedLabel
        Labels that the store did not hold before, by their ids.
    n_stored, n_repeats, n_quarantined : int
        Labels.
    reasons : tuple of (str, int, str)
        Of the store's quarantine, with the place in the returned file.
    """

    new: Mapping[str, ReturnedLabel]
    n_stored: int = 0
    n_repeats: int = 0
    n_quarantined: int = 0
    reasons: tuple[Reason, ...] = ()


def store_labels(
    workspace: Workspace, labels: Sequence[ReturnedLabel], returned: Sequence[str], settings: EngineSettings
) -> StoredLabels:
    """Store labels as one source, so that the contract judges them like any other rows.

    Parameters
    ----------
    workspace : Workspace
        Held by the caller as its one writer.
    labels : sequence of ReturnedLabel
        What to store.
    returned : sequence of str
        Columns of the returned file: what it does not give is absent and not empty.
    settings : EngineSettings
        Of the ingest.
    """
    if not labels:
        return StoredLabels({})
    before = stored_label_ids(ClaimsStore.open(workspace.store))
    columns = [name for name in TABLES["labels"].by_name if name in returned or name in _MADE]
    folder = workspace.staging / "feedback"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(each.label for each in labels)
        report = ingest_source(
            folder,
            workspace.store,
            memory_limit=settings.memory_limit,
            threads=settings.threads,
            spill_folder=settings.spill(),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    count = next(each for each in report.tables if each.table == "labels")
    new = stored_label_ids(ClaimsStore.open(workspace.store)) - before
    return StoredLabels(
        # Of equal labels in one file the first was stored.
        {each.label["label_id"]: each for each in reversed(labels) if each.label["label_id"] in new},
        count.n_stored,
        count.n_repeats,
        count.n_quarantined,
        tuple((reason, n, _place(first, labels)) for reason, n, first in count.reasons),
    )


def _place(first: str, labels: Sequence[ReturnedLabel]) -> str:
    """Say where a row of the source of one table stood in the returned file."""
    number = first.rpartition(" row ")[2]
    return labels[int(number) - 1].place if number.isdigit() and int(number) <= len(labels) else ""
