"""Draft bills: visits and their lines, before money is settled and identifiers are given."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

ENCOUNTERS = (
    "outpatient",
    "emergency",
    "chronic_outpatient",
    "special_drug",
    "inpatient",
    "day_surgery",
    "pharmacy",
    "maternity",
)
OUTPATIENT, EMERGENCY, CHRONIC, SPECIAL_DRUG, INPATIENT, DAY_SURGERY, PHARMACY, MATERNITY = range(len(ENCOUNTERS))
NONE = -1

# Times are seconds since the city's first midnight; people, providers, items are place numbers; NONE where absent.
VISIT_COLUMNS: dict[str, Any] = {
    "person": NONE,
    "provider": NONE,
    "encounter": NONE,
    "start": 0,
    "end": 0,
    "settle": 0,
    "is_stay": False,
    "doctor": NONE,
    "surgeon": NONE,
    "dx1": NONE,
    "dx2": NONE,
    "dx3": NONE,
    "surgery": NONE,
    "surgery_time": 0,
    "is_planned": False,
    "is_proxy": False,
    "is_dead": False,
    "terminal": NONE,
    "cashier": NONE,
    "credential": NONE,
    "override_by": NONE,
    "pays": 0,
    "filing": NONE,
    "bed": NONE,
    "referral": NONE,
    "reverses": NONE,
    "same_encounter_as": NONE,
    "invoice_of": NONE,
    "liability": NONE,
}
LINE_COLUMNS: dict[str, Any] = {
    "draft": NONE,
    "item": NONE,
    "time": 0,
    "quantity": 1,
    "days_supply": NONE,
    "prescriber": NONE,
    "executor": NONE,
    "rx": NONE,
    "site": 0,
    "device": NONE,
    "refill": NONE,
    "is_discharge_drug": False,
    "cancels": NONE,
    "price": NONE,
}
RX_COLUMNS = ("rx", "person", "issuer", "prescriber", "issue_time", "channel", "dispenser", "dispense_time", "draft")
LEAVE_COLUMNS = ("draft", "first_day", "last_day")
SITES = ("", "left", "right")
CREDENTIALS = ("e_credential", "social_security_card", "id_card")
FILINGS = ("retired_elsewhere", "referred", "temporary", "emergency")
ORDINARY, ACCOUNT_ONLY, NOTHING_AT_THE_TILL = range(3)  # how a visit is paid for
# Who answers for an injury; OVERLOOKED: somebody else, and basic insurance pays as if nobody did.
LIABILITIES = ("basic", "liable", "liable_advanced", "overlooked")
BASIC, LIABLE, LIABLE_ADVANCED, OVERLOOKED = range(len(LIABILITIES))
CHANNELS = ("hospital_system", "prescription_centre", "paper")
HOSPITAL_SYSTEM, CENTRE, PAPER = range(len(CHANNELS))


Columns = dict[str, npt.NDArray[Any]]


def _column(value: Any, n: int) -> npt.NDArray[Any]:
    array = np.asarray(value)
    return np.broadcast_to(array, n) if array.ndim == 0 else array


class Bills:
    """Collects visits, lines and prescriptions of one source of care at a time.

    Numbers of drafts come from the name of their source, so that a scheme added or left out renumbers nobody else.
    """

    def __init__(self) -> None:
        self._visits: list[Columns] = []
        self._lines: list[Columns] = []
        self._prescriptions: list[Columns] = []
        self._leaves: list[Columns] = []
        self._given: dict[str, int] = {}

    def numbers(self, source: str, n: int) -> npt.NDArray[np.int64]:
        """Give the next `n` draft numbers of a source."""
        first = self._given.get(source, 0)
        self._given[source] = first + n
        return (np.int64(zlib.crc32(source.encode()) & 0x0FFFFFFF) << 32) + first + np.arange(n, dtype=np.int64)

    def open(self, source: str, n: int, **columns: Any) -> npt.NDArray[np.int64]:
        """Open `n` visits and return their draft numbers; columns not given stay at their default."""
        draft = self.numbers(source, n)
        frame = {name: _column(columns.pop(name, default), n) for name, default in VISIT_COLUMNS.items()}
        if columns:
            raise KeyError(*columns)
        self._visits.append({"draft": draft, **frame})
        return draft

    def charge(self, draft: npt.NDArray[np.int64], item: Any, time: Any, **columns: Any) -> None:
        """Write one line on each of the drafts."""
        given = {"draft": draft, "item": item, "time": time, **columns}
        unknown = given.keys() - LINE_COLUMNS.keys()
        if unknown:
            raise KeyError(*unknown)
        frame = {name: _column(given.get(name, default), len(draft)) for name, default in LINE_COLUMNS.items()}
        self._lines.append(frame)

    def prescribe(self, source: str, n: int, **columns: Any) -> npt.NDArray[np.int64]:
        """Write `n` prescriptions and return their numbers."""
        rx = self.numbers(f"rx/{source}", n)
        frame = {name: _column(columns[name], n) for name in RX_COLUMNS[1:]}
        self._prescriptions.append({"rx": rx, **frame})
        return rx

    def leave(self, draft: npt.NDArray[np.int64], first_day: Any, last_day: Any) -> None:
        """Order leave during stays, from one day to another."""
        columns = (draft, _column(first_day, len(draft)), _column(last_day, len(draft)))
        self._leaves.append(dict(zip(LEAVE_COLUMNS, columns, strict=True)))

    def ledger(self, first_uid: int = 0) -> Ledger:
        """Put everything collected into one ledger, its lines numbered from `first_uid`."""
        lines = _together(self._lines, tuple(LINE_COLUMNS))
        lines["uid"] = first_uid + np.arange(len(lines))
        return Ledger(
            _together(self._visits, ("draft", *VISIT_COLUMNS)),
            lines,
            _together(self._prescriptions, RX_COLUMNS),
            _together(self._leaves, LEAVE_COLUMNS),
        )


def _together(parts: list[Columns], columns: tuple[str, ...]) -> pd.DataFrame:
    none = [np.zeros(0, np.int64)]
    return pd.DataFrame({name: np.concatenate([part[name] for part in parts] or none) for name in columns})


@dataclass(frozen=True)
class Ledger:
    """Drafts of a source of care, a month or a scheme.

    Attributes
    ----------
    visits : DataFrame
        One row per draft of a settlement.
    lines : DataFrame
        One row per draft line; `uid` names it.
    prescriptions : DataFrame
        One row per prescription that leaves its issuer.
    leaves : DataFrame
        One row per leave ordered during a stay: draft, first and last day.
    """

    visits: pd.DataFrame
    lines: pd.DataFrame
    prescriptions: pd.DataFrame
    leaves: pd.DataFrame

    def without(self, drafts: npt.NDArray[np.int64]) -> Ledger:
        """Leave out whole drafts."""
        if not len(drafts):
            return self
        parts = (self.visits, self.lines, self.prescriptions, self.leaves)
        return Ledger(*(part[~part["draft"].isin(drafts)].reset_index(drop=True) for part in parts))
