"""Decisions that contradict each other are asked about: none of them is taken for the truth by its place or its id."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from features.engine import DuckDBEngine
from fraud.cases.life.make_labels import RefusedRow
from fraud.labels import NEGATIVE, POSITIVE, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from features.claims import ClaimsStore
    from fraud.cases.life.make_labels import ReturnedLabel

_COLUMNS = (
    "label_id", "subject_type", "subject_id", "decision", "decided_date", "case_id", "finding_id",
    "supersedes_label_id",
)  # fmt: skip
_MOST_TOLD = 3  # of the decisions that one contradicts


@dataclass(frozen=True)
class _Decision:
    """What counts of a label here; `place` is where it stands in the returned file, empty for a stored one."""

    label_id: str
    subject: tuple[str, str]
    decision: str
    decided_date: str
    case_id: str
    finding_id: str
    supersedes: str
    place: str

    @classmethod
    def of(cls, label: Mapping[str, str | None], place: str = "") -> _Decision:
        told = {name: label.get(name) or "" for name in _COLUMNS}
        return cls(
            told["label_id"],
            (told["subject_type"], told["subject_id"]),
            told["decision"],
            told["decided_date"],
            told["case_id"],
            told["finding_id"],
            told["supersedes_label_id"],
            place,
        )


def undisputed(store: ClaimsStore, labels: Sequence[ReturnedLabel]) -> tuple[list[ReturnedLabel], list[RefusedRow]]:
    """Return labels that may be stored, and rows that are asked about.

    Labels that the store holds already pass: they are repeats, or the store refuses them.

    Parameters
    ----------
    store : ClaimsStore
        Holds earlier decisions.
    labels : sequence of ReturnedLabel
        Of one file; two decisions that contradict each other are both asked about.
    """
    stored = _stored(store, {label.label["subject_id"] for label in labels})
    left = list(labels)
    refused: list[RefusedRow] = []
    while True:
        # Without a refused one, what names it names nothing: look again until nothing more falls.
        faults = _faults(stored, left)
        if not faults:
            return left, refused
        refused += [RefusedRow(each.row, each.place, faults[n]) for n, each in enumerate(left) if n in faults]
        left = [each for n, each in enumerate(left) if n not in faults]


def _faults(stored: Mapping[str, _Decision], labels: Sequence[ReturnedLabel]) -> dict[int, tuple[str, ...]]:
    fresh = [_Decision.of(each.label, each.place) for each in labels]
    known = {**{each.label_id: each for each in fresh}, **stored}
    overturned = {each.supersedes for each in known.values()}
    in_force: dict[tuple[str, str], dict[str, list[_Decision]]] = {}
    for each in known.values():
        if each.label_id not in overturned:
            in_force.setdefault(each.subject, {}).setdefault(meaning_of(each.decision), []).append(each)
    found = {}
    for number, each in enumerate(fresh):
        if each.label_id in stored:
            continue
        reasons = [*_supersedes_faults(each, known), *_note_faults(each, labels[number], known)]
        if each.label_id not in overturned:
            of_subject = in_force.get(each.subject, {})
            others = (
                other for said, those in of_subject.items() if said != meaning_of(each.decision) for other in those
            )
            against = (_contradicts(other) for other in others if _is_contradicted(each, other))
            reasons += islice(against, _MOST_TOLD)
        if reasons:
            found[number] = tuple(reasons)
    return found


def _supersedes_faults(each: _Decision, known: Mapping[str, _Decision]) -> Iterator[str]:
    if not each.supersedes:
        return
    earlier = known.get(each.supersedes)
    if each.supersedes == each.label_id:
        yield "supersedes_label_id: names the decision itself"
    elif earlier is None or earlier.subject != each.subject:
        yield "supersedes_label_id: names no label of the subject"
    elif _is_circle(each, known):
        yield "supersedes_label_id: goes round in a circle"
    elif earlier.decided_date > each.decided_date:
        yield "supersedes_label_id: names a decision of a later day"


def _is_circle(each: _Decision, known: Mapping[str, _Decision]) -> bool:
    seen = {each.label_id}
    at = known.get(each.supersedes)
    while at is not None:
        if at.label_id in seen:
            return True
        seen.add(at.label_id)
        at = known.get(at.supersedes)
    return False


def _note_faults(each: _Decision, label: ReturnedLabel, known: Mapping[str, _Decision]) -> Iterator[str]:
    """Ask for a reason where somebody is cleared, or an earlier decision is overturned."""
    is_taken_over = "label_id" in label.row and not each.case_id
    if label.row.get("note") or is_taken_over:
        return
    if each.decision in NEGATIVE:
        yield f"note: empty; '{each.decision}' clears, so say why"
    elif each.supersedes in known and meaning_of(known[each.supersedes].decision) != meaning_of(each.decision):
        yield "note: empty; an earlier decision is overturned, so say why"


def _is_contradicted(one: _Decision, other: _Decision) -> bool:
    """Whether decisions of different meaning speak of the same; two cases of one subject are two questions."""
    if one.case_id and other.case_id and one.case_id != other.case_id:
        return False
    if one.finding_id == other.finding_id:
        return True
    # Who confirms one finding confirms its subject, and cannot clear the whole of it as well.
    whole, part = (one, other) if not one.finding_id else (other, one)
    return not whole.finding_id and whole.decision in NEGATIVE and part.decision in POSITIVE


def _contradicts(other: _Decision) -> str:
    if other.place:
        return (
            f"decision: contradicts that of {other.place}; give one, or name in supersedes_label_id which it overturns"
        )
    what = f"label {other.label_id} ('{other.decision}' of {other.decided_date})"
    return f"decision: contradicts {what}; name it in supersedes_label_id if it is overturned"


def _stored(store: ClaimsStore, subjects: set[str]) -> dict[str, _Decision]:
    if not store.has("labels") or not subjects:
        return {}
    with DuckDBEngine(threads=1) as engine:
        store.attach_only(engine, "labels")
        texts = ", ".join(f"cast({name} as varchar)" for name in _COLUMNS)
        rows = engine.rows(f"select {texts} from labels where subject_id in (select unnest(?))", [sorted(subjects)])
    found = [_Decision.of(dict(zip(_COLUMNS, row, strict=True))) for row in rows]
    return {each.label_id: each for each in found}
