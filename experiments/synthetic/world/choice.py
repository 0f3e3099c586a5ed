"""Choice of provider: mostly the near one, sometimes a better known one farther away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.geography import Geography
    from experiments.synthetic.world.places import Places

# Own township, neighbourhood, anywhere: the split that the ring study measured choice sets with.
_OWN, _NEAR, _FAR = 0.7, 0.2, 0.1
_NEAR_KM = 6.0


@dataclass(frozen=True)
class Chooser:
    """Draws providers for people by their township.

    Attributes
    ----------
    providers : array
        Place numbers that may be chosen.
    edges : array
        Cumulative chances, one row per township, each row shifted by its number so that one search serves all.
    """

    providers: npt.NDArray[np.int64]
    edges: npt.NDArray[np.float64]

    @classmethod
    def among(cls, providers: npt.NDArray[np.int64], places: Places, geography: Geography) -> Chooser:
        """Weigh the providers for every township by distance and popularity."""
        frame = places.providers.iloc[providers]
        distance = geography.kilometres(frame["longitude"].to_numpy(), frame["latitude"].to_numpy())
        popular = frame["popularity"].to_numpy()[None, :]
        own = popular * (frame["township"].to_numpy()[None, :] == np.arange(len(distance))[:, None])
        nobody = own.sum(axis=1) == 0
        nearest = np.argmin(distance, axis=1)
        own[nobody, nearest[nobody]] = 1.0
        near = popular * np.exp(-distance / _NEAR_KM)
        far = np.broadcast_to(popular, distance.shape)
        chance = sum(
            part / np.maximum(part.sum(axis=1, keepdims=True), 1e-300) * share
            for part, share in ((own, _OWN), (near, _NEAR), (far, _FAR))
        )
        edges = np.cumsum(chance, axis=1)
        return cls(providers, edges / edges[:, -1:] + np.arange(len(distance))[:, None])

    def draw(self, rng: np.random.Generator, township: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Draw one provider for each township given."""
        found = np.searchsorted(self.edges.ravel(), township + rng.random(len(township)), side="right")
        chosen: npt.NDArray[np.int64] = self.providers[
            np.minimum(found - township * len(self.providers), len(self.providers) - 1)
        ]
        return chosen
