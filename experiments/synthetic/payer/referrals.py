"""Referrals: up to the big hospitals and beyond the city, down to where patients recover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from experiments.synthetic import arrow
from experiments.synthetic.care.bills import FILINGS
from experiments.synthetic.randomness import opaque_ids, uniform
from experiments.synthetic.world.capital import OUTSIDE_HOSPITAL
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.identity import Identity
    from experiments.synthetic.world.world import World

_SENT_UP = 0.3  # share of unplanned stays in tertiary wards that came with a referral
_SENT_DOWN = 0.85  # share of rehabilitation stays after one at a bigger hospital
_RANKS = {OUTSIDE_HOSPITAL: 4, "tertiary": 3, "secondary": 2, "township": 1, "community": 1}
_RECENT = 45 * DAY
_REFERRED = FILINGS.index("referred")
_SPAN, _BEFORE = np.int64(1) << 31, np.int64(1) << 29  # seconds: room for a window and for what came before it


def _ranks(world: World) -> npt.NDArray[np.int64]:
    ranks: npt.NDArray[np.int64] = world.places.providers["kind"].map(_RANKS).fillna(0).to_numpy(np.int64)
    return ranks


def _sender_above(world: World, visits: pd.DataFrame, rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return for each row the visit (its position) that ended a stay at a bigger hospital shortly before, else -1."""
    found = np.full(len(rows), -1)
    stay = np.flatnonzero(visits["is_stay"].to_numpy(bool) & (visits["reverses"].to_numpy() < 0))
    if not len(stay) or not len(rows):
        return found
    person, provider, end = (visits[name].to_numpy().astype(np.int64) for name in ("person", "provider", "end"))
    key = person[stay] * _SPAN + end[stay] + _BEFORE
    order = np.argsort(key, kind="stable")
    who, where, start = (rows[name].to_numpy().astype(np.int64) for name in ("person", "provider", "start"))
    place = np.searchsorted(key[order], who * _SPAN + start + _BEFORE, side="right") - 1
    last = stay[order[np.maximum(place, 0)]]
    rank = _ranks(world)
    above = (place >= 0) & (person[last] == who) & (start - end[last] < _RECENT)
    above &= rank[provider[last]] > rank[where]
    found[above] = last[above]
    return found


def with_referrals(world: World, visits: pd.DataFrame) -> pd.DataFrame:
    """Give referrals to stays that come with one: up to a tertiary ward or beyond the city, down to rehabilitation.

    Parameters
    ----------
    world : World
        The city.
    visits : DataFrame
        All visits of the window; those that have a referral keep it.
    """
    draft, referral = visits["draft"].to_numpy(), visits["referral"].to_numpy()
    kind = world.places.providers["kind"].to_numpy()[visits["provider"].to_numpy()]
    fresh = visits["is_stay"].to_numpy(bool) & (visits["reverses"].to_numpy() < 0) & (referral < 0)
    luck = uniform(draft, world.seed, "referred")
    up = (kind == "tertiary") & ~visits["is_planned"].to_numpy(bool) & (luck < _SENT_UP)
    beyond = visits["filing"].to_numpy() == _REFERRED
    recovery = np.isin(visits["dx1"].to_numpy(), world.catalogue.diagnoses_of("rehabilitation"))
    recovery &= fresh & (luck < _SENT_DOWN)
    down = np.zeros(len(visits), bool)
    down[recovery] = _sender_above(world, visits, visits[recovery]) >= 0
    return visits.assign(referral=np.where(fresh & (up | beyond | down), draft, referral))


def referrals_table(world: World, who: Identity, visits: pd.DataFrame) -> pa.Table:
    """One row per referral, issued in the days before the visit, or on leaving the hospital that sends down.

    Parameters
    ----------
    world : World
        The city.
    who : Identity
        Names.
    visits : DataFrame
        All visits of the window, those without a referral too: they tell where a patient came from.
    """
    named = (visits["referral"].to_numpy() >= 0) & (visits["reverses"].to_numpy() < 0)
    rows = visits[named & (visits["same_encounter_as"].to_numpy() < 0)].drop_duplicates("referral")
    person, provider = rows["person"].to_numpy(), rows["provider"].to_numpy()
    above = _sender_above(world, visits, rows)
    usual = world.usual
    sender = np.where(rows["filing"].to_numpy() == _REFERRED, usual["tertiary"][person], usual["gp"][person])
    sender = np.where(sender == provider, usual["secondary"][person], sender)
    sender = np.where(above >= 0, visits["provider"].to_numpy()[above], sender)
    before = (HOUR * (4 + 60 * uniform(rows["draft"].to_numpy(), world.seed, "referral time"))).astype(np.int64)
    issued = np.where(above >= 0, visits["end"].to_numpy()[above] - HOUR, rows["start"].to_numpy() - before)
    step = np.sign(_ranks(world)[sender] - _ranks(world)[provider])
    return pa.table(
        {
            "referral_id": opaque_ids(rows["referral"].to_numpy(), world.seed, "referral", "F"),
            "person_id": arrow.codes(who.persons, person),
            "from_provider_id": arrow.codes(who.providers, sender),
            "to_provider_id": arrow.codes(who.providers, provider),
            "direction": arrow.codes(("up", "lateral", "down"), step + 1),
            "issue_time": arrow.times(issued, world.calendar.epoch),
        }
    )
