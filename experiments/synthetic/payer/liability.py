"""Who answers for an injury: basic insurance, or whoever caused it, whom the register of the settlement names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import BASIC, LIABLE, LIABLE_ADVANCED
from experiments.synthetic.randomness import uniform

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.world.world import World

_LIABLE = 0.3  # share of injuries that an employer or the other driver answers for
_ADVANCED = 0.1  # share of these that the insurer advances by decision, because the liable party does not pay
_INJURIES = "S"  # first letter of their codes


def liability_of(world: World, visits: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return who answers for each visit: places in bills.LIABILITIES; every visit for one injury has one answer."""
    codes = world.catalogue.diagnoses["code"].str.startswith(_INJURIES).to_numpy()
    dx1 = visits["dx1"].to_numpy().astype(np.int64)
    injured = (dx1 >= 0) & codes[dx1]
    injury = visits["person"].to_numpy().astype(np.int64) * 1_000 + dx1
    luck = uniform(injury, world.seed, "liability")
    drawn = np.select([luck < _LIABLE * _ADVANCED, luck < _LIABLE], [LIABLE_ADVANCED, LIABLE], default=BASIC)
    noted = visits["liability"].to_numpy()
    answer: npt.NDArray[np.int64] = np.where(noted >= 0, noted, np.where(injured, drawn, BASIC))
    return answer
