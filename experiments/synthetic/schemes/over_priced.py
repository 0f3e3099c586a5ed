"""H09: some items are billed above the ceiling of the provider's level and region."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.synthetic.schemes.parts.ceilings import CAPPED_KINDS, ceilings
from experiments.synthetic.schemes.parts.standing import busy_host, counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

_CODE = "H09"
_ITEMS = {"small": 3, "medium": 10, "large": 30}
_ABOVE = (1.06, 1.45)  # of the ceiling; one price per item
_COMMON = 40  # of the items billed most are candidates
_LEAST_CENTS = 400
_AT_THE_CEILING = "bills at the ceiling to the cent, and lowered its prices on the day on which the ceiling fell"


def _priced(stage: Stage, provider: int, span: tuple[int, int]) -> pd.DataFrame:
    """Return the lines of a provider in a span of days whose price may be changed, most frequent items first."""
    lines = counted(stage, standing(stage, provider, span))
    price = stage.world.catalogue.items["price_cents"].to_numpy()
    listed = stage.world.catalogue.items["in_scope"].to_numpy() > 0
    item = lines["item"].to_numpy()
    own = lines["price"].to_numpy() < 0
    return lines[own & listed[item] & (price[item] >= _LEAST_CENTS)]


def _reprice(stage: Stage, lines: pd.DataFrame, price: pd.Series) -> None:
    """Write prices (by uid, cents) on lines."""
    billed = stage.lines(np.unique(lines["draft"].to_numpy()))
    new = price.reindex(billed["uid"].to_numpy()).to_numpy(float)
    stage.revise(lines=billed.assign(price=np.where(np.isnan(new), billed["price"], new).astype(np.int64)))


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one provider charge for some items what it likes."""
    rng = stage.rng(_CODE, str(number))
    provider = busy_host(stage, rng, *CAPPED_KINDS, busier=0.6)
    lines = _priced(stage, provider, stage.window(rng))
    common = lines["item"].value_counts().index.to_numpy()[:_COMMON]
    if not len(common):
        raise NoRoomError("no provider that bills enough is left")
    chosen = rng.choice(common, min(_ITEMS[size], len(common)), replace=False)
    guilty = lines[np.isin(lines["item"].to_numpy(), chosen)]
    most = ceilings(stage.world, provider, guilty["item"].to_numpy(), guilty["time"].to_numpy() // DAY)
    factor = pd.Series(rng.uniform(*_ABOVE, len(chosen)), index=chosen).reindex(guilty["item"]).to_numpy()
    price = np.ceil(most * factor).astype(np.int64)
    _reprice(stage, guilty, pd.Series(price, index=guilty["uid"].to_numpy()))
    day = guilty["time"].to_numpy() // DAY
    stage.truth.add_provider(provider, _CODE, int(max(day.min(), 0)), int(day.max()), size)
    stage.truth.add_lines(_CODE, guilty["draft"].to_numpy(), guilty["uid"].to_numpy(), part=price - most, whole=price)


def plant_twin(stage: Stage) -> None:
    """Let one provider bill its commonest items at the ceiling in force."""
    rng = stage.rng(_CODE, "twin")
    provider = busy_host(stage, rng, "secondary", "pharmacy", "community")
    lines = _priced(stage, provider, (0, stage.world.calendar.n_days))
    common = lines["item"].value_counts().index.to_numpy()[: _COMMON // 2]
    mine = lines[np.isin(lines["item"].to_numpy(), common)]
    most = ceilings(stage.world, provider, mine["item"].to_numpy(), mine["time"].to_numpy() // DAY)
    if len(mine):
        _reprice(stage, mine, pd.Series(most, index=mine["uid"].to_numpy()))
    stage.truth.add_twins("provider", [provider], _CODE, _AT_THE_CEILING)


OVER_PRICED = Scheme(_CODE, 800, plant, plant_twin)
