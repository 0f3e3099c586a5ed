"""When each draft bill ends and is settled: with its last line, and after it, within the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import Ledger

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_REVERSAL_LAG, _AGAIN_LAG = 30, 75  # seconds at the least after the first settlement


def closed(ledger: Ledger) -> Ledger:
    """End each visit with its last line and settle it no earlier; visits without lines leave no bill."""
    lines = ledger.lines
    drafts = ledger.visits["draft"].to_numpy()
    ledger = ledger.without(drafts[~np.isin(drafts, lines["draft"].to_numpy())])
    return Ledger(ended(ledger.visits, ledger.lines), ledger.lines, ledger.prescriptions, ledger.leaves)


def ended(visits: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Move the end and the settlement of visits behind their last line; a stay ends when it ends."""
    draft, time = lines["draft"].to_numpy(), lines["time"].to_numpy()
    order = np.lexsort((time, draft))
    last_row = np.r_[draft[order][1:] != draft[order][:-1], True] if len(order) else np.zeros(0, bool)
    held, last = draft[order][last_row], time[order][last_row]
    place = np.minimum(np.searchsorted(held, visits["draft"].to_numpy()), max(len(held) - 1, 0))
    known = held[place] == visits["draft"].to_numpy()
    end = visits["end"].to_numpy()
    moves = known & ~visits["is_stay"].to_numpy(bool)
    end = np.where(moves, np.maximum(end, last[place]), end)
    return visits.assign(end=end, settle=np.maximum(visits["settle"].to_numpy(), end + 5))


def settled_in_order(visits: pd.DataFrame, end: int) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Settle reversals after what they reverse; return the visits and the drafts that fall past the window.

    Parameters
    ----------
    visits : DataFrame
        All visits.
    end : int
        First second after the window.
    """
    draft, base = visits["draft"].to_numpy(), visits["same_encounter_as"].to_numpy()
    settle = visits["settle"].to_numpy().copy()
    order = np.argsort(draft)
    hangs = np.flatnonzero(base >= 0)
    place = np.minimum(np.searchsorted(draft, base[hangs], sorter=order), len(draft) - 1)
    first = order[place]
    orphan = draft[first] != base[hangs]
    wait = np.where(visits["reverses"].to_numpy()[hangs] >= 0, _REVERSAL_LAG, _AGAIN_LAG)
    settle[hangs] = np.maximum(settle[hangs], settle[first] + wait)
    out = settle >= end
    # Leaving out a settlement leaves out what reverses or repeats it.
    out[hangs] |= out[first] | orphan
    return visits.assign(settle=settle), draft[out]
