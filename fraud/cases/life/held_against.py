"""Hold a returned row against the pack it was taken on: what was locked must come back as it went out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.outside import plain_line
from features.vocabulary.entities import SCORED
from fraud.cases.issued import HELD

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fraud.cases.issued import IssuedCase, IssuedPack, IssuedPacks

_NUMBERS = {column.name for column in HELD if column.kind in {"money", "integer", "number", "score"}}
_SUBJECT = ("subject_type", "subject_id")
# What a label takes over from its case.
_SELECTION = ("selection_reason", "selection_probability")
_AS_ISSUED = "restore it, or take the pack's own file"


@dataclass(frozen=True)
class Held:
    """A row after it was held against what went out.

    Parameters
    ----------
    cells : dict of str to str
        Of the row, with the pack's id and how the case was selected taken from the pack.
    reasons : tuple of str
        What differs, in words; empty where nothing does.
    """

    cells: dict[str, str]
    reasons: tuple[str, ...] = ()


def held_against(issued: IssuedPacks, cells: Mapping[str, str], columns: Collection[str], *, is_of_pack: bool) -> Held:
    """Compare a row with the case as it was issued.

    Parameters
    ----------
    issued : IssuedPacks
        Of the workspace.
    cells : mapping of str to str
        Of the row. A label that names no case is one by itself, and nothing is compared.
    columns : collection of str
        Of the file.
    is_of_pack : bool
        Whether it is the pack's own: each row then names its case, and an empty cell was emptied. Elsewhere it is
        a cell that was not given.
    """
    case_id, pack_id = cells.get("case_id", ""), cells.get("pack_id", "")
    if not case_id:
        return Held(dict(cells), (f"case_id: empty; {_AS_ISSUED}",) if is_of_pack else ())
    if pack_id:
        pack = issued.named(pack_id)
        if pack is None:
            why = "pack_id: no pack that this workspace issued, or its record in cases/issued was changed"
            return Held(dict(cells), (f"{why}; export the month again",))
        packs: tuple[IssuedPack, ...] = (pack,)
    else:
        packs = issued.holding(case_id)
    packs = tuple(pack for pack in packs if case_id in pack.cases)
    if not packs:
        whose = "the pack that the row names" if pack_id else "any pack that this workspace issued"
        return Held(dict(cells), (f"case_id: no case of {whose}; {_AS_ISSUED}",))
    given = columns if is_of_pack else cells.keys()
    compared = [(pack, _differences(pack.cases[case_id], pack.month, cells, given)) for pack in packs]
    pack, reasons = min(compared, key=lambda each: len(each[1]))
    return Held(_taken_over(pack, pack.cases[case_id], cells), reasons)


def _differences(case: IssuedCase, month: str, cells: Mapping[str, str], given: Collection[str]) -> tuple[str, ...]:
    # A case may lead to a decision about somebody else: a practitioner, a ring.
    is_other = "pack_id" not in cells and cells.get("subject_type") not in SCORED
    names = [column.name for column in HELD if column.name in given and not (is_other and column.name in _SUBJECT)]
    reasons = [
        _told(name, cells.get(name, ""), case.cells[name])
        for name in names
        if name in case.cells and not _is_equal(name, cells.get(name, ""), case.cells[name])
    ]
    finding = cells.get("finding_id")
    if finding and finding not in case.findings:
        reasons.append(f"finding_id: no finding of the case; {_AS_ISSUED}")
    if "" < cells.get("decided_date", "") < f"{month}-01":
        reasons.append("decided_date: before the month that the case is of")
    return tuple(reasons)


def _told(name: str, got: str, was: str) -> str:
    if name == "subject_id":
        return f"{name}: not the subject of the case; {_AS_ISSUED}"
    return f"{name}: {_short(got)} where {_short(was)} went out; {_AS_ISSUED}"


def _short(text: str) -> str:
    return f"'{plain_line(text)[:40]}'" if text else "nothing"


def _is_equal(name: str, got: str, was: str) -> bool:
    if got == was or name not in _NUMBERS:
        return got == was
    try:
        # A cell keeps sixteen digits of a number.
        return math.isclose(float(got), float(was), rel_tol=1e-12, abs_tol=1e-12)
    except ValueError:
        return False


def _taken_over(pack: IssuedPack, case: IssuedCase, cells: Mapping[str, str]) -> dict[str, str]:
    taken = {**cells, "pack_id": pack.pack_id}
    if cells.get("subject_type") in SCORED:
        taken |= {name: case.cells[name] for name in _SELECTION if case.cells.get(name)}
    return taken
