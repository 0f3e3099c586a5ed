"""Geography: regions, townships, their people and distances, and the provincial capital beyond them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.randomness import stream

if TYPE_CHECKING:
    import numpy.typing as npt

_KM_PER_DEGREE_NORTH = 111.2
_KM_PER_DEGREE_EAST = 96.3  # at 30° north
_VILLAGE_PERSONS = 240  # a village with one clinic and one shop
_CAPITAL = ("420100", "省会", "420000", 114.3, 30.6)  # two hours by train; nobody of the city is insured there


@dataclass(frozen=True)
class Geography:
    """Regions and townships.

    Attributes
    ----------
    regions : DataFrame
        One row per region (county or district): region_code, region_name, parent_code, longitude, latitude; the last
        one is the provincial capital, outside the prefecture.
    townships : DataFrame
        One row per township: township_code, region (place number), longitude, latitude, people_share; the last one
        is the remote village with one clinic and one shop.
    """

    regions: pd.DataFrame
    townships: pd.DataFrame

    @property
    def village(self) -> int:
        """Place number of the remote village."""
        return len(self.townships) - 1

    @property
    def capital(self) -> int:
        """Place number of the region of the provincial capital."""
        return len(self.regions) - 1

    def kilometres(
        self, longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.float64]:
        """Distance of every township (rows) to the given points (columns)."""
        east = (self.townships["longitude"].to_numpy()[:, None] - longitude[None, :]) * _KM_PER_DEGREE_EAST
        north = (self.townships["latitude"].to_numpy()[:, None] - latitude[None, :]) * _KM_PER_DEGREE_NORTH
        distances: npt.NDArray[np.float64] = np.hypot(east, north)
        return distances


def on_a_plane(
    longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Points in kilometres east and north, between which distances are straight."""
    return longitude * _KM_PER_DEGREE_EAST, latitude * _KM_PER_DEGREE_NORTH


def make_geography(n_persons: int, seed: int) -> Geography:
    """Invent a prefecture: regions some 25 km apart, each with a county town and townships around it."""
    rng = stream(seed, "geography")
    n_regions = int(np.clip(round(n_persons / 5_000), 2, 13))
    per_region = int(np.clip(round(n_persons / n_regions / 1_100), 2, 14))
    angle = 2 * np.pi * np.arange(n_regions) / n_regions + rng.normal(0, 0.2, n_regions)
    radius = np.where(np.arange(n_regions) == 0, 0.0, rng.uniform(18, 38, n_regions))
    longitude = 112.0 + radius * np.cos(angle) / _KM_PER_DEGREE_EAST
    latitude = 30.0 + radius * np.sin(angle) / _KM_PER_DEGREE_NORTH
    regions = pd.DataFrame(
        {
            "region_code": [f"4299{i + 1:02d}" for i in range(n_regions)],
            "region_name": [f"第{i + 1}区县" for i in range(n_regions)],
            "parent_code": "429900",
            "longitude": longitude.round(5),
            "latitude": latitude.round(5),
        }
    )
    regions.loc[n_regions] = list(_CAPITAL)
    region = np.repeat(np.arange(n_regions), per_region)
    is_town = np.tile(np.arange(per_region) == 0, n_regions)
    spread = np.where(is_town, 1.0, rng.uniform(4, 15, len(region)))
    turn = rng.uniform(0, 2 * np.pi, len(region))
    share = np.where(is_town, 2.6, rng.uniform(0.5, 1.3, len(region))) * np.where(region == 0, 1.6, 1.0)
    remote = 62.0  # kilometres from the prefecture's seat, beyond every county town
    townships = pd.DataFrame(
        {
            "region": np.append(region, 1),
            "longitude": np.append(longitude[region] + spread * np.cos(turn) / _KM_PER_DEGREE_EAST, 112.0),
            "latitude": np.append(
                latitude[region] + spread * np.sin(turn) / _KM_PER_DEGREE_NORTH, 30.0 + remote / _KM_PER_DEGREE_NORTH
            ),
            "people_share": np.append(share / share.sum(), min(0.03, _VILLAGE_PERSONS / n_persons)),
        }
    )
    townships["people_share"] /= townships["people_share"].sum()
    townships["township_code"] = [
        f"{regions['region_code'][r]}{i + 1:03d}" for i, r in enumerate(townships["region"].tolist())
    ]
    return Geography(regions, townships)
