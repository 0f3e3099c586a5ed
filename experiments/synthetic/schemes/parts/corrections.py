"""Settlements taken back as a whole, and settled again as they should have been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import Ledger

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.schemes.stage import Stage

# The top bits of a draft number are free: they tell what hangs on a bill from the bill.
_REVERSAL, _AGAIN, _COPY = (np.int64(1) << bit for bit in (62, 61, 60))
_PAUSE = 100  # seconds from a reversal to the next settlement


def take_back(stage: Stage, visits: pd.DataFrame, later: Any, *, right: pd.DataFrame | None = None) -> None:
    """Reverse whole settlements without a bed, and settle their lines again as they are in `right`.

    Parameters
    ----------
    stage : Stage
        The city.
    visits : DataFrame
        Bills on which nothing hangs.
    later : int or array
        Seconds from the settlement to its reversal.
    right : DataFrame, optional
        Lines of the visits as they should have been; nothing is settled again without.
    """
    draft, settle = visits["draft"].to_numpy(), visits["settle"].to_numpy() + later
    back = visits.assign(draft=draft + _REVERSAL, settle=settle, reverses=draft, same_encounter_as=draft)
    lines = [_cancelling(stage.lines(draft))]
    rows = [back]
    if right is not None:
        rows.append(visits.assign(draft=draft + _AGAIN, settle=settle + _PAUSE, same_encounter_as=draft))
        lines.append(right.assign(draft=right["draft"] + _AGAIN))
    _add(stage, rows, lines)


def upload_again(stage: Stage, visits: pd.DataFrame, later: Any) -> npt.NDArray[np.int64]:
    """Send bills without a bed a second time by mistake; return the second settlements."""
    draft = visits["draft"].to_numpy()
    lines = stage.lines(draft)
    settle = visits["settle"].to_numpy() + later
    second = visits.assign(draft=draft + _COPY, settle=settle, same_encounter_as=draft, invoice_of=draft)
    _add(stage, [second], [lines.assign(draft=lines["draft"] + _COPY)])
    copies: npt.NDArray[np.int64] = draft + _COPY
    return copies


def take_back_copies(stage: Stage, copies: npt.NDArray[np.int64], later: Any) -> None:
    """Reverse settlements that were sent twice; the encounter remains that of the first."""
    visits = stage.book.visits_of(copies)
    draft = visits["draft"].to_numpy()
    back = visits.assign(draft=draft + _REVERSAL, settle=visits["settle"].to_numpy() + later, reverses=draft)
    _add(stage, [back], [_cancelling(stage.lines(draft))])


def _cancelling(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.assign(draft=lines["draft"] + _REVERSAL, quantity=-lines["quantity"], cancels=lines["uid"])


def _add(stage: Stage, visits: list[pd.DataFrame], lines: list[pd.DataFrame]) -> None:
    rows = pd.concat(lines, ignore_index=True)
    rows["uid"] = stage.book.next_uid + np.arange(len(rows))
    none = stage.prescriptions.iloc[:0], stage.book.leaves.iloc[:0]
    stage.book.add(Ledger(pd.concat(visits, ignore_index=True), rows, *none))
