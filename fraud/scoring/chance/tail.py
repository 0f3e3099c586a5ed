"""The upper tail of peers' values: how likely one more of them lies as far out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# The tail is the upper half of a small group and the upper tenth of a large one, never fewer than 40 where there are.
_LARGEST_SHARE, _USUAL_SHARE, _USUAL = 0.5, 0.1, 40
# Fewer values do not show what their tail is like: a group of 20 has 10 in its upper half.
_LEAST = 10
# The highest fifth of a tail is only counted, so that the odd ones do not hide each other by widening it.
_COUNTED_SHARE = 0.2
# From exponential to far heavier than a log-normal's.
_SHAPES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
# Log-likelihood that the shape taken may fall short of the best. Few values do not tell a shape, and the extremes of
# hundreds of features are read off it: the likeliest one named somebody in every world of heavy tails where nobody was
# odd, half a unit in one of three, a whole one in at most one of ten.
_DOUBT = 1.0


@dataclass(frozen=True)
class Tail:
    """The values of a group above a threshold, as a generalised Pareto tail whose highest fifth is censored.

    Parameters
    ----------
    places : array of int
        Where these values stand in the group, lowest first.
    above : array of float
        How far each lies above the threshold.
    n : int
        Values of the group.
    widen : float
        At least 1: how much wider the group spreads on the other side of its middle.
    """

    places: npt.NDArray[np.intp]
    above: Floats
    n: int
    widen: float = 1.0

    @classmethod
    def of(cls, values: Floats) -> Self | None:
        """Take the upper tail of values of which none is missing; None where it is too short, or half of it one value.

        Examples
        --------
        >>> Tail.of(np.arange(12.0)) is None, Tail.of(np.r_[np.zeros(30), np.arange(10.0)]) is None
        (True, True)
        >>> tail = Tail.of(np.r_[np.arange(23.0), 60.0])
        >>> tail.above[-3:].tolist(), [float(f"{chance:.1g}") for chance in tail.chances(0.0)[-3:]]
        ([10.0, 11.0, 49.0], [0.1, 0.1, 0.003])
        """
        tail, other = cls._upper(values), cls._upper(-values)
        if tail is None or other is None or np.count_nonzero(tail.above[: tail.n_seen]) * 2 < tail.n_seen:
            return None
        return cls(tail.places, tail.above, tail.n, max(1.0, other.mean / tail.mean))

    @classmethod
    def _upper(cls, values: Floats) -> Self | None:
        n = len(values)
        m = min(int(n * _LARGEST_SHARE), max(_USUAL, int(n * _USUAL_SHARE)))
        if m < _LEAST:
            return None
        places = np.argpartition(values, n - m - 1)[n - m - 1 :]
        places = places[np.argsort(values[places], kind="stable")]
        return cls(places[1:], values[places[1:]] - values[places[0]], n)

    @property
    def n_seen(self) -> int:
        """How many of them are seen; the others are only counted."""
        return len(self.above) - int(np.ceil(_COUNTED_SHARE * len(self.above)))

    @cached_property
    def mean(self) -> float:
        """Mean excess of an exponential tail like this one."""
        return self._total(self.above) / self.n_seen

    def _total(self, above: Floats) -> float:
        """Sum of the excesses, the counted ones as large as the highest that is seen (Epstein and Sobel 1953)."""
        r = self.n_seen
        return float(above[:r].sum() + (len(above) - r) * above[r - 1])

    def _bent(self, shape: float) -> Floats:
        """Return the excesses on the scale on which a tail of this shape is exponential."""
        bent: Floats = self.above if shape == 0 else np.log1p(shape * self.above / self.mean) * self.mean / shape
        return bent

    def likelihood(self, shape: float) -> float:
        """Log-likelihood of a shape at its best scale, but for what does not depend on the shape."""
        bending = np.log1p(shape * self.above[: self.n_seen] / self.mean).sum()
        return float(-self.n_seen * np.log(self._total(self._bent(shape)) / self.n_seen) - bending)

    def chances(self, shape: float) -> Floats:
        """Chance of each value of the tail that one more of its kind lies as far out, given all the others.

        The scale is known from few values, so an exponential tail of them gives (1 + excess / total) ** -seen: that is
        exact for an exponential tail. A counted value leaves the total by as much as it is counted.

        Parameters
        ----------
        shape : float
            0 for an exponential tail; higher is heavier.
        """
        bent = self._bent(shape)
        others = np.full(len(bent), self._total(bent))
        others[bent >= bent[self.n_seen - 1]] -= bent[self.n_seen - 1]
        chance: Floats = len(bent) / self.n * (1 + bent / (others * self.widen)) ** -self.n_seen
        return chance


def shape_of(tails: Sequence[Tail]) -> float:
    """Return the shape that the tails of one feature have in common: the heaviest that their values leave likely.

    Examples
    --------
    >>> even = (np.arange(4000) + 0.5) / 4000
    >>> tails = [Tail.of(values) for values in (-np.log(even), even**-0.5)]
    >>> [shape_of([tail]) for tail in tails if tail]
    [0.1, 1.0]
    """
    if not tails:
        return _SHAPES[0]
    likelihood = np.array([sum(tail.likelihood(shape) for tail in tails) for shape in _SHAPES])
    return _SHAPES[int(np.flatnonzero(likelihood >= likelihood.max() - _DOUBT)[-1])]
