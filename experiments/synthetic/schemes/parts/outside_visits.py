"""Visits outside of people who are in hospital on paper, or on leave from it: a pharmacy, a clinic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import OUTPATIENT, PHARMACY, Bills
from experiments.synthetic.schemes.parts.shelves import largest_fill, unbound
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.schemes.scheme import Stage

_SHELVES = ("otc", "respiratory", "pain", "digestive")


def add_errands(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    person: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    to_clinic: float = 0.3,
) -> npt.NDArray[np.int64]:
    """Let persons buy something or see a clinic on given days, even though they lie in hospital.

    Parameters
    ----------
    stage : Stage
        The city.
    rng : Generator
        Of the scheme.
    source : str
        Name that gives the drafts their numbers.
    person, day : array
        One element per errand.
    to_clinic : float
        Share of errands that lead to a clinic.

    Returns
    -------
    array
        Drafts kept.
    """
    bills, world, n = Bills(), stage.world, len(person)
    catalogue = world.catalogue
    sick = rng.random(n) < to_clinic
    place = np.where(sick, world.choose(rng, "clinic", person), world.choose(rng, "pharmacy", person))
    time = day * DAY + np.where(
        sick, world.calendar.draw_seconds(rng, n, "clinic"), world.calendar.draw_seconds(rng, n, "pharmacy")
    )
    doctor = np.where(sick, world.places.staff("doctor", place, rng.integers(0, 100, n)), -1)
    colds = catalogue.diagnoses_of("acute")[:2]
    draft = bills.open(
        source,
        n,
        person=person,
        provider=place,
        encounter=np.where(sick, OUTPATIENT, PHARMACY),
        start=time,
        end=time,
        settle=time + rng.integers(30, 400, n),
        doctor=doctor,
        dx1=np.where(sick, colds[rng.integers(0, len(colds), n)], -1),
    )
    bills.charge(draft[sick], catalogue.item("普通门诊诊察"), time[sick], prescriber=doctor[sick])
    # Shops and clinics here are innocent: they sell nothing that the check at their till would stop.
    shelf = unbound(catalogue, np.concatenate([catalogue.group(name) for name in _SHELVES]))
    first = rng.integers(0, len(shelf), n)
    for j, on in enumerate((np.ones(n, bool), rng.random(n) < 0.5)):
        item = shelf[(first + j * int(rng.integers(1, len(shelf)))) % len(shelf)]
        packs = np.minimum(rng.choice((1, 2), n, p=(0.75, 0.25)), largest_fill(catalogue)[item]).astype(np.int64)
        bills.charge(draft[on], item[on], time[on] + 20, quantity=packs[on], prescriber=doctor[on])
    return stage.add(bills, even_in_hospital=True)
