"""T04: a shop stops scanning what it bills, though it has a scanner and the rule asks for a scan."""

from __future__ import annotations

import numpy as np

from experiments.synthetic.goods.boxes import is_boxed
from experiments.synthetic.goods.trace import missed_scans
from experiments.synthetic.schemes.parts.counter import scanning
from experiments.synthetic.schemes.parts.standing import busy_host, counted, standing, volumes
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

_CODE = "T04"
# Of the boxes in the scheme's months; what the till would have missed is left out too.
_SHARES = {"small": 0.4, "medium": 0.7, "large": 0.95}
_NO_CODES = "sells herbal pieces, which have no code to scan, beside boxes that it scans"


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one shop leave out the scan."""
    rng = stage.rng(_CODE, str(number))
    able = scanning(stage, "pharmacy")
    able = able[np.isin(able, stage.idle("pharmacy"))]
    if not len(able):
        raise NoRoomError("no shop that scans boxes is left")
    volume = volumes(stage)[able]
    shop = stage.host(rng, "pharmacy", among=able[volume >= np.median(volume)])
    lines = counted(stage, standing(stage, shop, stage.window(rng)))
    item = lines["item"].to_numpy()
    listed = stage.world.catalogue.items["in_scope"].to_numpy()[item] > 0
    left_out = rng.random(len(lines)) < _SHARES[size]
    # Where scanning is given up, what the till would have missed anyway is not told apart.
    left_out |= missed_scans(stage.world, np.full(len(lines), shop), lines["uid"].to_numpy())
    boxed = lines[is_boxed(stage.world)[item] & left_out]
    stage.goods.unscanned(boxed["uid"].to_numpy())
    guilty = boxed[listed[lines.index.isin(boxed.index)]]
    if not len(guilty):
        raise NoRoomError("no shop that sells enough is left")
    day = guilty["time"].to_numpy() // DAY
    stage.truth.add_provider(shop, _CODE, int(max(day.min(), 0)), int(day.max()), size)
    stage.truth.add_lines(_CODE, guilty["draft"].to_numpy(), guilty["uid"].to_numpy())


def plant_twin(stage: Stage) -> None:
    """Name a place that sells what has no code."""
    rng = stage.rng(_CODE, "twin")
    place = busy_host(stage, rng, "community", "clinic", busier=0.8)
    stage.truth.add_twins("provider", [place], _CODE, _NO_CODES)


UNSCANNED_SALES = Scheme(_CODE, 800, plant, plant_twin)
