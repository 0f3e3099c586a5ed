"""All drafts of a city: visits in memory, lines on disk until their month is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import LEAVE_COLUMNS, LINE_COLUMNS, RX_COLUMNS, VISIT_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from experiments.synthetic.care.bills import Ledger

_WIDE = {"draft", "rx", "cancels", "uid"}  # numbers that need 64 bits; the other columns of lines fit 32
_WIDE_VISIT = {
    "draft", "person", "provider", "start", "end", "settle", "surgery_time", "referral", "reverses",
    "same_encounter_as", "invoice_of",
}  # fmt: skip
_FLAGS = {"is_stay", "is_planned", "is_proxy", "is_dead", "is_discharge_drug"}
_LINES = ("draft", "uid", *(name for name in LINE_COLUMNS if name != "draft"))
_OWN_UIDS = np.int64(1) << 60  # lines that schemes write are numbered from here


def _kind(name: str, wide: set[str]) -> type:
    return np.bool_ if name in _FLAGS else np.int64 if name in wide else np.int32


def _compact(frame: pd.DataFrame, names: tuple[str, ...], wide: set[str]) -> pd.DataFrame:
    return pd.DataFrame({name: frame[name].to_numpy().astype(_kind(name, wide), copy=False) for name in names})


def _ranges(first: npt.NDArray[np.int64], length: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Write ranges out: first 5, 9 and length 2, 3 give 5, 6, 9, 10, 11."""
    ends = np.cumsum(length)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(first - (ends - length), length) + np.arange(total)


class _Shelf:
    """Lines of one month of care as column files, sorted by draft."""

    def __init__(self, lines: pd.DataFrame, folder: Path) -> None:
        folder.mkdir(parents=True)
        order = np.argsort(lines["draft"].to_numpy(), kind="stable")
        self._columns = {}
        for name in _LINES:
            path = folder / f"{name}.npy"
            np.save(path, lines[name].to_numpy().astype(_kind(name, _WIDE), copy=False)[order])
            self._columns[name] = np.load(path, mmap_mode="r", allow_pickle=False)

    def lines(self, drafts: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Lines of sorted drafts."""
        held = self._columns["draft"]
        first = np.searchsorted(held, drafts, side="left")
        rows = _ranges(first, np.searchsorted(held, drafts, side="right") - first)
        return pd.DataFrame({name: column[rows] for name, column in self._columns.items()})


class _Register:
    """Rows found by a number of their own; rewriting some of them copies the columns that change and no others."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._parts: list[pd.DataFrame] = []
        self._order: npt.NDArray[np.int64] | None = None

    @property
    def frame(self) -> pd.DataFrame:
        """All rows; to be read only."""
        if len(self._parts) != 1:
            self._parts = [pd.concat(self._parts, ignore_index=True)]
        return self._parts[0]

    def add(self, rows: pd.DataFrame) -> None:
        """Put rows behind the others."""
        self._parts.append(rows)
        self._order = None

    def rewrite(self, rows: pd.DataFrame) -> None:
        """Replace the rows with these numbers."""
        place = self._places(rows[self._key].to_numpy())
        columns = {}
        for name in self.frame.columns:
            held, new = self.frame[name].to_numpy(), rows[name].to_numpy()
            if not np.array_equal(held[place], new):
                held = held.copy()
                held[place] = new
            columns[name] = held
        self._parts = [pd.DataFrame(columns, copy=False)]

    def rows_of(self, numbers: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Return the rows with these numbers, in the order of the register."""
        return self.frame.iloc[np.sort(self._places(np.unique(numbers)))]

    def remove(self, drafts: npt.NDArray[np.int64]) -> None:
        """Take out the rows of whole drafts."""
        self._parts = [self.frame[~np.isin(self.frame["draft"].to_numpy(), drafts)].reset_index(drop=True)]
        self._order = None

    def forget(self, numbers: npt.NDArray[np.int64]) -> None:
        """Take out the rows with these numbers."""
        self._parts = [self.frame[~np.isin(self.frame[self._key].to_numpy(), numbers)].reset_index(drop=True)]
        self._order = None

    def _places(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        held = self.frame[self._key].to_numpy()
        if self._order is None:
            self._order = np.argsort(held, kind="stable")
        place = self._order[np.minimum(np.searchsorted(held, numbers, sorter=self._order), len(held) - 1)]
        if not np.array_equal(held[place], numbers):
            raise KeyError(self._key)
        return place


class Book:
    """Drafts of the whole window.

    Memory grows with the number of visits; lines take memory only for the drafts asked for.

    Parameters
    ----------
    folder : Path
        Scratch folder for lines; it is the caller's to remove.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shelves: list[_Shelf] = []
        self._own = pd.DataFrame({name: np.zeros(0, _kind(name, _WIDE)) for name in _LINES})
        self._rewritten = np.zeros(0, np.int64)  # drafts whose lines on the shelves no longer count
        self._visits = _Register("draft")
        self._prescriptions = _Register("rx")
        self._leaves = _Register("draft")
        self._next_uid = _OWN_UIDS

    @property
    def visits(self) -> pd.DataFrame:
        """One row per draft; to be read only."""
        return self._visits.frame

    @property
    def prescriptions(self) -> pd.DataFrame:
        """One row per prescription that leaves its issuer; to be read only."""
        return self._prescriptions.frame

    @property
    def leaves(self) -> pd.DataFrame:
        """One row per leave ordered during a stay."""
        return self._leaves.frame

    @property
    def next_uid(self) -> int:
        """The number that the next line written by a scheme gets."""
        return int(self._next_uid)

    def lines(self, drafts: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Lines of some drafts, sorted by draft and number."""
        drafts = np.unique(drafts)
        shelved = drafts[~np.isin(drafts, self._rewritten)] if len(self._rewritten) else drafts
        own = self._own[np.isin(self._own["draft"].to_numpy(), drafts)]
        parts = [shelf.lines(shelved) for shelf in self._shelves]
        found = pd.concat([*parts, own], ignore_index=True) if parts else own
        order = np.lexsort((found["uid"].to_numpy(), found["draft"].to_numpy()))
        found = found.iloc[order].reset_index(drop=True)
        # Schemes multiply freely: narrow integers would run over.
        return found.astype({name: np.int64 for name in _LINES if name not in _FLAGS})

    def shelve(self, ledger: Ledger) -> None:
        """Put a month of honest care into the book, its lines on disk."""
        self._headers(ledger)
        self._shelves.append(_Shelf(ledger.lines, self._folder / f"lines-{len(self._shelves):03d}"))

    def add(self, ledger: Ledger) -> None:
        """Put what a scheme adds into the book; its lines must be numbered from `next_uid`."""
        self._headers(ledger)
        self._own = pd.concat([self._own, _compact(ledger.lines, _LINES, _WIDE)], ignore_index=True)
        if len(ledger.lines):  # some of those numbered may have been left out
            self._next_uid = ledger.lines["uid"].to_numpy().max() + 1

    def _headers(self, ledger: Ledger) -> None:
        self._visits.add(_compact(ledger.visits, ("draft", *VISIT_COLUMNS), _WIDE_VISIT))
        self._prescriptions.add(ledger.prescriptions[list(RX_COLUMNS)])
        self._leaves.add(ledger.leaves[list(LEAVE_COLUMNS)])

    def append_lines(self, lines: pd.DataFrame) -> npt.NDArray[np.int64]:
        """Write more lines on drafts that exist and return their numbers."""
        uid = self._next_uid + np.arange(len(lines))
        self._next_uid += len(lines)
        self._own = pd.concat([self._own, _compact(lines.assign(uid=uid), _LINES, _WIDE)], ignore_index=True)
        return uid

    def rewrite_lines(self, lines: pd.DataFrame) -> None:
        """Replace all lines of the drafts that occur in `lines`; those with uid -1 are new and get a number."""
        uid = lines["uid"].to_numpy().copy()
        fresh = uid < 0
        uid[fresh] = self._next_uid + np.arange(int(fresh.sum()))
        self._next_uid += int(fresh.sum())
        drafts = np.unique(lines["draft"].to_numpy())
        self._forget_lines(drafts)
        self._own = pd.concat([self._own, _compact(lines.assign(uid=uid), _LINES, _WIDE)], ignore_index=True)

    def _forget_lines(self, drafts: npt.NDArray[np.int64]) -> None:
        self._own = self._own[~np.isin(self._own["draft"].to_numpy(), drafts)]
        self._rewritten = np.union1d(self._rewritten, drafts)

    def visits_of(self, drafts: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Return the visits of some drafts, in the order of the book."""
        return self._visits.rows_of(drafts)

    def rewrite_visits(self, visits: pd.DataFrame) -> None:
        """Replace visits by draft."""
        self._visits.rewrite(visits)

    def rewrite_prescriptions(self, prescriptions: pd.DataFrame) -> None:
        """Replace prescriptions by number."""
        self._prescriptions.rewrite(prescriptions)

    def withhold(self, prescriptions: npt.NDArray[np.int64]) -> None:
        """Take prescriptions out of the register; lines go on naming them."""
        self._prescriptions.forget(prescriptions)

    def remove(self, drafts: npt.NDArray[np.int64]) -> None:
        """Take whole drafts out."""
        if not len(drafts):
            return
        self._forget_lines(drafts)
        for register in (self._visits, self._prescriptions, self._leaves):
            register.remove(drafts)
