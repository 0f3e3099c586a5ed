"""Providers of the provincial capital, outside the prefecture: two hospitals and one or two shops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.randomness import stream
from experiments.synthetic.world.places import Places

if TYPE_CHECKING:
    from experiments.synthetic.world.geography import Geography

OUTSIDE_HOSPITAL, OUTSIDE_PHARMACY = "outside_hospital", "outside_pharmacy"


def n_outside(n_providers: int) -> int:
    """Return how many of the providers lie outside the prefecture: two hospitals, one or two shops."""
    return 3 if n_providers < 200 else 4


def with_outside(places: Places, geography: Geography, n: int, seed: int) -> Places:
    """Add providers of the provincial capital to those of the city.

    Parameters
    ----------
    places : Places
        The city's own.
    geography : Geography
        Its last region is the capital.
    n : int
        How many: two of them hospitals.
    seed : int
        Of the city.

    Returns
    -------
    Places
        The same with hospitals and shops of the kinds `OUTSIDE_HOSPITAL` and `OUTSIDE_PHARMACY` at the end, and the
        hospitals' own staff. Their township is the city's first: who stands in the capital draws no shop near home.
    """
    rng = stream(seed, "outside")
    own, staff = places.providers, places.practitioners
    hospital, shop = (int(places.of_kind(kind)[0]) for kind in ("tertiary", "pharmacy"))
    model = np.array([hospital, hospital, *[shop] * (n - 2)])
    kind = np.where(model == hospital, OUTSIDE_HOSPITAL, OUTSIDE_PHARMACY)
    region = geography.regions.iloc[geography.capital]
    rows = own.iloc[model].assign(
        kind=kind,
        provider_name=[f"省会{'医院' if m == hospital else '大药房'}{i + 1}" for i, m in enumerate(model.tolist())],
        ownership=np.where(model == hospital, "public", "private"),
        region=geography.capital,
        township=0,
        longitude=(float(region["longitude"]) + rng.normal(0, 0.03, n)).round(5),
        latitude=(float(region["latitude"]) + rng.normal(0, 0.03, n)).round(5),
        group_id="",
        specialty=np.where(model == hospital, "general", ""),
        popularity=rng.lognormal(0, 0.3, n),
        price_factor=np.where(model == hospital, rng.uniform(0.99, 1.06, n), rng.uniform(1.0, 1.2, n)),
        agreement_days_before=rng.integers(200, 4_000, n),
    )
    parts, start = [staff], len(staff)
    for role in ("doctor", "nurse", "technician"):
        number = rows[f"n_{role}s"].to_numpy()
        rows[f"first_{role}"] = start + np.cumsum(number) - number
        start += int(number.sum())
        theirs = staff[(staff["provider"] == hospital) & (staff["role"] == role)]
        parts += [theirs.assign(provider=len(own) + place) for place in np.flatnonzero(number).tolist()]
    return Places(pd.concat([own, rows], ignore_index=True), pd.concat(parts, ignore_index=True))
