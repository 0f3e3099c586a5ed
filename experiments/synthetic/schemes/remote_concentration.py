"""P14: an agent collects the people of one township and brings them by bus to a hospital far away, to lie in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import NOTHING_AT_THE_TILL, ORDINARY, Bills
from experiments.synthetic.schemes.parts.stays import Admissions, free_persons, plant_stays
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

_CODE = "P14"
_PEOPLE = {"small": 10, "medium": 40, "large": 120}
_REACHED = (("small", 0), ("medium", 20), ("large", 70))  # least number of people, near the geometric means
_A_WEEK = 60  # more than that in one week fills every bed: the agent comes back weeks later
_MILD = ("J06.900", "J20.900", "K29.500", "M54.500", "R51.x00", "I10.x00")
_WORN = ("M17.900", "M51.202", "J44.100", "I25.100", "K80.200")  # what an expert sends on to a ward
_OUTREACH = "an expert's outreach day in the township: each patient was referred, several doctors treat them"


def _far_township(stage: Stage, rng: np.random.Generator, hospital: int, wanted: int) -> int:
    """Draw a township of another region with enough idle adults, the farther the rather."""
    world = stage.world
    place = world.places.providers
    east, north = (place[c].to_numpy()[[hospital]] for c in ("longitude", "latitude"))
    distance = world.geography.kilometres(east, north)[:, 0]
    adults = np.bincount(world.people.township[stage.idle_adults()], minlength=len(distance))
    fit = world.geography.townships["region"].to_numpy() != place["region"].to_numpy()[hospital]
    fit[world.geography.village] = False
    if not (fit & (adults > 0)).any():
        raise NoRoomError("no township is far enough")
    enough = fit & (adults >= 2 * wanted)
    able = np.flatnonzero(enough) if enough.any() else np.array([np.argmax(np.where(fit, adults, -1))])
    weight = distance[able] ** 2
    return int(rng.choice(able, p=weight / weight.sum()))


def _hospital(stage: Stage, rng: np.random.Generator, wanted: int, *kinds: str) -> int:
    """Draw a hospital that has beds for those who come in one week."""
    idle = stage.idle(*kinds)
    idle = idle[idle != stage.world.places.oncology_hospital]
    beds = stage.world.places.providers["licensed_beds"].to_numpy()[idle]
    roomy = idle[beds >= 0.7 * min(wanted, _A_WEEK)]
    return stage.host(rng, *kinds, among=roomy if len(roomy) else idle)


def _busloads(rng: np.random.Generator, n: int, first: int, last: int) -> list[tuple[int, int]]:
    """Return day and number of people of each bus: some buses within a week or so, and again weeks later."""
    weeks = -(-n // _A_WEEK)
    begins = first + int(rng.integers(0, max(1, (last - first) // 2))) + np.arange(weeks) * int(rng.integers(18, 32))
    loads = []
    for begin, people in zip(begins.tolist(), np.array_split(np.arange(n), weeks), strict=True):
        buses = max(1, round(len(people) / rng.uniform(9, 20)))
        days = np.sort(rng.choice(9, min(buses, 7), replace=False)) + begin
        shares = rng.multinomial(len(people), rng.dirichlet(np.full(len(days), 6.0)))
        loads += [(int(day), int(share)) for day, share in zip(days, shares, strict=True) if share]
    return loads


@dataclass(frozen=True)
class _Trip:
    """From where to where, with the day and the number of people of each bus."""

    hospital: int
    township: int
    loads: list[tuple[int, int]]


def _admit(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    trip: _Trip,
    *,
    diagnoses: tuple[str, ...],
    doctor_of: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.int64]],
    pays: int,
) -> npt.NDArray[np.int64]:
    """Admit busloads, each person once, and return the drafts kept."""
    world, bills = stage.world, Bills()
    codes = world.catalogue.diagnoses["code"].tolist()
    among = np.array([codes.index(code) for code in diagnoses])
    for number, (day, load) in enumerate(trip.loads):
        adults = stage.idle_adults()
        adults = adults[world.people.township[adults] == trip.township]
        free = free_persons(stage, rng, adults, day, day + 8)
        older = free[np.argsort(-(world.people.age[free] + 18 * rng.standard_normal(len(free))), kind="stable")]
        person = older[:load]
        stage.busy_persons.update(person.tolist())
        arrives = day * DAY + int(rng.uniform(9.0, 14.5) * HOUR)
        start = arrives + np.cumsum(rng.integers(90, 420, len(person)))  # one after the other at the desk
        plant_stays(
            stage,
            bills,
            rng,
            f"{source}/{number}",
            Admissions(
                person=person,
                provider=trip.hospital,
                start=start,
                nights=np.clip(int(rng.integers(3, 6)) + rng.integers(-1, 3, len(person)), 2, 7),
                dx1=rng.choice(among, len(person)),
                doctor=doctor_of(start),
            ),
            pays=pays,
        )
    return stage.add(bills)


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant an agent, the township he works in and the hospital he brings people to."""
    rng = stage.rng(_CODE, str(number))
    wanted = _PEOPLE[size]
    hospital = _hospital(stage, rng, wanted, "secondary", "township")
    township = _far_township(stage, rng, hospital, wanted)
    staff = stage.world.places.providers
    doctor = int(staff["first_doctor"].to_numpy()[hospital] + rng.integers(0, staff["n_doctors"].to_numpy()[hospital]))
    first, last = stage.window(rng)
    n_days = stage.world.calendar.n_days
    loads = _busloads(rng, wanted, first, min(last, n_days - 50))
    drafts = _admit(
        stage,
        rng,
        f"{_CODE}/{number}",
        _Trip(hospital, township, [(day, load) for day, load in loads if day + 9 < n_days]),
        diagnoses=tuple(rng.choice(_MILD, 4, replace=False).tolist()),
        doctor_of=lambda start: np.full(len(start), doctor),
        pays=NOTHING_AT_THE_TILL if rng.random() < 0.4 else ORDINARY,  # some agents pay the patient's part
    )
    visits = stage.visits
    visits = visits[np.isin(visits["draft"].to_numpy(), drafts)]
    if not len(visits):
        return
    person, day = visits["person"].to_numpy(), visits["start"].to_numpy() // DAY
    reached = [name for name, least in _REACHED if len(visits) >= least][-1]
    truth, ring = stage.truth, f"{_CODE}-{number + 1}"
    truth.add_provider(hospital, _CODE, int(day.min()), int(visits["settle"].max()) // DAY, reached)
    truth.add_patients(_CODE, person, day)
    truth.add_practitioners(_CODE, [doctor])
    truth.add_settlements(_CODE, visits["draft"].to_numpy())
    truth.rings += [(ring, "hospital", hospital), (ring, "practitioner", doctor)]
    truth.rings += [(ring, "patient", int(p)) for p in np.unique(person)]


def plant_twin(stage: Stage) -> None:
    """Let an expert hold an outreach day in a township and refer who needs a ward to the hospital far away."""
    rng = stage.rng(_CODE, "twin")
    wanted = int(rng.integers(18, 30))
    hospital = _hospital(stage, rng, wanted, "secondary", "tertiary", "township")
    township = _far_township(stage, rng, hospital, wanted)
    n_days = stage.world.calendar.n_days
    begin = int(rng.integers(1, max(2, n_days - 20)))
    days = begin + np.sort(rng.choice(7, 4, replace=False))
    loads = list(zip(days.tolist(), rng.multinomial(wanted, np.full(4, 0.25)).tolist(), strict=True))
    drafts = _admit(
        stage,
        rng,
        f"{_CODE}/outreach",
        _Trip(hospital, township, loads),
        diagnoses=_WORN,
        doctor_of=lambda start: stage.world.places.rota("doctor", np.full(len(start), hospital), start // DAY),
        pays=ORDINARY,
    )
    visits = stage.visits
    visits = visits[np.isin(visits["draft"].to_numpy(), drafts)]
    stage.revise(visits=visits.assign(referral=visits["draft"]))
    stage.truth.add_twins("provider", [hospital], _CODE, _OUTREACH)
    stage.truth.add_twins("patient", np.unique(visits["person"].to_numpy()), _CODE, _OUTREACH)


REMOTE_CONCENTRATION = Scheme(_CODE, 400, plant, plant_twin)
