"""Dispositions come back as labels: each row is stored, a repeat, left open, or refused with its reasons."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from features.claims import TABLES, ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.errors import InputError
from fraud.cases.keyed_ids import stored_findings
from fraud.cases.life.returned import Returned, read_returned
from fraud.cases.summary_columns import SUMMARY_COLUMNS
from fraud.pseudonyms import CASES, Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from fraud.settings import Settings
    from fraud.workspace import Workspace

_NEEDED = ("subject_type", "subject_id", "decision", "decided_date")
# What makes one decision: giving it again, or by another way, is the same label.
_IDENTITY = ("case_id", "subject_type", "subject_id", "finding_id", "decision", "decided_date")
_DOMAINS = {"provider": "provider", "patient": "person", "practitioner": "practitioner", "settlement": "settlement"}
_PSEUDONYM = re.compile(r"X[0-9a-f]{16}")
_IGNORED = frozenset(column.name for column in SUMMARY_COLUMNS)
_MAX_NOTE = 2000


@dataclass(frozen=True)
class FeedbackReport:
    """What became of a returned file: rows read = stored + repeats + open + quarantined.

    Parameters
    ----------
    source : str
        SHA-256 of the file.
    n_read, n_stored, n_repeats, n_open, n_quarantined : int
        Rows; open ones hold no decision yet.
    reasons : tuple of (str, int, str)
        Reason, rows it holds against, and where the first of them stands; most frequent first.
    decisions : dict of str to int
        Labels stored, by decision.
    unknown_columns : tuple of str
        Columns of the file that mean nothing here; ignored.
    """

    source: str
    n_read: int
    n_stored: int
    n_repeats: int
    n_open: int
    n_quarantined: int
    reasons: tuple[tuple[str, int, str], ...]
    decisions: dict[str, int]
    unknown_columns: tuple[str, ...]

    def __post_init__(self) -> None:
        known = self.n_stored + self.n_repeats + self.n_open + self.n_quarantined
        if self.n_read != known:
            raise AssertionError(f"rows of the feedback were lost: {self.n_read} read, {known} accounted for")

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return asdict(self)


def import_feedback(workspace: Workspace, file: Path, *, settings: Settings) -> FeedbackReport:
    """Store the decisions of a returned file as labels.

    Labels go through the ingest of the claims contract. Equal decisions have equal label ids, so a file may be
    given again. The caller holds the workspace as its one writer.

    Parameters
    ----------
    workspace : Workspace
        Has a store; pseudonyms are resolved under its key.
    file : Path
        The returned workbook, the page's download, or a CSV of the contract's labels.
    settings : Settings
        Of the engine.

    Returns
    -------
    FeedbackReport
        Every row accounted for.

    Raises
    ------
    InputError
        The file cannot be used, or there is no store; nothing was written.
    """
    returned = read_returned(file)
    missing = [name for name in _NEEDED if name not in returned.columns]
    if missing:
        got = f"column {', '.join(missing)} is missing"
        raise InputError.of("feedback", f"{file.name!r}", got, "see docs/cases.md for the columns")
    store = ClaimsStore.open(workspace.store)
    with file.open("rb") as content:
        source = hashlib.file_digest(content, "sha256").hexdigest()
    decided = [(row, place) for row, place in zip(returned.rows, returned.places, strict=True) if "decision" in row]
    labels, refused = _labels(workspace, store, decided)
    before = _label_ids(store)
    count, reasons = _ingest(workspace, labels, returned, settings)
    new = _label_ids(ClaimsStore.open(workspace.store)) - before
    stored = {label["label_id"]: (label, row) for label, row, _ in reversed(labels) if label["label_id"] in new}
    _keep_refused(workspace, source, refused)
    _append_events(workspace, source, stored)
    told = [(reason, [place]) for _, place, found in refused for reason in found]
    report = FeedbackReport(
        source=source,
        n_read=len(returned.rows),
        n_stored=count[0],
        n_repeats=count[1],
        n_open=len(returned.rows) - len(decided),
        n_quarantined=count[2] + len(refused),
        reasons=_merged([*((reason, len(places), places[0]) for reason, places in told), *reasons]),
        decisions=_tally(label["decision"].lower() for label, _ in stored.values()),
        unknown_columns=tuple(c for c in returned.columns if c not in TABLES["labels"].by_name and c not in _IGNORED),
    )
    workspace.record(
        "feedback import",
        source=source,
        file=file.name,
        read=report.n_read,
        stored=report.n_stored,
        quarantined=report.n_quarantined,
    )
    return report


_Row = dict[str, str]


def _labels(
    workspace: Workspace, store: ClaimsStore, decided: list[tuple[_Row, str]]
) -> tuple[list[tuple[_Row, _Row, str]], list[tuple[_Row, str, list[str]]]]:
    """Make labels of rows: (label, row, place), and (row, place, reasons) of those whose subject is unknown."""
    subjects = _subjects(workspace, store, (row for row, _ in decided))
    about_persons = any(row.get("subject_type") == "patient" and "finding_id" in row for row, _ in decided)
    findings = stored_findings(workspace, Pseudonyms(workspace)) if about_persons else {}
    labels, refused = [], []
    for row, place in decided:
        kind, shown = row.get("subject_type", ""), row.get("subject_id", "")
        known = subjects.get((kind, shown))
        if kind in _DOMAINS and shown and known is None:
            why = "is no pseudonym of this workspace" if _PSEUDONYM.fullmatch(shown) else "is not in the store"
            refused.append((row, place, [f"subject_id: {kind} {why}"]))
            continue
        label = {name: row[name] for name in TABLES["labels"].by_name if name in row}
        label["subject_id"] = known or shown
        if "finding_id" in label:
            label["finding_id"] = findings.get(label["finding_id"], label["finding_id"])
        label.setdefault("known_date", label.get("decided_date", ""))
        label.setdefault("label_id", _label_id(label))
        labels.append((label, row, place))
    return labels, refused


def _label_id(label: Mapping[str, str]) -> str:
    text = "\0".join(label.get(name, "") for name in _IDENTITY)
    return f"L-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _subjects(workspace: Workspace, store: ClaimsStore, rows: Iterable[_Row]) -> dict[tuple[str, str], str]:
    """Return identifiers as stored, by subject type and identifier as shown."""
    asked: dict[str, set[str]] = {}
    for row in rows:
        if row.get("subject_type") in _DOMAINS and "subject_id" in row:
            asked.setdefault(row["subject_type"], set()).add(row["subject_id"])
    found: dict[tuple[str, str], str] = {}
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine, months=[])
        for kind, shown in sorted(asked.items()):
            domain = _DOMAINS[kind]
            column = f"{domain}_id"
            sql = f"select {column} from codes_{domain} where {column} in (select unnest(?))"
            found.update({(kind, str(row[0])): str(row[0]) for row in engine.rows(sql, [sorted(shown)])})
        masked = {shown for shown in asked.get("patient", ()) if ("patient", shown) not in found}
        if any(_PSEUDONYM.fullmatch(shown) for shown in masked):
            persons = (str(row[0]) for row in engine.rows("select person_id from codes_person"))
            resolved = Pseudonyms(workspace).resolve(persons, CASES)
            found.update({("patient", shown): resolved[shown] for shown in masked if shown in resolved})
    return found


def _label_ids(store: ClaimsStore) -> set[str]:
    if not store.has("labels"):
        return set()
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine, months=[])
        return {str(row[0]) for row in engine.rows("select label_id from labels")}


def _ingest(
    workspace: Workspace, labels: list[tuple[_Row, _Row, str]], returned: Returned, settings: Settings
) -> tuple[tuple[int, int, int], list[tuple[str, int, str]]]:
    """Ingest labels as a source of one table; rows stored, repeated, quarantined, and why."""
    if not labels:
        return (0, 0, 0), []
    made = {"label_id", "known_date"}
    columns = [name for name in TABLES["labels"].by_name if name in returned.columns or name in made]
    folder = workspace.staging / "feedback"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(label for label, _, _ in labels)
        engine = settings.engine
        report = ingest_source(folder, workspace.store, memory_limit=engine.memory_limit, threads=engine.threads)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    count = next(each for each in report.tables if each.table == "labels")
    reasons = [(reason, n, _place(first, labels)) for reason, n, first in count.reasons]
    return (count.n_stored, count.n_repeats, count.n_quarantined), reasons


def _place(first: str, labels: list[tuple[_Row, _Row, str]]) -> str:
    """Say where a row of the source of one table stood in the returned file."""
    number = first.rpartition(" row ")[2]
    return labels[int(number) - 1][2] if number.isdigit() and int(number) <= len(labels) else ""


def _merged(reasons: Iterable[tuple[str, int, str]]) -> tuple[tuple[str, int, str], ...]:
    merged: dict[str, tuple[int, str]] = {}
    for reason, n, first in reasons:
        n_before, first_before = merged.get(reason, (0, first))
        merged[reason] = (n_before + n, first_before)
    return tuple(sorted(((r, n, first) for r, (n, first) in merged.items()), key=lambda each: (-each[1], each[0])))


def _tally(words: Iterable[str]) -> dict[str, int]:
    tally: dict[str, int] = {}
    for word in sorted(words):
        tally[word] = tally.get(word, 0) + 1
    return tally


def _keep_refused(workspace: Workspace, source: str, refused: list[tuple[_Row, str, list[str]]]) -> None:
    """Keep rows that did not reach the store's own quarantine, with their reasons; one file per returned file."""
    if not refused:
        return
    path = workspace.cases / "quarantine" / f"{source[:16]}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [{"place": place, "reasons": reasons, "row": row} for row, place, reasons in refused]
    waiting = path.with_suffix(".new")
    waiting.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    waiting.replace(path)


def _append_events(workspace: Workspace, source: str, stored: Mapping[str, tuple[_Row, _Row]]) -> None:
    """Append one event per new label to the history of cases; persons are named by their case only."""
    if not stored:
        return
    at = datetime.now(UTC).isoformat(timespec="seconds")
    workspace.cases.mkdir(parents=True, exist_ok=True)
    with (workspace.cases / "events.jsonl").open("a", encoding="utf-8") as log:
        for label_id, (label, row) in sorted(stored.items()):
            event = {
                "at": at,
                "event": "decided",
                "label_id": label_id,
                "subject_type": label["subject_type"],
                "decision": label["decision"],
                "decided_date": label["decided_date"],
                "case_id": label.get("case_id"),
                "finding_id": label.get("finding_id"),
                "supersedes_label_id": label.get("supersedes_label_id"),
                "note": row.get("note", "")[:_MAX_NOTE] or None,
                "source": source,
            }
            log.write(json.dumps(event, ensure_ascii=False, sort_keys=True) + "\n")
