"""Surgery that needs no night: cataracts, hernias and a look into the stomach, planned some days ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.synthetic.care.bills import DAY_SURGERY, NONE, Bills
from experiments.synthetic.randomness import stream, uniform
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.presence import Presence
    from experiments.synthetic.world.world import World

_OFFERED = 0.6  # share of the hospitals that have a ward for the day
_LEFT, _RIGHT = 1, 2  # places in bills.SITES
_SECOND_EYE = 0.4
_SECOND_EYE_DAYS = (14, 43)


@dataclass(frozen=True)
class _Operation:
    """What is done in a day: diagnosis, service, implant, anaesthesia, operations a year and the ages they are for."""

    diagnosis: str
    service: str
    implant: str
    asleep: bool
    a_year: float
    youngest: int
    oldest: int


_CATARACT = _Operation("H25.900", "白内障超声乳化摘除术", "人工晶体", False, 0.0044, 58, 92)
_OPERATIONS = (
    _CATARACT,
    _Operation("K40.900", "腹股沟疝修补术", "疝修补补片", True, 0.0014, 18, 80),
    _Operation("K29.500", "电子胃镜检查", "", True, 0.0030, 25, 75),
)


def bill_day_surgery(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Bill the day surgery of a month, with the second eyes of those whose first was done some weeks before."""
    for operation in _OPERATIONS:
        rng = stream(world.seed, f"day surgery/{operation.diagnosis}")
        person, day, site = _appointments(world, rng, operation)
        on = (day >= month.first_day) & (day <= month.last_day)
        first = np.ones(len(person), bool)
        rows = [(person[on], day[on], site[on], ~first[on])]
        if operation is _CATARACT:
            number = person * 10_000 + day
            back = uniform(number, world.seed, "second eye") < _SECOND_EYE
            low, high = _SECOND_EYE_DAYS
            second = day + low + (uniform(number, world.seed, "second eye/day") * (high - low)).astype(np.int64)
            second = _on_weekdays(world, second)
            on = back & (second >= month.first_day) & (second <= month.last_day)
            rows.append((person[on], second[on], _LEFT + _RIGHT - site[on], first[on]))
        who, when, side, again = (np.concatenate(part) for part in zip(*rows, strict=True))
        free = presence.is_free(who, when)
        _bill(world, bills, month, operation, _Booked(who[free], when[free], side[free], again[free].astype(bool)))


class _Booked(NamedTuple):
    """One element per operation: who, when, on which side, and whether it is the second."""

    person: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    site: npt.NDArray[np.int64]
    again: npt.NDArray[np.bool_]


def _appointments(
    world: World, rng: np.random.Generator, operation: _Operation
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Draw who is operated when and on which side, over the window and the weeks before; once a person."""
    people, (_, before) = world.people, _SECOND_EYE_DAYS
    span = world.calendar.n_days + before
    fit = (people.age >= operation.youngest) & (people.age <= operation.oldest)
    if operation.diagnosis == "K40.900":
        fit &= ~people.female
    able = np.flatnonzero(fit)
    person = able[rng.random(len(able)) < operation.a_year * len(people) / max(1, len(able)) * span / 365]
    day = _on_weekdays(world, rng.integers(-before, world.calendar.n_days, len(person)))
    return person, day, rng.integers(_LEFT, _RIGHT + 1, len(person))


def _on_weekdays(world: World, day: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    weekday = (day + world.calendar.first.weekday()) % 7
    moved: npt.NDArray[np.int64] = np.where(weekday >= 5, day + 7 - weekday, day)
    return moved


def _hospitals(world: World) -> npt.NDArray[np.int64]:
    """Return the hospitals that operate by day; where none does, the first tertiary one."""
    among = world.places.of_kind("tertiary", "secondary")
    among = among[among != world.places.oncology_hospital]
    offer: npt.NDArray[np.int64] = among[uniform(among, world.seed, "day surgery") < _OFFERED]
    return offer if len(offer) else among[:1]


def _bill(world: World, bills: Bills, month: Month, operation: _Operation, booked: _Booked) -> None:
    rng = stream(world.seed, f"day surgery/{operation.diagnosis}/{month.name}")
    person, day, site, again = booked
    n, catalogue, places = len(person), world.catalogue, world.places
    hospitals = _hospitals(world)
    # The second eye is done where the first was.
    provider = hospitals[(uniform(person, world.seed, "day surgery/hospital") * len(hospitals)).astype(np.int64)]
    start = day * DAY + (7.3 * HOUR + 1.5 * HOUR * rng.random(n)).astype(np.int64)
    time = start + (HOUR * rng.uniform(1.0, 4.5, n)).astype(np.int64)
    leaves = time + (HOUR * rng.uniform(2.0, 4.0, n)).astype(np.int64)
    doctor, nurse, technician = (places.rota(role, provider, day) for role in ("doctor", "nurse", "technician"))
    surgeon = places.on_duty("doctor", provider, day, rng.integers(0, 1_000, n))
    dx1 = catalogue.diagnoses["code"].tolist().index(operation.diagnosis)
    cut = bool(operation.implant)
    draft = bills.open(
        f"day surgery/{operation.diagnosis}/{month.name}",
        n,
        person=person,
        provider=provider,
        encounter=DAY_SURGERY,
        start=start,
        end=leaves,
        settle=leaves + rng.integers(600, 2 * HOUR, n),
        doctor=doctor,
        surgeon=surgeon if cut else NONE,
        dx1=dx1,
        surgery=dx1 if cut else NONE,
        surgery_time=time if cut else 0,
        is_planned=again,
    )
    bills.charge(draft, catalogue.item("普通门诊诊察"), start, prescriber=doctor)
    bills.charge(draft, catalogue.item("主治医师诊察"), start + 300, prescriber=doctor, executor=doctor)
    for name, share in (("血细胞分析", 0.95), ("凝血功能组合", 0.8), ("常规心电图", 0.7)):
        on = rng.random(n) < share
        bills.charge(draft[on], catalogue.item(name), start[on] + 900, prescriber=doctor[on], executor=technician[on])
    sided = site if operation is _CATARACT else 0
    bills.charge(draft, catalogue.item(operation.service), time, prescriber=doctor, executor=surgeon, site=sided)
    if operation.asleep:
        anaesthetist = places.on_duty("doctor", provider, day, surgeon + 3)
        bills.charge(draft, catalogue.item("全身麻醉"), time - 900, prescriber=doctor, executor=anaesthetist)
    if cut:
        bills.charge(draft, catalogue.item("手术室使用费"), time, prescriber=doctor)
        bills.charge(draft, catalogue.item(operation.implant), time + 900, prescriber=surgeon, site=sided)
    bills.charge(draft, catalogue.item("日间手术观察床位费"), leaves - 600, prescriber=doctor)
    bills.charge(draft, catalogue.item("静脉输液"), time + HOUR, prescriber=doctor, executor=nurse)
    bills.charge(draft, catalogue.item("一次性输液器"), time + HOUR, prescriber=doctor)
