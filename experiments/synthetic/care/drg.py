"""DRG groups of stays and what they pay: principal diagnosis, operation, and the level of complications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from experiments.synthetic import arrow
from experiments.synthetic.care.bills import NONE

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.identity import Identity
    from experiments.synthetic.world.world import World

# Complications and comorbidities that raise the group: CC, and the major ones, MCC.
CC_CODES = ("E87.600", "D64.900", "E46.x00", "J98.414")
MCC_CODES = ("I50.900", "J96.000", "A41.900")
LEVELS = ("5", "3", "1")  # ending of the group's code: without, with CC, with MCC, as in CHS-DRG
_LEVEL_WEIGHT = (0.9, 1.15, 1.65)
_OPERATED_WEIGHT = 1.5
_BASE_RATE = 1_080_000  # cents per unit of weight, near what a unit costs here
_HOSPITAL_RATE = {"tertiary": 1.0, "secondary": 0.97, "primary": 0.95, "ungraded": 0.95}
_DIP_REGION = 1  # place number of the region that pays by points
_COMPLICATED = (0.16, 0.05)  # share of stays with CC and MCC among the middle-aged of middling frailty


def complication_places(world: World) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Place numbers of the diagnoses that count as CC, and as MCC."""
    codes = world.catalogue.diagnoses["code"]
    cc, mcc = (np.flatnonzero(codes.isin(names).to_numpy()) for names in (CC_CODES, MCC_CODES))
    return cc, mcc


def draw_complications(
    world: World, rng: np.random.Generator, person: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Draw the complications of stays: the old and frail have more of them.

    Returns
    -------
    level, dx : array
        0, 1 (CC) or 2 (MCC) for each stay, and the diagnosis, NONE at level 0.
    """
    n = len(person)
    people = world.people
    risk = np.interp(people.age[person], (0, 45, 65, 90), (0.5, 0.7, 1.1, 2.0)) * np.clip(
        people.frailty[person], 0.4, 2.5
    )
    luck = rng.random(n)
    level = np.select([luck < _COMPLICATED[1] * risk, luck < sum(_COMPLICATED) * risk], [2, 1], default=0)
    dx = np.full(n, NONE)
    for number, places in enumerate(complication_places(world), start=1):
        on = level == number
        dx[on] = rng.choice(places, int(on.sum()))
    return level, dx


def complication_level(world: World, stays: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the level that the coded secondary diagnoses of stays amount to: 0, 1 (CC) or 2 (MCC)."""
    cc, mcc = complication_places(world)
    coded = stays[["dx2", "dx3"]].to_numpy()
    has_cc, has_mcc = (np.isin(coded, places).any(axis=1) for places in (cc, mcc))
    return np.where(has_mcc, 2, np.where(has_cc, 1, 0))


def payment_methods(world: World) -> npt.NDArray[np.object_]:
    """Return how each provider is paid for stays or visits: drg or dip for hospitals, else fee for service."""
    frame = world.places.providers
    hospital = (frame["provider_type"] == "hospital").to_numpy()
    by_points = frame["region"].to_numpy() == _DIP_REGION
    methods: npt.NDArray[np.object_] = np.where(hospital, np.where(by_points, "dip", "drg"), "fee_for_service").astype(
        object
    )
    return methods


def drg_weights(world: World, stays: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Weight of each stay's group: the diagnosis', times one and a half for an operation, times the level's."""
    weight = world.catalogue.diagnoses["drg_weight"].to_numpy(float)[stays["dx1"].to_numpy()]
    operated = np.where(stays["surgery"].to_numpy() >= 0, _OPERATED_WEIGHT, 1.0)
    weights: npt.NDArray[np.float64] = np.round(
        weight * operated * np.asarray(_LEVEL_WEIGHT)[complication_level(world, stays)], 4
    )
    return weights


def drg_table(world: World, who: Identity, visits: pd.DataFrame) -> pa.Table:
    """One row per stay that a group pays for; points of the region that pays by points are in thousands."""
    stays = visits[visits["is_stay"].to_numpy(bool) & (visits["reverses"].to_numpy() < 0)]
    provider = stays["provider"].to_numpy()
    weight = drg_weights(world, stays)
    rate = world.places.providers["provider_level"].map(_HOSPITAL_RATE).to_numpy()[provider]
    code = world.catalogue.diagnoses["drg_code"].to_numpy()[stays["dx1"].to_numpy()]
    operated = np.where(stays["surgery"].to_numpy() >= 0, "S", "M")
    level = np.asarray(LEVELS)[complication_level(world, stays)]
    return pa.table(
        {
            "settlement_id": who.settlements(stays["draft"].to_numpy()),
            "system": pa.array(payment_methods(world)[provider].tolist(), pa.string()),
            "group_code": pa.array([f"{c}{o}{n}" for c, o, n in zip(code, operated, level, strict=True)], pa.string()),
            "weight": pa.array(weight),
            "standard_amount": arrow.money(np.rint(weight * rate * _BASE_RATE).astype(np.int64)),
        }
    )


def drg_groups_table(world: World) -> pa.Table:
    """One row per system and group."""
    dx = world.catalogue.diagnoses
    rows = [
        (system, "2026", f"{code}{suffix}{ending}", round(weight * factor * level, 4), float(days))
        for system in ("drg", "dip")
        for code, weight, days in zip(dx["drg_code"], dx["drg_weight"], dx["mean_days"], strict=True)
        for suffix, factor in (("M", 1.0), ("S", _OPERATED_WEIGHT))
        for ending, level in zip(LEVELS, _LEVEL_WEIGHT, strict=True)
        if weight > 0
    ]
    names = ("system", "version", "group_code", "weight", "expected_days")
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
