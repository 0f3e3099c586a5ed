"""Case events: the history of cases as appended facts, one JSON object per line of `cases/events.jsonl`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.cases.life.make_labels import ReturnedLabel
    from fraud.workspace import Workspace

_MAX_NOTE = 2000


def append_decisions(workspace: Workspace, source: str, decided: Mapping[str, ReturnedLabel]) -> None:
    """Append one event per new label; persons are named by their case only.

    Parameters
    ----------
    workspace : Workspace
        Held by the caller as its one writer.
    source : str
        SHA-256 of the returned file.
    decided : mapping of str to ReturnedLabel
        New labels by their ids.
    """
    if not decided:
        return
    at = datetime.now(UTC).isoformat(timespec="seconds")
    workspace.cases.mkdir(parents=True, exist_ok=True)
    with (workspace.cases / "events.jsonl").open("a", encoding="utf-8") as log:
        for label_id, each in sorted(decided.items()):
            event = {
                "at": at,
                "event": "decided",
                "label_id": label_id,
                "subject_type": each.label["subject_type"],
                "decision": each.label["decision"],
                "decided_date": each.label["decided_date"],
                "case_id": each.label.get("case_id"),
                "pack_id": each.row.get("pack_id"),
                "finding_id": each.label.get("finding_id"),
                "supersedes_label_id": each.label.get("supersedes_label_id"),
                "note": each.row.get("note", "")[:_MAX_NOTE] or None,
                "source": source,
            }
            log.write(json.dumps(event, ensure_ascii=False, sort_keys=True) + "\n")
