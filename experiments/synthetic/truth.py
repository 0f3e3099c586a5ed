"""The truth of a city: what was planted, kept while planting and written as the truth tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from experiments.synthetic import arrow
from experiments.synthetic.care.bills import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.identity import Identity
    from experiments.synthetic.world.world import World

WHOLE_SETTLEMENT = -1


@dataclass
class Truth:
    """Guilty and used subjects, guilty lines, rings, innocent look-alikes and honest slips, by place number.

    A guilty line is noted with the part of it that is guilty, over its whole: what lies over a limit, of the quantity.
    """

    providers: list[tuple[int, str, int, int, str]] = field(default_factory=list)
    patients: list[tuple[int, str, int]] = field(default_factory=list)
    practitioners: list[tuple[int, str]] = field(default_factory=list)
    lines: list[tuple[int, int, str, int, int]] = field(default_factory=list)
    rings: list[tuple[str, str, int]] = field(default_factory=list)
    twins: list[tuple[str, int, str, str]] = field(default_factory=list)
    slips: list[tuple[int, int, str, str]] = field(default_factory=list)
    _if_paid: set[tuple[int, str]] = field(default_factory=set)
    _unpaid: set[int] = field(default_factory=set)
    _scope: dict[int, int] = field(default_factory=dict)
    _line_scope: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def add_provider(self, provider: int, code: str, first_day: int, last_day: int, size: str) -> None:
        """Note a guilty provider and the days between which it cheats."""
        self.providers.append((provider, code, first_day, last_day, size))

    def add_patients(self, code: str, person: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> None:
        """Note guilty or used patients from their first day on."""
        first: dict[int, int] = {}
        for who, when in zip(person.tolist(), day.tolist(), strict=True):
            first[who] = min(when, first.get(who, when))
        self.patients += [(who, code, when) for who, when in first.items()]

    def add_practitioners(self, code: str, practitioner: Iterable[int]) -> None:
        """Note practitioners who take part."""
        self.practitioners += [(int(p), code) for p in practitioner]

    def add_settlements(
        self, code: str, draft: npt.NDArray[np.int64], *, part: Any = 1, whole: Any = 1, if_paid: bool = False
    ) -> None:
        """Note guilty settlements, all lines of each; with `if_paid` those to which the fund pays nothing are not."""
        self.lines += [(d, WHOLE_SETTLEMENT, code, a, b) for d, a, b in _shared(draft, part, whole)]
        if if_paid:
            self._if_paid.update((d, code) for d in draft.tolist())

    def add_lines(
        self, code: str, draft: npt.NDArray[np.int64], uid: npt.NDArray[np.int64], *, part: Any = 1, whole: Any = 1
    ) -> None:
        """Note guilty lines; of each, `part` over `whole` of what it brought into the benefit's scope is exposed."""
        rows = zip(_shared(draft, part, whole), uid.tolist(), strict=True)
        self.lines += [(d, u, code, a, b) for (d, a, b), u in rows]

    def add_slips(self, kind: str, draft: npt.NDArray[np.int64], uid: npt.NDArray[np.int64] | None, note: str) -> None:
        """Note honest mistakes of data entry: of lines, or of whole settlements without `uid`."""
        numbers = np.full(len(draft), WHOLE_SETTLEMENT) if uid is None else uid
        self.slips += [(d, u, kind, note) for d, u in zip(draft.tolist(), numbers.tolist(), strict=True)]

    def add_twins(self, subject_type: str, subjects: Iterable[int], code: str, note: str) -> None:
        """Note innocents that resemble a scheme."""
        self.twins += [(subject_type, int(s), code, note) for s in subjects]

    def note_month(self, visits: pd.DataFrame, lines: pd.DataFrame) -> None:
        """Take from a settled month what its guilty rows brought into the benefit's scope, in cents."""
        drafts = np.array([d for d, *_ in (*self.lines, *self.slips)], np.int64)
        held = visits[np.isin(visits["draft"].to_numpy(), drafts)]
        self._scope.update(zip(held["draft"].tolist(), held["in_scope"].tolist(), strict=True))
        self._unpaid.update(held["draft"].to_numpy()[held["fund"].to_numpy() <= 0].tolist())
        mine = lines[np.isin(lines["draft"].to_numpy(), drafts)]
        rows = zip(mine["in_scope"].tolist(), mine["line_number"].tolist(), strict=True)
        self._line_scope.update(zip(zip(mine["draft"].tolist(), mine["uid"].tolist(), strict=True), rows, strict=True))

    def tables(self, world: World, who: Identity) -> dict[str, pa.Table]:
        """Write the truth tables once every month is noted."""
        month = world.calendar.month_of
        members = {"patient": who.persons, "practitioner": who.practitioners}
        names = {"provider": who.providers, **members}
        used = {person for person, _, _ in self.patients}  # by another scheme: no longer innocent
        tables: dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]] = {
            "truth_providers": (
                ("provider_id", "scheme_code", "first_month", "last_month", "size"),
                [(who.providers[p], code, month(a), month(b), size) for p, code, a, b, size in self.providers],
            ),
            "truth_patients": (
                ("person_id", "scheme_code", "first_month"),
                [(who.persons[p], code, month(day)) for p, code, day in self.patients],
            ),
            "truth_practitioners": (
                ("practitioner_id", "scheme_code"),
                [(who.practitioners[p], code) for p, code in self.practitioners],
            ),
            "truth_rings": (
                ("ring_id", "member_type", "member_id"),
                [(ring, kind, members.get(kind, who.providers)[m]) for ring, kind, m in self.rings],
            ),
            "truth_twins": (
                ("subject_type", "subject_id", "twin_of", "note"),
                [(k, names[k][s], code, note) for k, s, code, note in self.twins if k != "patient" or s not in used],
            ),
        }
        written = {name: _strings(columns, rows) for name, (columns, rows) in tables.items()}
        return {**written, "truth_lines": self._lines_table(who), "truth_slips": self._slips_table(who)}

    def _lines_table(self, who: Identity) -> pa.Table:
        rows = []
        for draft, uid, code, part, whole in dict.fromkeys(self.lines):
            if (draft, code) in self._if_paid and draft in self._unpaid:
                continue
            if uid == WHOLE_SETTLEMENT and draft in self._scope:
                number, in_scope = NONE, self._scope[draft]
            elif (draft, uid) in self._line_scope:
                in_scope, number = self._line_scope[draft, uid]
            else:
                continue
            rows.append((draft, number, code, (2 * in_scope * part + whole) // (2 * whole)))
        drafts, numbers, codes, exposure = zip(*rows, strict=True) if rows else ((), (), (), ())
        table = pa.table(
            {
                "settlement_id": who.settlements(np.array(drafts, np.int64)),
                "line_number": arrow.integers(np.array(numbers, np.int64)),
                "scheme_code": pa.array(codes, pa.string()),
                "exposure_amount": arrow.decimals(np.array(exposure, np.int64), 18, 2),
            }
        )
        keys = ("settlement_id", "line_number", "scheme_code")
        return table.sort_by([(key, "ascending") for key in keys])

    def _slips_table(self, who: Identity) -> pa.Table:
        rows = []
        for draft, uid, kind, note in dict.fromkeys(self.slips):
            if uid == WHOLE_SETTLEMENT and draft in self._scope:
                rows.append((draft, NONE, kind, note))
            elif (draft, uid) in self._line_scope:
                rows.append((draft, self._line_scope[draft, uid][1], kind, note))
        drafts, numbers, kinds, notes = zip(*rows, strict=True) if rows else ((), (), (), ())
        table = pa.table(
            {
                "settlement_id": who.settlements(np.array(drafts, np.int64)),
                "line_number": arrow.integers(np.array(numbers, np.int64)),
                "kind": pa.array(kinds, pa.string()),
                "note": pa.array(notes, pa.string()),
            }
        )
        return table.sort_by([(key, "ascending") for key in ("settlement_id", "line_number", "kind")])


def _shared(draft: npt.NDArray[np.int64], part: Any, whole: Any) -> Iterable[tuple[int, int, int]]:
    """Drafts with the guilty part of each over its whole."""
    shares = (np.broadcast_to(np.asarray(share, np.int64), len(draft)).tolist() for share in (part, whole))
    return zip(draft.tolist(), *shares, strict=True)


def _strings(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> pa.Table:
    ordered = sorted(set(rows))
    return pa.table({name: pa.array([row[i] for row in ordered], pa.string()) for i, name in enumerate(columns)})
