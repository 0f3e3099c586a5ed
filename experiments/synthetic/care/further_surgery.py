"""A second operation in the same session: billed at half of its price, as the price lists want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import stream
from experiments.synthetic.world.prices import list_prices

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.care.bills import Bills
    from experiments.synthetic.care.wards import Operations
    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.world import World

_SHARE = 0.1  # of the operations that another may follow
_LATER = 1_800  # seconds
# What is sometimes done in the same session: the dearer operation is the first, and the only one due in full.
_FOLLOWS = {
    "腹腔镜胆囊切除术": "阑尾切除术",
    "腹股沟疝修补术": "阑尾切除术",
    "剖宫产术": "阑尾切除术",
    "骨折切开复位内固定术": "骨折内固定取出术",
}


def followers(world: World) -> dict[int, int]:
    """Return which operation (item) may be followed by which in a session."""
    return {world.catalogue.item(one): world.catalogue.item(two) for one, two in _FOLLOWS.items()}


def bill_further_surgery(
    world: World,
    bills: Bills,
    operations: Operations,
    *,
    draft: npt.NDArray[np.int64],
    provider: npt.NDArray[np.int64],
    month: Month,
) -> None:
    """Bill the second operations of a month's stays; one element per stay."""
    rng = stream(world.seed, f"further surgery/{month.name}")
    lucky = rng.random(len(draft)) < _SHARE
    for one, two in followers(world).items():
        on = np.flatnonzero((operations.item == one) & lucky)
        price = list_prices(world, provider[on], np.full(len(on), two)) // 2
        surgeon, time = operations.surgeon[on], operations.time[on] + _LATER
        bills.charge(draft[on], two, time, prescriber=surgeon, executor=surgeon, price=price)
