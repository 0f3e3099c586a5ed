"""Honest doctors look at the record first: nothing is given beyond what the catalogue allows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from fraud.synthetic.clock import DAY
from fraud.synthetic.indications import Indications
from fraud.synthetic.limits import strictest_limits

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from fraud.synthetic.bills import Ledger
    from fraud.synthetic.world import World

_LONG_AGO = 10**6  # days


class Restraint:
    """Keeps honest care within what is paid, for a day and for the intervals between days, month after month.

    Parameters
    ----------
    world : World
        Its catalogue has the limits.
    """

    def __init__(self, world: World) -> None:
        limits = strictest_limits(world.catalogue)
        self._indications = Indications(world)
        self._pack_days = np.nan_to_num(world.catalogue.items["days_per_pack"].to_numpy(float))
        self._fill = limits["max_fill_quantity"].to_numpy(float)
        self._daily = limits["max_daily_quantity"].to_numpy(float)
        self._gap, self._count, self._window = (
            np.nan_to_num(limits[name].to_numpy(float)).astype(np.int64)
            for name in ("min_days_between", "frequency_max_count", "frequency_window_days")
        )
        self._given: dict[tuple[int, int], list[int]] = {}  # days on which a person had an item of limited frequency

    def keep(self, ledger: Ledger) -> Ledger:
        """Leave out the lines of a month that go beyond a limit; the earlier ones stay."""
        lines = ledger.lines
        draft = ledger.visits["draft"].to_numpy()
        order = np.argsort(draft)
        row = order[np.searchsorted(draft[order], lines["draft"].to_numpy())]
        visits = ledger.visits.iloc[row]
        person = visits["person"].to_numpy()
        lines = self._filled_within(lines)
        kept = _once_a_bill(lines)
        kept &= self._indications.fit(visits, lines)
        kept &= self._within_day(lines, person, kept)
        kept &= self._within_interval(lines, person, kept)
        return replace(ledger, lines=lines[kept].reset_index(drop=True))

    def _filled_within(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Give no more packs at once than the policy maximum of one fill."""
        item, packs = lines["item"].to_numpy(), lines["quantity"].to_numpy()
        most = np.nan_to_num(self._fill[item], nan=np.inf)
        over = packs > most
        packs = np.where(over, most, packs).astype(np.int64)
        days = lines["days_supply"].to_numpy()
        days = np.where(over & (days >= 0), (packs * self._pack_days[item]).astype(np.int64), days)
        return lines.assign(quantity=packs, days_supply=days)

    def _within_day(
        self, lines: pd.DataFrame, person: npt.NDArray[np.int64], kept: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        item, day = lines["item"].to_numpy(), lines["time"].to_numpy() // DAY
        at = np.flatnonzero(kept & ~np.isnan(self._daily[item]))
        at = at[np.lexsort((lines["uid"].to_numpy()[at], lines["time"].to_numpy()[at], item[at], day[at], person[at]))]
        key = [column[at] for column in (person, day, item)]
        starts = np.flatnonzero(np.r_[True, np.any([k[1:] != k[:-1] for k in key], axis=0)]) if len(at) else at
        total = np.cumsum(lines["quantity"].to_numpy()[at])
        before = np.r_[0, total][starts]
        running = total - np.repeat(before, np.diff(np.r_[starts, len(at)]))
        fits = np.ones(len(lines), bool)
        fits[at] = running <= self._daily[item[at]]
        return fits

    def _within_interval(
        self, lines: pd.DataFrame, person: npt.NDArray[np.int64], kept: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        item, day = lines["item"].to_numpy(), lines["time"].to_numpy() // DAY
        limited = (self._gap > 0) | (self._count > 0)
        at = np.flatnonzero(kept & limited[item])
        at = at[np.lexsort((lines["uid"].to_numpy()[at], lines["time"].to_numpy()[at], item[at], person[at]))]
        fits = np.ones(len(lines), bool)
        for place, who, what, when in zip(
            at.tolist(), person[at].tolist(), item[at].tolist(), day[at].tolist(), strict=True
        ):
            days = self._given.setdefault((who, what), [])
            # A stay may have been billed ahead of the visits of the month it reaches into: look both ways.
            near = [abs(when - d) for d in days]
            window, most = int(self._window[what]), int(self._count[what])
            if min(near, default=_LONG_AGO) < self._gap[what] or (most and sum(n < window for n in near) >= most):
                fits[place] = False
            else:
                days.append(when)
        return fits


def _once_a_bill(lines: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell the first line of an item on a bill, day and side of the body from its repeats."""
    columns = (lines["time"].to_numpy() // DAY, *(lines[name].to_numpy() for name in ("site", "item", "draft")))
    order = np.lexsort((lines["uid"].to_numpy(), lines["time"].to_numpy(), *columns))
    sorted_columns = [column[order] for column in columns]
    first = np.r_[True, np.any([c[1:] != c[:-1] for c in sorted_columns], axis=0)] if len(order) else order.astype(bool)
    kept = np.empty(len(lines), bool)
    kept[order] = first
    return kept
