"""Decisions come back as labels: each returned row is stored, a repeat, left open, or refused with its reasons."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from features.claims import ClaimsStore
from features.errors import InputError
from features.outside import plain_line
from fraud.cases.life.disputes import undisputed
from fraud.cases.life.found_table import NEEDED
from fraud.cases.life.make_labels import make_labels
from fraud.cases.life.pending import Pending, begin_import, end_import, finish_import, written
from fraud.cases.life.report import FeedbackReport, merge_reasons, tally
from fraud.cases.life.returned import KNOWN_COLUMNS, read_returned
from fraud.cases.life.store_labels import store_labels
from fraud.durable import write_whole
from fraud.workspace_key import source_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fraud.cases.life.make_labels import RefusedRow, ReturnedLabel
    from fraud.settings import Settings
    from fraud.workspace import Workspace

# Where a day begins first: investigators may sit east of the machine, or of the zone that it is set to.
_FIRST_ZONE = timezone(timedelta(hours=14))


def import_feedback(
    workspace: Workspace, file: Path, *, settings: Settings, today: date | None = None
) -> FeedbackReport:
    """Store the decisions of a returned file as labels.

    Labels go through the ingest of the claims contract. Equal decisions have equal label ids, so a file may be
    given again. The import is recorded before anything is stored; where it fails between labels and history, the
    next import finishes it. The caller holds the workspace as its one writer.

    Parameters
    ----------
    workspace : Workspace
        Has a store; pseudonyms are resolved under its key, and rows held against the packs that it issued.
    file : Path
        The returned workbook, the page's download, or a CSV of the contract's labels.
    settings : Settings
        Of the engine.
    today : date, optional
        Nothing was decided later; by default the day that it is where days begin first.

    Returns
    -------
    FeedbackReport
        Every row accounted for.

    Raises
    ------
    InputError
        The file cannot be used, or there is no store; nothing was written.
    ToolkitError
        The import cannot be recorded, and nothing was stored; or its history cannot be written.
    """
    returned = read_returned(file)
    _check_columns(file, returned.columns)
    store = ClaimsStore.open(workspace.store)
    source = source_id(workspace.key(), returned.source)
    finish_import(workspace)
    made, refused = make_labels(workspace, store, returned, today or datetime.now(_FIRST_ZONE).date())
    labels, disputed = undisputed(store, made)
    refused += disputed
    pending = _pending(source, labels)
    workspace.record("feedback import begun", source=source, started=pending.at, kind=file.suffix.lower())
    begin_import(workspace, pending)
    _keep_refused(workspace, source, refused)
    given = {*returned.columns, *(name for each in labels for name in each.label)}
    stored = store_labels(workspace, labels, sorted(given), settings.engine)
    told = [(reason, 1, each.place) for each in refused for reason in each.reasons]
    report = FeedbackReport(
        source=source,
        n_read=len(returned.rows),
        n_stored=stored.n_stored,
        n_repeats=stored.n_repeats,
        n_open=sum(row.is_open for row in returned.rows),
        n_quarantined=stored.n_quarantined + len(refused),
        reasons=merge_reasons([*told, *stored.reasons]),
        decisions=tally(each.label["decision"].lower() for each in stored.new.values()),
        unknown_columns=tuple(column for column in returned.columns if column not in KNOWN_COLUMNS),
        cells_outside=returned.cells_outside,
    )
    end_import(workspace, pending, read=report.n_read, stored=report.n_stored, quarantined=report.n_quarantined)
    return report


def _pending(source: str, labels: Sequence[ReturnedLabel]) -> Pending:
    # Of equal labels in one file the first is stored.
    notes = {
        each.label["label_id"]: (each.label["decision"], each.row.get("note", ""), each.row.get("pack_id", ""))
        for each in reversed(labels)
    }
    return Pending(source, datetime.now(UTC).isoformat(timespec="microseconds"), notes)


def _check_columns(file: Path, columns: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        got = f"column {', '.join(missing)} is missing"
        raise InputError.of("feedback", plain_line(repr(file.name)), got, "see docs/cases.md for the columns")


def _keep_refused(workspace: Workspace, source: str, refused: Sequence[RefusedRow]) -> None:
    """Keep rows that did not reach the store's own quarantine, with their reasons; one file per returned file.

    Where none is refused any more, what an earlier import of the file left is removed.
    """
    path = workspace.cases / "quarantine" / f"{source[:16]}.json"
    rows = [{"place": each.place, "reasons": each.reasons, "row": each.row} for each in refused]
    with written(workspace):
        if rows:
            text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
            write_whole(path, text.encode("utf-8", "backslashreplace"))
        else:
            path.unlink(missing_ok=True)
