"""H11: more units of a service are billed in a day than a person can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.goods.boxes import is_boxed
from experiments.synthetic.schemes.parts.corrections import take_back
from experiments.synthetic.schemes.parts.standing import busy_host, counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.limits import strictest_limits

if TYPE_CHECKING:
    import pandas as pd

_CODE = "H11"
_SHARES = {"small": 0.03, "medium": 0.1, "large": 0.3}  # of the provider's lines of items with a daily maximum
_HOSTS = ("tertiary", "secondary", "township", "community")
_SERVICES = ("laboratory", "examination", "treatment", "consumable")
_SIDED = ("ultrasound", "xray", "acupuncture", "physio", "dressing")
_ZEROS, _TYPED = 10, 12  # a zero too many; so many bills of the hospital whose clerk types it
_BOTH_SIDES = "treats both sides of the body to the daily maximum each: the second line names the other side"
_ZERO = "a clerk typed a zero too many on some bills; each was reversed within two days and settled again as it should"


def _limited(stage: Stage, provider: int, span: tuple[int, int]) -> pd.DataFrame:
    """Return a provider's lines with a daily maximum (`most`) that are the only ones of their person, item and day."""
    visits = standing(stage, provider, span)
    lines = counted(stage, visits)
    item = lines["item"].to_numpy()
    most = strictest_limits(stage.world.catalogue)["max_daily_quantity"].to_numpy(float)[item]
    category = stage.world.catalogue.items["category"].to_numpy()[item]
    fit = np.isin(category, _SERVICES) & ~np.isnan(most) & ~is_boxed(stage.world)[item]
    lines = lines.assign(most=np.nan_to_num(most).astype(np.int64), day=lines["time"] // DAY)[fit]
    lines["person"] = visits.set_index("draft")["person"].reindex(lines["draft"]).to_numpy()
    return lines[~lines.duplicated(["person", "item", "day"], keep=False)]


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one provider bill more units than the day allows."""
    rng = stage.rng(_CODE, str(number))
    provider = busy_host(stage, rng, *_HOSTS)
    lines = _limited(stage, provider, stage.window(rng))
    lines = lines[rng.random(len(lines)) < _SHARES[size] * rng.uniform(0.85, 1.15)]
    if not len(lines):
        raise NoRoomError("no provider with lines enough is left")
    most = lines["most"].to_numpy()
    quantity = most + rng.integers(1, most + 2)
    billed = stage.lines(np.unique(lines["draft"].to_numpy()))
    place = billed.set_index("uid").index.get_indexer(lines["uid"].to_numpy())
    swollen = billed["quantity"].to_numpy().copy()
    swollen[place] = quantity
    stage.revise(lines=billed.assign(quantity=swollen))
    day = lines["day"].to_numpy()
    stage.truth.add_provider(provider, _CODE, int(max(day.min(), 0)), int(day.max()), size)
    stage.truth.add_lines(
        _CODE, lines["draft"].to_numpy(), lines["uid"].to_numpy(), part=quantity - most, whole=quantity
    )


def plant_twin(stage: Stage) -> None:
    """Let one hospital treat both sides to the maximum, and a clerk of another type zeros that are put right."""
    rng = stage.rng(_CODE, "twin")
    sides = busy_host(stage, rng, "secondary", "township")
    lines = _limited(stage, sides, (0, stage.world.calendar.n_days))
    group = stage.world.catalogue.items["group"].to_numpy()[lines["item"].to_numpy()]
    both = lines[np.isin(group, _SIDED) & (rng.random(len(lines)) < 0.5)]
    if len(both):
        billed = stage.lines(np.unique(both["draft"].to_numpy()))
        most = both.set_index("uid")["most"].reindex(billed["uid"]).to_numpy(float)
        on = ~np.isnan(most)
        stage.revise(
            lines=billed.assign(
                quantity=np.where(on, np.nan_to_num(most), billed["quantity"]).astype(np.int64),
                site=np.where(on, 1, billed["site"]),
            )
        )
        stage.append(both.assign(site=2, quantity=both["most"]).drop(columns=["most", "day", "person"]))
    stage.truth.add_twins("provider", [sides], _CODE, _BOTH_SIDES)
    clerk = busy_host(stage, rng, "secondary", "township", "community")
    lines = _limited(stage, clerk, (0, stage.world.calendar.n_days - 4))
    visits = standing(stage, clerk, (0, stage.world.calendar.n_days - 4))
    visits = visits[~visits["is_stay"].to_numpy(bool) & np.isin(visits["draft"].to_numpy(), lines["draft"].to_numpy())]
    chosen = visits.iloc[np.sort(rng.permutation(len(visits))[:_TYPED])]
    right = stage.lines(chosen["draft"].to_numpy())
    typed = lines[np.isin(lines["draft"].to_numpy(), chosen["draft"].to_numpy())].drop_duplicates("draft")
    on = np.isin(right["uid"].to_numpy(), typed["uid"].to_numpy())
    if len(chosen):
        stage.revise(lines=right.assign(quantity=right["quantity"] * np.where(on, _ZEROS, 1)))
        take_back(stage, chosen, rng.integers(1_800, 2 * DAY, len(chosen)), right=right)
    stage.truth.add_twins("provider", [clerk], _CODE, _ZERO)


OVER_QUANTITY = Scheme(_CODE, 400, plant, plant_twin)
