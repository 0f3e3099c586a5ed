"""An invented network of patients and providers with planted rings, for measuring and testing the ring search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class RingCity:
    """Link tables and the providers and patients of each planted ring."""

    edges: pd.DataFrame
    persons: pd.DataFrame
    providers: pd.DataFrame
    rings: tuple[tuple[frozenset[str], frozenset[str]], ...]


class _Plan:
    """Where everybody lives and works; draws visits with one generator."""

    def __init__(
        self, seed: int, n_patients: int, n_areas: int, per_area: tuple[int, int], chronic_share: float
    ) -> None:
        self.generator = np.random.default_rng(seed)
        self.n_areas = n_areas
        self.side = int(np.ceil(np.sqrt(n_areas)))
        self.kind = np.tile(np.repeat([0, 1], per_area), n_areas)
        self.area = np.repeat(np.arange(n_areas), sum(per_area))
        self.popularity = self.generator.pareto(1.6, len(self.kind)) + 0.3
        self.home = self.generator.integers(0, n_areas, n_patients)
        shares = [1 - 2 * chronic_share, chronic_share, chronic_share]
        self.disease = self.generator.choice(3, n_patients, p=shares)
        self.near = [self._neighbours(one) for one in range(n_areas)]

    def _neighbours(self, one: int) -> list[int]:
        near = [
            other
            for other in range(self.n_areas)
            if other != one
            and abs(other // self.side - one // self.side) <= 1
            and abs(other % self.side - one % self.side) <= 1
        ]
        return near or [one]

    def there(self, area: int, kind: int) -> NDArray[np.int64]:
        """Return the providers of one area and type."""
        return np.flatnonzero((self.area == area) & (self.kind == kind))

    def draw(self, among: NDArray[np.int64], size: int) -> NDArray[np.int64]:
        """Draw providers by popularity."""
        cumulated = np.cumsum(self.popularity[among])
        drawn = np.searchsorted(cumulated, self.generator.random(size) * cumulated[-1], side="right")
        return np.asarray(among[drawn], dtype=np.int64)

    def honest_visits(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Visits to clinics of own, near and far areas, and to pharmacies: some on the doorstep, some anywhere near."""
        visitor = np.repeat(np.arange(len(self.home)), 1 + self.generator.poisson(2.5, len(self.home)))
        reach = self.generator.choice(3, len(visitor), p=[0.7, 0.2, 0.1])
        place = self.home[visitor].copy()
        for one in range(self.n_areas):
            is_near = (reach == 1) & (self.home[visitor] == one)
            place[is_near] = self.generator.choice(self.near[one], int(is_near.sum()))
        place[reach == 2] = self.generator.integers(0, self.n_areas, int((reach == 2).sum()))
        clinic, shop = np.empty(len(visitor), dtype=np.int64), np.empty(len(visitor), dtype=np.int64)
        doorstep = np.zeros(len(self.kind), dtype=np.int64)
        for one in range(self.n_areas):
            here, clinics, shops = place == one, self.there(one, 0), self.there(one, 1)
            clinic[here] = self.draw(clinics, int(here.sum()))
            shop[here] = self.draw(shops, int(here.sum()))
            doorstep[clinics] = self.generator.choice(shops, len(clinics))
        to_door = self.generator.random(len(visitor)) < 0.25
        buys = to_door | (self.generator.random(len(visitor)) < 0.6)
        shop = np.where(to_door, doorstep[clinic], shop)
        return [(visitor, clinic), (visitor[buys], shop[buys])]

    def chronic_visits(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Visits of each chronic disease to its two centres and two pharmacies, wherever the patients live."""
        visits = []
        for code in (1, 2):
            sick = np.flatnonzero(self.disease == code)
            for kind in (0, 1):
                for centre in self.generator.choice(np.flatnonzero(self.kind == kind), 2, replace=False):
                    goes = sick[self.generator.random(len(sick)) < 0.7]
                    visits.append((goes, np.full(len(goes), centre)))
        return visits

    def plant_ring(
        self, size: int, n_patients: int, density: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Choose providers of one neighbourhood, patients from there, and who of them went where."""
        first = int(self.generator.integers(0, self.n_areas))
        reachable = [first, *self.near[first]]
        n_shops = max(1, size // 3)
        chosen = [
            self.generator.choice(np.concatenate([self.there(one, kind) for one in reachable]), number, replace=False)
            for kind, number in ((0, size - n_shops), (1, n_shops))
        ]
        pool = np.flatnonzero((self.disease == 0) & np.isin(self.home, reachable))
        used = self.generator.choice(pool, min(len(pool), n_patients), replace=False)
        return np.concatenate(chosen), used, self.generator.random((len(used), size)) < density

    def person_table(self) -> pd.DataFrame:
        """One row per person."""
        return pd.DataFrame(
            {
                "person_id": _names("P%08d", np.arange(len(self.home))),
                "area": _names("A%03d", self.home),
                "disease_class": np.array(["none", "dialysis", "oncology"], dtype=object)[self.disease],
            }
        )

    def provider_table(self) -> pd.DataFrame:
        """One row per provider."""
        return pd.DataFrame(
            {
                "provider_id": _names("V%06d", np.arange(len(self.kind))),
                "kind": np.array(["issuer", "pharmacy"], dtype=object)[self.kind],
                "area": _names("A%03d", self.area),
                "group_id": None,
                "longitude": 113.0 + (self.area % self.side) * 0.1 + self.generator.normal(0, 0.02, len(self.kind)),
                "latitude": 29.0 + (self.area // self.side) * 0.1 + self.generator.normal(0, 0.02, len(self.kind)),
                "type": np.array(["clinic", "pharmacy"], dtype=object)[self.kind],
            }
        )

    def edge_table(self, visits: list[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> pd.DataFrame:
        """One row per person and provider, with money and days."""
        patient, provider = (np.concatenate(column) for column in zip(*visits, strict=True))
        pair, n_settlements = np.unique(patient * len(self.kind) + provider, return_counts=True)
        day = np.datetime64("2026-01-01") + self.generator.integers(0, 150, len(pair))
        return pd.DataFrame(
            {
                "person_id": _names("P%08d", pair // len(self.kind)),
                "provider_id": _names("V%06d", pair % len(self.kind)),
                "n_settlements": n_settlements,
                "amount": (self.generator.lognormal(9.5, 0.8, len(pair)) * n_settlements).astype(np.int64),
                "first_date": day,
                "last_date": day + self.generator.integers(0, 30, len(pair)),
            }
        )


def _names(pattern: str, numbers: NDArray[np.int64]) -> NDArray[np.object_]:
    return np.char.mod(pattern, numbers).astype(object)


def make_city(
    *,
    seed: int,
    n_patients: int = 8_000,
    n_areas: int = 9,
    per_area: tuple[int, int] = (14, 10),
    n_rings: int = 4,
    ring_size: tuple[int, int] = (4, 8),
    ring_patients: tuple[int, int] = (50, 90),
    density: tuple[float, float] = (0.5, 0.8),
    chronic_share: float = 0.03,
) -> RingCity:
    """Invent a city: 70/20/10 % of visits to own, near and far areas, doorstep pharmacies, heavy-tailed popularity.

    Ring patients keep honest visits too (camouflage).

    Parameters
    ----------
    seed : int
    n_patients, n_areas, n_rings : int
    per_area : (int, int)
        Clinics and pharmacies of each area.
    ring_size, ring_patients : (int, int)
        Least and most providers and patients of a ring.
    density : (float, float)
        Chance that a ring patient visits a ring provider.
    chronic_share : float
        Share of patients with each of two chronic diseases, whose centres serve the whole city.
    """
    plan = _Plan(seed, n_patients, n_areas, per_area, chronic_share)
    visits = plan.honest_visits() + plan.chronic_visits()
    rings = []
    for _ in range(n_rings):
        size, n_used = (int(plan.generator.integers(low, high + 1)) for low, high in (ring_size, ring_patients))
        providers, patients, went = plan.plant_ring(size, n_used, plan.generator.uniform(*density))
        row, column = np.nonzero(went)
        visits.append((patients[row], providers[column]))
        regulars = patients[went.sum(axis=1) >= 2]
        rings.append((frozenset(_names("V%06d", providers)), frozenset(_names("P%08d", regulars))))
    return RingCity(plan.edge_table(visits), plan.person_table(), plan.provider_table(), tuple(rings))
