"""Case events: the history of cases as appended facts, one JSON object per line of `cases/events.jsonl`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from fraud.cases.keyed_ids import shown_finding
from fraud.cases.life.label_ids import shown_label_id
from fraud.durable import append_lines, json_line, parsed_object, write_whole
from fraud.pseudonyms import Pseudonyms
from fraud.workspace_key import source_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from fraud.workspace import Workspace

FILE = "events.jsonl"
# 2: ids of labels, findings about persons and the returned file are keyed.
FORMAT = 2
_TOLD = ("subject_type", "decision", "decided_date", "case_id", "finding_id", "supersedes_label_id")


def open_history(workspace: Workspace) -> None:
    """Make the history fit to be appended to: a torn last line is cut off, lines of earlier versions are keyed.

    Raises
    ------
    OSError
        It cannot be written.
    """
    path = _path(workspace)
    append_lines(path, [])
    lines = path.read_bytes().splitlines(keepends=True)
    parsed = [parsed_object(line) for line in lines]
    if any(event is not None and "format" not in event for event in parsed):
        pairs = zip(lines, parsed, strict=True)
        keyed = (line if event is None else json_line(_keyed(workspace, event)) for line, event in pairs)
        write_whole(path, b"".join(keyed))


def append_missing(workspace: Workspace, source: str, at: str, notes: Mapping[str, tuple[str, str, str]]) -> int:
    """Append an event for each label that is stored and of which the history does not tell; return how many.

    Parameters
    ----------
    workspace : Workspace
        Held by the caller as its one writer; `open_history` went before.
    source : str
        The returned file, by `source_id`.
    at : str
        When it was imported, ISO.
    notes : mapping of str to (str, str, str)
        Decision, note and pack of the returned rows, by label id; the note of a row whose decision is not the
        stored one is left out.

    Raises
    ------
    OSError
        The history cannot be written; it is as it was.
    """
    key, names = workspace.key(), Pseudonyms(workspace)
    told = {event.get("label_id") for event in _events(_path(workspace))}
    missing = []
    for label in _stored(workspace, notes):
        label_id = shown_label_id(key, str(label.pop("label_id")))
        if label_id in told:
            continue
        decision, note, pack_id = notes[str(label["stored_id"])]
        event = {name: label[name] for name in _TOLD} | {
            "at": at,
            "event": "decided",
            "format": FORMAT,
            "label_id": label_id,
            "note": note or None if decision.lower() == label["decision"] else None,
            "pack_id": pack_id or None,
            "source": source,
        }
        missing.append(json_line(_with_keyed_ids(event, key, names)))
    append_lines(_path(workspace), sorted(missing))
    return len(missing)


def _path(workspace: Workspace) -> Path:
    return workspace.cases / FILE


def _stored(workspace: Workspace, label_ids: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    """Yield what the store holds of labels, as texts."""
    store = ClaimsStore.open(workspace.store)
    if not label_ids or not store.has("labels"):
        return
    columns = ("label_id", *_TOLD)
    with DuckDBEngine(threads=1) as engine:
        store.attach_only(engine, "labels")
        cells = ", ".join(f"cast({name} as varchar)" for name in columns)
        sql = f"select {cells} from labels where label_id in (select unnest(?)) order by label_id"
        for row in engine.rows(sql, [sorted(label_ids)]):
            yield dict(zip(columns, row, strict=True)) | {"stored_id": row[0]}


def _with_keyed_ids(event: dict[str, Any], key: bytes, names: Pseudonyms) -> dict[str, Any]:
    """Key what an event holds of ids that were made without key."""
    finding, overturned = event.get("finding_id"), event.get("supersedes_label_id")
    if finding is not None:
        event["finding_id"] = shown_finding(names, str(event.get("subject_type")), str(finding))
    if overturned is not None:
        event["supersedes_label_id"] = shown_label_id(key, str(overturned))
    return event


def _keyed(workspace: Workspace, event: dict[str, Any]) -> dict[str, Any]:
    """Bring an event of an earlier version into today's format."""
    if "format" in event:
        return event
    key = workspace.key()
    event = _with_keyed_ids(event, key, Pseudonyms(workspace))
    label_id, source = event.get("label_id"), event.get("source")
    return event | {
        "format": FORMAT,
        "label_id": label_id if label_id is None else shown_label_id(key, str(label_id)),
        "source": source if source is None else source_id(key, str(source)),
    }


def _events(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines():
        event = parsed_object(line)
        if event is not None:
            yield event
