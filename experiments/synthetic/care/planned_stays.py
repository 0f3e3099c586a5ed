"""Stays planned at an earlier one: cycles of chemotherapy, the second eye or stent, plates that come out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.randomness import stream
from experiments.synthetic.world.people import CONDITIONS

if TYPE_CHECKING:
    from experiments.synthetic.world.world import World

_CYCLES = ((14, 2), (21, 3))  # chemotherapy: days from one admission to the next, and days of each stay
# diagnosis: share that comes back for the other side or the next vessel, after how many days, and for how many
_STAGED = {
    "H25.900": (0.35, (14, 43), (1, 3)),
    "I25.100": (0.14, (28, 50), (3, 6)),
    "M17.900": (0.08, (80, 150), (8, 13)),
}
_REMOVALS_A_YEAR = 0.0009  # per insured: plates of fractures six to eighteen months ago, most before the window


def cycles(world: World, lead_days: int) -> pd.DataFrame:
    """Chemotherapy: planned stays of two or three days every 14 or 21 days at the oncology hospital.

    Parameters
    ----------
    world : World
        The city.
    lead_days : int
        Days before the window from which a first cycle may date.

    Returns
    -------
    DataFrame
        One row per stay: person, provider, dx1, day, days, is_planned.
    """
    rng = stream(world.seed, "admissions/chemotherapy")
    people, dx = world.people, world.catalogue.diagnoses
    ill = np.flatnonzero(people.conditions[:, CONDITIONS.index("oncology")] & (people.age > 20))
    person = ill[rng.random(len(ill)) < 0.35]
    n = len(person)
    places = world.catalogue.diagnoses_of("oncology")
    chosen = places[rng.integers(0, len(places), n)]
    breast = dx["gender"].fillna("").to_numpy()[chosen] == "female"
    chosen = np.where(breast & ~people.female[person], places[0], chosen)
    regimen = rng.integers(0, len(_CYCLES), n)
    first = rng.integers(-lead_days, max(1, world.calendar.n_days - 40), n)
    number = rng.integers(3, 8, n)
    parts = []
    for cycle in range(8):
        on = number > cycle
        gap, days = (np.array([_CYCLES[r][i] for r in regimen], np.int64) for i in (0, 1))
        late = rng.integers(0, 3, n)  # blood counts recover late
        parts.append(
            pd.DataFrame(
                {
                    "person": person[on],
                    "provider": world.places.oncology_hospital,
                    "dx1": chosen[on],
                    "day": (first + cycle * gap + late)[on],
                    "days": days[on],
                    "is_planned": cycle > 0,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def staged(world: World, stays: pd.DataFrame) -> pd.DataFrame:
    """Second operations that the first was planned with: same illness, same hospital, some weeks later."""
    rng = stream(world.seed, "admissions/staged")
    parts = []
    code = world.catalogue.diagnoses["code"].to_numpy()[stays["dx1"]]
    first_time = ~stays["is_planned"].to_numpy(bool)
    for dx, (share, gap, nights) in _STAGED.items():
        base = stays[first_time & (code == dx) & (rng.random(len(stays)) < share)]
        n = len(base)
        parts.append(
            base.assign(
                day=base["day"] + base["days"] + rng.integers(*gap, n),
                days=rng.integers(*nights, n),
                is_planned=True,
            )
        )
    return pd.concat(parts, ignore_index=True)


def removals(world: World) -> pd.DataFrame:
    """Plates and screws taken out months after a fracture: planned, short, at a hospital that operates."""
    rng = stream(world.seed, "admissions/removals")
    people, calendar = world.people, world.calendar
    adults = np.flatnonzero((people.age >= 16) & (people.age <= 80))
    n = int(rng.poisson(_REMOVALS_A_YEAR * len(people) * calendar.n_days / 365))
    person = rng.choice(adults, min(n, len(adults)), replace=False)
    near, high = world.choose(rng, "secondary", person), world.choose(rng, "tertiary", person)
    small = (world.places.providers["provider_level"] == "primary").to_numpy()[near]
    return pd.DataFrame(
        {
            "person": person,
            "provider": np.where(small, high, near),
            "dx1": int(world.catalogue.diagnoses_of("aftercare")[0]),
            "day": calendar.draw_days(rng, len(person), "admission"),
            "days": rng.integers(4, 9, len(person)),
            "is_planned": True,
        }
    )
