"""Make labels of returned decisions: identifiers as shown in the pack become identifiers as stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import TABLES
from features.engine import DuckDBEngine
from fraud.cases.keyed_ids import NATURAL_PERSONS, shown_person, stored_findings
from fraud.cases.life.label_ids import LabelIds
from fraud.cases.scopes import recorded_scopes
from fraud.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from features.claims import ClaimsStore
    from fraud.workspace import Workspace

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
    about_persons = (row for row, _ in decided if row.get("subject_type") in NATURAL_PERSONS)
    findings = _findings(workspace, {row["finding_id"] for row in about_persons if "finding_id" in row})
    ids = LabelIds(workspace, store)
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
        label.setdefault("label_id", ids.of(label))
        if "supersedes_label_id" in label:
            label["supersedes_label_id"] = ids.stored(label["supersedes_label_id"])
        labels.append(ReturnedLabel(label, row, place))
    return labels, refused


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
        for kind in NATURAL_PERSONS:
            masked = {shown for shown in asked.get(kind, ()) if (kind, shown) not in found}
            if any(_PSEUDONYM.fullmatch(shown) for shown in masked):
                domain = _DOMAINS[kind]
                known = [str(row[0]) for row in engine.rows(f"select {domain}_id from codes_{domain}")]
                found.update({(kind, shown): known for shown, known in _resolved(workspace, kind, masked, known)})
    return found


def _resolved(workspace: Workspace, kind: str, masked: set[str], known: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pseudonym and id of persons, trying the scopes under which packs went out until all are resolved."""
    names, left = Pseudonyms(workspace), {shown for shown in masked if _PSEUDONYM.fullmatch(shown)}
    for scope in recorded_scopes(workspace):
        if not left:
            return
        for identifier in known:
            shown = shown_person(names, kind, identifier, scope.purpose)
            if shown in left:
                left.remove(shown)
                yield shown, identifier


def _findings(workspace: Workspace, shown: set[str]) -> dict[str, str]:
    """Return ids of findings as stored, by the ids shown, trying the scopes of packs until all are known."""
    found: dict[str, str] = {}
    if not shown:
        return found
    names = Pseudonyms(workspace)
    for scope in recorded_scopes(workspace):
        if shown <= set(found):
            break
        found |= stored_findings(workspace, names, scope.purpose)
    return found
