"""What limits leave of a shelf: the most packs of a fill, and the items that are bound to nobody and nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.world.limits import second_line, strictest_limits

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.catalogue import Catalogue

_BINDING = ("diagnosis_prefixes", "insurance_types", "encounter_types", "min_provider_level", "gender_limit")


def largest_fill(catalogue: Catalogue) -> npt.NDArray[np.float64]:
    """Return the most packs of each item that one fill may have; infinity without a limit."""
    most = strictest_limits(catalogue)["max_fill_quantity"].to_numpy(float)
    return np.where(np.isnan(most), np.inf, most)


def unbound(catalogue: Catalogue, shelf: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the items of a shelf, listed or not, that no till asks about whoever the buyer is.

    Parameters
    ----------
    catalogue : Catalogue
        Its items have the limits.
    shelf : array
        Place numbers of items.
    """
    limits = strictest_limits(catalogue).iloc[shelf]
    bound = limits[list(_BINDING)].notna().any(axis=1) | limits["max_course_days"].notna()
    later = np.isin(shelf, sorted(second_line(catalogue)))
    free: npt.NDArray[np.int64] = shelf[~bound.to_numpy() & ~later]
    return free


def unquestioned(catalogue: Catalogue, shelf: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the listed items of a shelf that any adult may have, in courses of any length."""
    free = unbound(catalogue, shelf)
    listed: npt.NDArray[np.int64] = free[catalogue.items["in_scope"].to_numpy()[free] > 0]
    return listed
