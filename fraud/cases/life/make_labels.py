"""Make labels of returned decisions: identifiers as shown in the pack become identifiers as stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims import TABLES
from features.engine import DuckDBEngine
from features.vocabulary.entities import SCORED
from fraud.cases.issued import IssuedPacks
from fraud.cases.keyed_ids import stored_findings
from fraud.cases.life.billed import Billed
from fraud.cases.life.check_values import value_faults
from fraud.cases.life.held_against import held_against
from fraud.cases.life.label_ids import LabelIds
from fraud.cases.life.scored_ids import ScoredIds
from fraud.cases.scopes import recorded_scopes
from fraud.pseudonyms import NATURAL_PERSONS, Pseudonyms, shown_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from features.claims import ClaimsStore
    from fraud.cases.life.returned import Returned, ReturnedRow
    from fraud.cases.scopes import PackScope
    from fraud.workspace import Workspace

_DOMAINS = {"provider": "provider", "patient": "person", "practitioner": "practitioner", "settlement": "settlement"}
_PSEUDONYM = re.compile(r"X[0-9a-f]{16}")


@dataclass(frozen=True)
class ReturnedLabel:
    """A label of the contract, the row it was made of with what its pack adds, and where that stands in the file."""

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
    workspace: Workspace, store: ClaimsStore, returned: Returned, today: date
) -> tuple[list[ReturnedLabel], list[RefusedRow]]:
    """Make a label of every row that holds against what went out and against the contract, and refuse the others.

    Parameters
    ----------
    workspace : Workspace
        Resolves pseudonyms under its key, and knows what it issued and scored.
    store : ClaimsStore
        Knows the subjects.
    returned : Returned
        Its rows without a decision are left out.
    today : date
        Nothing was decided or became known later.
    """
    rows = [row for row in returned.rows if not row.is_open]
    issued, scored = IssuedPacks(workspace), ScoredIds(workspace)
    names = Pseudonyms(workspace)
    scopes = recorded_scopes(workspace, {each.cells["pack_id"] for each in rows if "pack_id" in each.cells})
    subjects = _subjects(names, scopes, store, (each.cells for each in rows))
    about_persons = (each.cells for each in rows if each.cells.get("subject_type") in NATURAL_PERSONS)
    asked = {cells["finding_id"] for cells in about_persons if "finding_id" in cells}
    findings = _findings(workspace, names, scopes, asked)
    billed = Billed(store, {(kind, stored) for (kind, _), stored in subjects.items()})
    ids = LabelIds(workspace, store)
    labels, refused = [], []
    for each in rows:
        held = held_against(issued, each.cells, returned.columns, is_of_pack=returned.is_of_pack)
        row, kind = held.cells, held.cells.get("subject_type", "")
        known = subjects.get((kind, row.get("subject_id", "")))
        label = {name: row[name] for name in TABLES["labels"].by_name if name in row}
        if known is not None:
            label["subject_id"] = known
        if "finding_id" in label:
            label["finding_id"] = findings.get(label["finding_id"], label["finding_id"])
        reasons = [*each.faults, *held.reasons, *_subject_faults(row, known), *_value_faults(each, row, today)]
        reasons += [*_unscored_faults(label, scored), *(billed.faults(label) if known is not None else ())]
        if reasons:
            refused.append(RefusedRow(each.cells, each.place, tuple(dict.fromkeys(reasons))))
            continue
        label.setdefault("known_date", label["decided_date"])
        label.setdefault("label_id", ids.of(label))
        if "supersedes_label_id" in label:
            label["supersedes_label_id"] = ids.stored(label["supersedes_label_id"])
        labels.append(ReturnedLabel(label, row, each.place))
    return labels, refused


def _value_faults(returned: ReturnedRow, row: Mapping[str, str], today: date) -> list[str]:
    """Check values; a cell that could not be read is not called empty as well."""
    unread = {fault.partition(":")[0] for fault in returned.faults}
    return [fault for fault in value_faults(row, today) if fault.partition(":")[0] not in unread]


def _subject_faults(row: Mapping[str, str], known: str | None) -> Iterator[str]:
    kind, shown = row.get("subject_type", ""), row.get("subject_id", "")
    if kind in _DOMAINS and shown and known is None:
        why = "is no pseudonym of this workspace" if _PSEUDONYM.fullmatch(shown) else "is not in the store"
        yield f"subject_id: {kind} {why}"


def _unscored_faults(label: Mapping[str, str], scored: ScoredIds) -> Iterator[str]:
    """Say which ring or finding no scored month has; findings of a case are held against its pack."""
    kind, subject, finding = (label.get(name, "") for name in ("subject_type", "subject_id", "finding_id"))
    if kind == "ring" and subject and subject not in scored.rings:
        yield "subject_id: no ring of a scored month"
    if finding and not label.get("case_id"):
        whose = scored.findings.get(finding)
        if whose is None:
            yield "finding_id: no finding of a scored month"
        elif kind in SCORED and whose != (kind, subject):
            yield "finding_id: a finding about another subject"


def _subjects(
    names: Pseudonyms, scopes: Sequence[PackScope], store: ClaimsStore, rows: Iterable[Mapping[str, str]]
) -> dict[tuple[str, str], str]:
    """Return identifiers as stored, by subject type and identifier as shown."""
    asked: dict[str, set[str]] = {}
    for row in rows:
        if row.get("subject_type") in _DOMAINS and "subject_id" in row:
            asked.setdefault(row["subject_type"], set()).add(row["subject_id"])
    found: dict[tuple[str, str], str] = {}
    with DuckDBEngine(threads=1) as engine:
        store.attach_only(engine, *(f"codes_{domain}" for domain in _DOMAINS.values()))
        for kind, shown in sorted(asked.items()):
            domain = _DOMAINS[kind]
            column = f"{domain}_id"
            sql = f"select {column} from codes_{domain} where {column} in (select unnest(?))"
            found.update({(kind, str(row[0])): str(row[0]) for row in engine.rows(sql, [sorted(shown)])})
        for kind in NATURAL_PERSONS:
            masked = {each for each in asked.get(kind, ()) if _PSEUDONYM.fullmatch(each) and (kind, each) not in found}
            if masked:
                domain = _DOMAINS[kind]
                ids = [str(row[0]) for row in engine.rows(f"select {domain}_id from codes_{domain}")]
                resolved = _resolved(names, scopes, kind, masked, ids)
                found.update({(kind, shown): identifier for shown, identifier in resolved})
    return found


def _resolved(
    names: Pseudonyms, scopes: Sequence[PackScope], kind: str, masked: set[str], ids: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield pseudonym and id of persons, trying the scopes under which packs went out until all are resolved."""
    left = set(masked)
    for scope in scopes:
        if not left:
            return
        for identifier in ids:
            shown = shown_person(names, kind, identifier, scope.purpose)
            if shown in left:
                left.remove(shown)
                yield shown, identifier


def _findings(workspace: Workspace, names: Pseudonyms, scopes: Sequence[PackScope], shown: set[str]) -> dict[str, str]:
    """Return ids of findings as stored, by the ids shown, trying the scopes of packs until all are known."""
    found: dict[str, str] = {}
    for scope in scopes:
        if shown <= set(found):
            break
        found |= stored_findings(workspace, names, scope.purpose)
    return found
