"""Agreements of providers with the insurer: most run on, some places give up theirs within the window."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import uniform
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.people import NEVER
from experiments.synthetic.world.places import Places

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.world.world import World

_GIVEN_UP = 0.012  # share of the small places that close or let their agreement run out within the window
_SMALL = ("village", "clinic", "pharmacy")
_DATED = 0.6  # share of the others whose agreement has its end on record, long after the window


def with_agreements(places: Places, village: int, n_days: int, seed: int) -> Places:
    """Date the ends of agreements: column `agreement_last_day`, NEVER where none is on record.

    Parameters
    ----------
    places : Places
        All providers.
    village : int
        Township whose only clinic and shop stay open.
    n_days : int
        Days of the window.
    seed : int
        Of the city.
    """
    frame = places.providers
    every = np.arange(len(frame))
    luck, when = (uniform(every, seed, f"agreement/{what}") for what in ("ends", "when"))
    small = frame["kind"].isin(_SMALL).to_numpy() & (frame["township"].to_numpy() != village)
    dated = uniform(every, seed, "agreement/dated") < _DATED
    last = np.where(dated, n_days + 30 + (700 * when).astype(np.int64), NEVER)
    last = np.where(small & (luck < _GIVEN_UP), (n_days * (0.15 + 0.7 * when)).astype(np.int64), last)
    return Places(frame.assign(agreement_last_day=last), places.practitioners)


def given_up(world: World) -> npt.NDArray[np.int64]:
    """Place numbers of the providers whose agreement ends within the window."""
    return np.flatnonzero(world.places.providers["agreement_last_day"].to_numpy() < world.calendar.n_days)


def last_days(world: World, ended: Mapping[int, int]) -> npt.NDArray[np.int64]:
    """Return the last day of each provider's agreement; NEVER where none is on record.

    Parameters
    ----------
    world : World
        The city.
    ended : mapping of int to int
        Last days by place number that go before those of the city.
    """
    last: npt.NDArray[np.int64] = world.places.providers["agreement_last_day"].to_numpy().copy()
    last[list(ended)] = list(ended.values())
    return last


def after_agreement(
    world: World, visits: pd.DataFrame, ended: Mapping[int, int] = MappingProxyType({})
) -> npt.NDArray[np.bool_]:
    """Tell which visits begin after their provider's agreement ended: nobody bills them."""
    last = last_days(world, ended)[visits["provider"].to_numpy()]
    late: npt.NDArray[np.bool_] = visits["start"].to_numpy() // DAY > last
    return late


def prescribed_after(world: World, prescriptions: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Drafts that would fill what a provider prescribes after its agreement ended."""
    last = world.places.providers["agreement_last_day"].to_numpy()[prescriptions["issuer"].to_numpy()]
    drafts: npt.NDArray[np.int64] = prescriptions["draft"].to_numpy()[
        prescriptions["issue_time"].to_numpy() // DAY > last
    ]
    return drafts
