"""Edits to drug boxes where they went another way than the bill says: codes, scans, supply, books."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd


class _Edits:
    """Rows of whole numbers under column names; nothing until something is added."""

    def __init__(self, *columns: str) -> None:
        self._columns = columns
        self._parts: list[pd.DataFrame] = []

    def add(self, **columns: Any) -> None:
        arrays = np.broadcast_arrays(*(np.atleast_1d(np.asarray(columns[name], np.int64)) for name in self._columns))
        self._parts.append(pd.DataFrame(dict(zip(self._columns, arrays, strict=True))))

    @property
    def frame(self) -> pd.DataFrame:
        if not self._parts:
            return pd.DataFrame({name: np.zeros(0, np.int64) for name in self._columns})
        self._parts = [pd.concat(self._parts, ignore_index=True)]
        return self._parts[0]

    def numbers(self, column: str) -> npt.NDArray[np.int64]:
        numbers: npt.NDArray[np.int64] = self.frame[column].to_numpy()
        return numbers


class Goods:
    """Edits to trace and stock: where boxes went another way than the bill says.

    Without edits every box has a code of its own, is scanned as honest tills scan, and was bought before it was sold.
    Lines are named by uid, boxes of a line by number from 0. Arguments are arrays or single numbers.
    """

    def __init__(self) -> None:
        self._same = _Edits("uid", "pack", "of_uid", "of_pack")
        self._split = _Edits("uid", "of_uid", "of_pack")
        self._unscanned = _Edits("uid")
        self._scanned_twice = _Edits("uid")
        self._unsupplied = _Edits("uid")
        self._moved = _Edits("uid", "pack", "source", "time")
        self._books = _Edits("provider", "item", "factor")

    def same_code(self, uid: Any, pack: Any, of_uid: Any, of_pack: Any) -> None:
        """Scan for a box the code of another box, which was sold before; the box itself never came in."""
        self._same.add(uid=uid, pack=pack, of_uid=of_uid, of_pack=of_pack)

    def split_pack(self, uid: Any, of_uid: Any, of_pack: Any) -> None:
        """Sell on a line a part of a box that another line opened, as the law allows; both are flagged as parts."""
        self._split.add(uid=uid, of_uid=of_uid, of_pack=of_pack)

    def unscanned(self, uid: Any) -> None:
        """Sell without scanning."""
        self._unscanned.add(uid=uid)

    def scanned_twice(self, uid: Any) -> None:
        """Scan a minute before the sale already, when the till failed: that scan belongs to no settlement."""
        self._scanned_twice.add(uid=uid)

    def unsupplied(self, uid: Any) -> None:
        """Bill what never came in: nothing was bought for these lines."""
        self._unsupplied.add(uid=uid)

    def moved(self, uid: Any, pack: Any, source: Any, time: Any) -> None:
        """Let a box come in at another branch (`source`, place number) and go on to its seller.

        Parameters
        ----------
        uid, pack
            The box, by the line that sells it.
        source
            Provider where it came in first.
        time
            When it left there, in seconds of the city.
        """
        self._moved.add(uid=uid, pack=pack, source=source, time=time)

    def booked_in(self, provider: Any, item: Any, factor: Any) -> None:
        """Keep the books of an item in a unit of which `factor` make one sold pack."""
        self._books.add(provider=provider, item=item, factor=factor)

    @property
    def codes(self) -> pd.DataFrame:
        """One row per box scanned with the code of another: uid, pack, of_uid, of_pack."""
        return self._same.frame

    @property
    def parts(self) -> pd.DataFrame:
        """One row per line that sells part of a box opened before: uid, of_uid, of_pack."""
        return self._split.frame

    @property
    def transfers(self) -> pd.DataFrame:
        """One row per box that came in at another branch: uid, pack, source, time."""
        return self._moved.frame

    @property
    def books(self) -> pd.DataFrame:
        """One row per item that a provider books in another unit: provider, item, factor."""
        return self._books.frame

    @property
    def not_scanned(self) -> npt.NDArray[np.int64]:
        """Lines sold without scan."""
        return self._unscanned.numbers("uid")

    @property
    def failed_scans(self) -> npt.NDArray[np.int64]:
        """Lines whose boxes were scanned once before without a settlement."""
        return self._scanned_twice.numbers("uid")

    @property
    def not_supplied(self) -> npt.NDArray[np.int64]:
        """Lines for which nothing was bought."""
        return self._unsupplied.numbers("uid")
