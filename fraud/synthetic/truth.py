"""What was planted, kept while planting and written in the form of the truth tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from fraud.synthetic import arrow
from fraud.synthetic.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pandas as pd

    from fraud.synthetic.identity import Identity
    from fraud.synthetic.world import World

WHOLE_SETTLEMENT = -1


@dataclass
class Truth:
    """Guilty and used subjects, guilty lines, rings, and innocent look-alikes, by place number."""

    providers: list[tuple[int, str, int, int, str]] = field(default_factory=list)
    patients: list[tuple[int, str, int]] = field(default_factory=list)
    practitioners: list[tuple[int, str]] = field(default_factory=list)
    lines: list[tuple[int, int, str]] = field(default_factory=list)
    rings: list[tuple[str, str, int]] = field(default_factory=list)
    twins: list[tuple[str, int, str, str]] = field(default_factory=list)

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

    def add_settlements(self, code: str, draft: npt.NDArray[np.int64]) -> None:
        """Note settlements that are guilty as a whole."""
        self.lines += [(d, WHOLE_SETTLEMENT, code) for d in draft.tolist()]

    def add_lines(self, code: str, draft: npt.NDArray[np.int64], uid: npt.NDArray[np.int64]) -> None:
        """Note guilty lines."""
        self.lines += [(d, u, code) for d, u in zip(draft.tolist(), uid.tolist(), strict=True)]

    def add_twins(self, subject_type: str, subjects: Iterable[int], code: str, note: str) -> None:
        """Note innocents that resemble a scheme."""
        self.twins += [(subject_type, int(s), code, note) for s in subjects]

    def tables(self, world: World, who: Identity, visits: pd.DataFrame, lines: pd.DataFrame) -> dict[str, pa.Table]:
        """Write the truth tables; exposure is what the guilty rows brought into the benefit's scope."""
        month = world.calendar.month_of
        members = {"patient": who.persons, "practitioner": who.practitioners}
        names = {"provider": who.providers, **members}
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
                [(kind, names[kind][s], code, note) for kind, s, code, note in self.twins],
            ),
        }
        written = {name: _strings(columns, rows) for name, (columns, rows) in tables.items()}
        return {**written, "truth_lines": self._lines_table(who, visits, lines)}

    def _lines_table(self, who: Identity, visits: pd.DataFrame, lines: pd.DataFrame) -> pa.Table:
        drafts = np.array([d for d, _, _ in self.lines], np.int64)
        uids = np.array([u for _, u, _ in self.lines], np.int64)
        settled = np.isin(drafts, visits["draft"].to_numpy())
        drafts, uids = drafts[settled], uids[settled]
        codes = [row[2] for row, kept in zip(self.lines, settled.tolist(), strict=True) if kept]
        by_uid = lines.set_index("uid")
        whole = uids == WHOLE_SETTLEMENT
        exposure = visits.set_index("draft")["in_scope"].reindex(drafts).to_numpy().astype(np.int64)
        number = np.full(len(drafts), -1)
        exposure[~whole] = by_uid["in_scope"].reindex(uids[~whole]).to_numpy()
        number[~whole] = by_uid["line_number"].reindex(uids[~whole]).to_numpy()
        table = pa.table(
            {
                "settlement_id": who.settlements(drafts),
                "line_number": arrow.integers(number),
                "scheme_code": pa.array(codes, pa.string()),
                "exposure_amount": arrow.decimals(exposure, 18, 2),
            }
        )
        return table.sort_by([("settlement_id", "ascending"), ("line_number", "ascending")])


def _strings(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> pa.Table:
    ordered = sorted(set(rows))
    return pa.table({name: pa.array([row[i] for row in ordered], pa.string()) for i, name in enumerate(columns)})


def day_of(seconds: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the day that a second of the window belongs to."""
    return seconds // DAY
