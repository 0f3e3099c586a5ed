"""The price that a provider asks for an item when nothing else is agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import uniform

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.world import World


def list_prices(world: World, provider: npt.NDArray[np.int64], item: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the cents per unit: the catalogue's price times the provider's own level, give or take two percent."""
    own = 0.98 + 0.04 * uniform(provider * 10_000 + item, world.seed, "price")
    factor = world.places.providers["price_factor"].to_numpy()[provider]
    cents = world.catalogue.items["price_cents"].to_numpy()[item]
    prices: npt.NDArray[np.int64] = np.maximum(1, np.rint(cents * factor * own)).astype(np.int64)
    return prices
