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


def _choose(generator: np.random.Generator, weights: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    cumulated = np.cumsum(weights)
    return np.searchsorted(cumulated, generator.random(size) * cumulated[-1], side="right").astype(np.int64)


def make_city(
    *,
    seed: int,
    n_patients: int = 8_000,
    n_areas: int = 9,
    clinics_per_area: int = 14,
    pharmacies_per_area: int = 10,
    n_rings: int = 4,
    ring_size: tuple[int, int] = (4, 8),
    ring_patients: tuple[int, int] = (40, 80),
    density: tuple[float, float] = (0.5, 0.8),
    chronic_share: float = 0.03,
) -> RingCity:
    """Invent a city: 70/20/10 % of visits to own, near and far areas, doorstep pharmacies, heavy-tailed popularity.

    Ring patients keep honest visits too (camouflage). Patients with a chronic disease go to its two centres and their two
    pharmacies wherever they live.

    Parameters
    ----------
    seed : int
    n_patients, n_areas, clinics_per_area, pharmacies_per_area, n_rings : int
    ring_size, ring_patients : (int, int)
        Least and most providers and patients of a ring.
    density : (float, float)
        Chance that a ring patient visits a ring provider.
    chronic_share : float
        Share of patients with each of two chronic diseases.
    """
    generator = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(n_areas)))
    per_area = {0: clinics_per_area, 1: pharmacies_per_area}
    kind = np.tile(np.repeat([0, 1], [per_area[0], per_area[1]]), n_areas)
    area = np.repeat(np.arange(n_areas), per_area[0] + per_area[1])
    popularity = generator.pareto(1.6, len(kind)) + 0.3
    home = generator.integers(0, n_areas, n_patients)
    disease = generator.choice(3, n_patients, p=[1 - 2 * chronic_share, chronic_share, chronic_share])
    near = [
        [
            other
            for other in range(n_areas)
            if other != one and abs(other // side - one // side) <= 1 and abs(other % side - one % side) <= 1
        ]
        or [one]
        for one in range(n_areas)
    ]
    clinics = [np.flatnonzero((area == one) & (kind == 0)) for one in range(n_areas)]
    pharmacies = [np.flatnonzero((area == one) & (kind == 1)) for one in range(n_areas)]
    doorstep = np.zeros(len(kind), dtype=np.int64)
    for one in range(n_areas):
        doorstep[clinics[one]] = generator.choice(pharmacies[one], len(clinics[one]))
    patients: list[NDArray[np.int64]] = []
    providers: list[NDArray[np.int64]] = []
    n_visits = 1 + generator.poisson(2.5, n_patients)
    visitor = np.repeat(np.arange(n_patients), n_visits)
    reach = generator.choice(3, len(visitor), p=[0.7, 0.2, 0.1])
    place = home[visitor].copy()
    for one in range(n_areas):
        is_near = (reach == 1) & (home[visitor] == one)
        place[is_near] = generator.choice(near[one], int(is_near.sum()))
    place[reach == 2] = generator.integers(0, n_areas, int((reach == 2).sum()))
    clinic, shop = np.empty(len(visitor), dtype=np.int64), np.empty(len(visitor), dtype=np.int64)
    for one in range(n_areas):
        here = place == one
        clinic[here] = clinics[one][_choose(generator, popularity[clinics[one]], int(here.sum()))]
        shop[here] = pharmacies[one][_choose(generator, popularity[pharmacies[one]], int(here.sum()))]
    to_door = generator.random(len(visitor)) < 0.25
    shop = np.where(to_door, doorstep[clinic], shop)
    buys = to_door | (generator.random(len(visitor)) < 0.6)
    patients += [visitor, visitor[buys]]
    providers += [clinic, shop[buys]]
    for code in (1, 2):
        sick = np.flatnonzero(disease == code)
        centres = np.concatenate([generator.choice(np.flatnonzero(kind == one), 2, replace=False) for one in (0, 1)])
        for centre in centres:
            goes = sick[generator.random(len(sick)) < 0.7]
            patients.append(goes)
            providers.append(np.full(len(goes), centre))
    planted = []
    free = np.flatnonzero(disease == 0)
    for _ in range(n_rings):
        size = int(generator.integers(ring_size[0], ring_size[1] + 1))
        n_shops = max(1, size // 3)
        first = int(generator.integers(0, n_areas))
        reachable = [first, *near[first]]
        chosen = np.concatenate(
            [
                generator.choice(np.concatenate([clinics[one] for one in reachable]), size - n_shops, replace=False),
                generator.choice(np.concatenate([pharmacies[one] for one in reachable]), n_shops, replace=False),
            ]
        )
        pool = free[np.isin(home[free], reachable)]
        used = generator.choice(pool, min(len(pool), int(generator.integers(*ring_patients))), replace=False)
        share = generator.uniform(*density)
        went = generator.random((len(used), size)) < share
        row, column = np.nonzero(went)
        patients.append(used[row])
        providers.append(chosen[column])
        planted.append(
            (
                frozenset(f"V{one:06d}" for one in chosen),
                frozenset(f"P{one:08d}" for one in used[went.sum(axis=1) >= 2]),
            )
        )
    patient, provider = np.concatenate(patients), np.concatenate(providers)
    pair, n_settlements = np.unique(patient * len(kind) + provider, return_counts=True)
    patient, provider = pair // len(kind), pair % len(kind)
    day = generator.integers(0, 150, len(pair))
    start = np.datetime64("2026-01-01")
    edges = pd.DataFrame(
        {
            "person_id": np.char.mod("P%08d", patient).astype(object),
            "provider_id": np.char.mod("V%06d", provider).astype(object),
            "n_settlements": n_settlements,
            "amount": (generator.lognormal(9.5, 0.8, len(pair)) * n_settlements).astype(np.int64),
            "first_date": start + day,
            "last_date": start + day + generator.integers(0, 30, len(pair)),
        }
    )
    persons = pd.DataFrame(
        {
            "person_id": np.char.mod("P%08d", np.arange(n_patients)).astype(object),
            "area": np.char.mod("A%03d", home).astype(object),
            "disease_class": np.array(["none", "dialysis", "oncology"], dtype=object)[disease],
        }
    )
    table = pd.DataFrame(
        {
            "provider_id": np.char.mod("V%06d", np.arange(len(kind))).astype(object),
            "kind": np.array(["issuer", "pharmacy"], dtype=object)[kind],
            "area": np.char.mod("A%03d", area).astype(object),
            "group_id": None,
            "longitude": 113.0 + (area % side) * 0.1 + generator.normal(0, 0.02, len(kind)),
            "latitude": 29.0 + (area // side) * 0.1 + generator.normal(0, 0.02, len(kind)),
            "type": np.array(["clinic", "pharmacy"], dtype=object)[kind],
        }
    )
    return RingCity(edges, persons, table, tuple(planted))
