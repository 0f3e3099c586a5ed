"""Make labels of returned decisions: identifiers as shown in the pack become identifiers as stored."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import TABLES
from features.engine import DuckDBEngine
from fraud.cases.keyed_ids import stored_findings
from fraud.pseudonyms import CASES, Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from features.claims import ClaimsStore
    from fraud.workspace import Workspace

# What makes one decision: giving it again, or by another way, is the same label.
_IDENTITY = ("case_id", "subject_type", "subject_id", "finding_id", "decision", "decided_date")
_DOMAINS = {"provider": "provider", "patient": "person", "practitioner": "practitioner", "settlement": "settlement"}
_PSEUDONYM = re.compile(r"X[0-9a-f]{16}")


@dataclass(frozen=True)
class ReturnedLabel:
    """A label of the contract, the returned row that it was made of, and where that row stands in the file."""

    label: Mapping[str, str]
    row: Mapping[str, str]
    place: str


@dataclass(frozen=True)
class RefusedRow:
    """A returned row of which no label was made, where it stands in the file, and every reason."""

    row: Mapping[str, str]
    place: str
    reasons: tuple[str, ...]


def make_labels(
    workspace: Workspace, store: ClaimsStore, decided: Sequence[tuple[Mapping[str, str], str]]
) -> tuple[list[ReturnedLabel], list[RefusedRow]]:
    """Make a label of every row whose subject is known, and refuse the others.

    Parameters
    ----------
    workspace : Workspace
        Resolves pseudonyms under its key.
    store : ClaimsStore
        Knows the subjects.
    decided : sequence of (mapping, str)
        Rows with a decision, and where each stands in the file.
    """
    subjects = _subjects(workspace, store, (row for row, _ in decided))
    about_persons = any(row.get("subject_type") == "patient" and "finding_id" in row for row, _ in decided)
    findings = stored_findings(workspace, Pseudonyms(workspace)) if about_persons else {}
    labels, refused = [], []
    for row, place in decided:
        kind, shown = row.get("subject_type", ""), row.get("subject_id", "")
        known = subjects.get((kind, shown))
        if kind in _DOMAINS and shown and known is None:
            why = "is no pseudonym of this workspace" if _PSEUDONYM.fullmatch(shown) else "is not in the store"
            refused.append(RefusedRow(row, place, (f"subject_id: {kind} {why}",)))
            continue
        label = {name: row[name] for name in TABLES["labels"].by_name if name in row}
        label["subject_id"] = known or shown
        if "finding_id" in label:
            label["finding_id"] = findings.get(label["finding_id"], label["finding_id"])
        label.setdefault("known_date", label.get("decided_date", ""))
        label.setdefault("label_id", _label_id(label))
        labels.append(ReturnedLabel(label, row, place))
    return labels, refused


def _label_id(label: Mapping[str, str]) -> str:
    text = "\0".join(label.get(name, "") for name in _IDENTITY)
    return f"L-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _subjects(
    workspace: Workspace, store: ClaimsStore, rows: Iterable[Mapping[str, str]]
) -> dict[tuple[str, str], str]:
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
