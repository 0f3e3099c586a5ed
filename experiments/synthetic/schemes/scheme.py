"""A scheme of the city: its code, how often it occurs, and the functions that plant it and its look-alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.synthetic.schemes.stage import NoRoomError, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

__all__ = ["SIZES", "NoRoomError", "Scheme", "Stage", "size_reached"]

SIZES = ("small", "medium", "large")
_DEFAULT_SIZES = ("medium", "large", "medium", "small")


@dataclass(frozen=True)
class Scheme:
    """A way to cheat, planted from how people do it.

    Attributes
    ----------
    code : str
        Typology code; its words are in `features/vocabulary/schemes.toml`, which the city does not read.
    providers_each : int
        One planted instance per so many providers of the city.
    plant : callable
        Plants one instance: `plant(stage, size, number)`.
    plant_twin : callable
        Plants or names the innocent look-alikes, once: `plant_twin(stage)`.
    way : str
        What tells it from another way to cheat that has the same code; empty for the first, which a city that is asked
        for the code must have.
    """

    code: str
    providers_each: int
    plant: Callable[[Stage, str, int], None]
    plant_twin: Callable[[Stage], None]
    way: str = ""

    @property
    def name(self) -> str:
        """Code and way."""
        return f"{self.code} {self.way}".rstrip()

    def sizes(self, n_providers: int, size: str | None, rng: np.random.Generator | None = None) -> tuple[str, ...]:
        """Sizes of the instances planted in a city of so many providers.

        Parameters
        ----------
        n_providers : int
            Providers of the city.
        size : str, optional
            One of SIZES for all instances; None lets them vary.
        rng : Generator, optional
            Rounds the expected number up or down by chance, to none at the least, so that a small city is no more
            guilty than a large one; without it there is at least one instance.
        """
        expected = n_providers / self.providers_each
        n = max(1, round(expected)) if rng is None else int(expected + rng.random())
        shift = 0 if rng is None else int(rng.integers(len(_DEFAULT_SIZES)))
        return tuple(size or _DEFAULT_SIZES[(i + shift) % len(_DEFAULT_SIZES)] for i in range(n))


def size_reached(wanted: str, found: float, least: tuple[tuple[str, float], ...]) -> str:
    """Return the size on record: the one asked for, or a smaller one where less was found to tamper with.

    Parameters
    ----------
    wanted : str
        One of SIZES.
    found : float
        How much was found: a number, or a share.
    least : tuple of (str, float)
        Each size, the largest first, and the least that makes it.

    Examples
    --------
    >>> least = (("large", 25), ("medium", 9), ("small", 0))
    >>> size_reached("large", 12, least), size_reached("medium", 30, least)
    ('medium', 'medium')
    """
    reached = next(name for name, fewest in least if found >= fewest)
    return min(wanted, reached, key=SIZES.index)
