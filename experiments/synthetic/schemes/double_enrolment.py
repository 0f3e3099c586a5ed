"""P12: people are insured twice at once, as employees and as residents, and the residents' insurance pays for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.schemes.scheme import Scheme, Stage
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.people import NEVER

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "P12"
_PEOPLE = {"small": 5, "medium": 25, "large": 100}
_TWINS = 8
_RESIDENT = 1  # the insurance that has to give way to the employees'
_TRANSFER_DAYS = 31  # of overlap that a transfer may take
_TRANSFER = "moved from one insurance to the other: the spans overlap by some days of the month of transfer"


def _drawn(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    return stage.enlist(rng, stage.idle_adults(), n, fewest=2 * n)


def plant(stage: Stage, size: str, number: int) -> None:
    """Enrol some people a second time, by the other insurance of their region.

    Wrong is what the residents' insurance pays for who is an employee too, once a transfer would be over. Whoever is an
    employee by the first enrolment is enrolled in vain: nothing is paid twice.
    """
    rng = stage.rng(_CODE, str(number))
    people, world = _drawn(stage, rng, _PEOPLE[size]), stage.world
    region = world.geography.townships["region"].to_numpy()[world.people.township[people]]
    start = rng.integers(-200, max(1, world.calendar.n_days // 3), len(people))
    rows = zip(
        people.tolist(), (1 - world.people.insurance[people]).tolist(), region.tolist(), start.tolist(), strict=True
    )
    stage.register.enrolments += [(who, other, where, since, int(NEVER)) for who, other, where, since in rows]
    stage.truth.add_patients(_CODE, people, np.maximum(start, 0))
    since = np.full(len(world.people), int(NEVER))
    as_resident = world.people.insurance[people] == _RESIDENT
    since[people[as_resident]] = start[as_resident]
    visits = stage.visits
    draft, hanging = visits["draft"].to_numpy(), visits["same_encounter_as"].to_numpy()
    wrong = visits["start"].to_numpy() // DAY - since[visits["person"].to_numpy()] > _TRANSFER_DAYS
    # A bill that is reversed pays nothing, and what stands in its place is a bill of its own.
    reversed_ones = hanging[visits["reverses"].to_numpy() >= 0]
    wrong &= (visits["reverses"].to_numpy() < 0) & ~np.isin(draft, reversed_ones)
    stage.truth.add_settlements(_CODE, draft[wrong], if_paid=True)


def plant_twin(stage: Stage) -> None:
    """Let some people have left the other insurance within the month of transfer, long ago or lately."""
    rng = stage.rng(_CODE, "twin")
    people, world = _drawn(stage, rng, _TWINS), stage.world
    region = world.geography.townships["region"].to_numpy()[world.people.township[people]]
    other = 1 - world.people.insurance[people]
    # Everyone has been in the present insurance for a year at least, or joined with the first claim.
    for who, insurance, where in zip(people.tolist(), other.tolist(), region.tolist(), strict=True):
        start = int(rng.integers(0, max(1, world.calendar.n_days - 30)))
        stage.register.enrolments.append((who, insurance, where, start, start + int(rng.integers(3, 25))))
    stage.truth.add_twins("patient", people, _CODE, _TRANSFER)


DOUBLE_ENROLMENT = Scheme(_CODE, 1_200, plant, plant_twin)
