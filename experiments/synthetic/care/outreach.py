"""Outreach clinics: experts of a tertiary hospital see a township's patients in one week, each with a referral."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import OUTPATIENT, Bills
from experiments.synthetic.randomness import stream
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.presence import Presence
    from experiments.synthetic.world.world import World

_CLINICS_A_MONTH = 0.6  # of a tertiary hospital
_LARGEST = 36
_OF_TOWNSHIP = 0.03  # share of its adults over forty who come at most
_YOUNGEST = 40


def bill_outreach(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Bill the expert clinics of a month: one expert, one township, one to three days of one week."""
    rng = stream(world.seed, f"outreach/{month.name}")
    hospitals = world.places.of_kind("tertiary")
    townships = np.arange(world.geography.village)
    adults = world.people.age >= _YOUNGEST
    for hospital in hospitals[rng.random(len(hospitals)) < _CLINICS_A_MONTH].tolist():
        township = int(rng.choice(townships))
        among = np.flatnonzero(adults & (world.people.township == township))
        weekday = (month.first_day + world.calendar.first.weekday()) % 7
        monday = month.first_day + (7 - weekday) % 7 + 7 * int(rng.integers(0, 3))
        n = int(min(_LARGEST * rng.uniform(0.5, 1.0), _OF_TOWNSHIP * len(among)))
        ill = 1 + 3.0 * world.people.conditions[among][:, :5].any(axis=1)
        person = np.sort(rng.choice(among, n, replace=False, p=ill / ill.sum())) if n else among[:0]
        day = monday + rng.integers(0, int(rng.integers(1, 4)), n)
        free = presence.is_free(person, day)
        expert = world.places.staff("doctor", np.array([hospital]), rng.integers(0, 1_000, 1))
        source = f"outreach/{month.name}/{hospital}"
        _bill_clinic(
            world, bills, rng, source, hospital=hospital, doctor=int(expert[0]), person=person[free], day=day[free]
        )


def _bill_clinic(
    world: World,
    bills: Bills,
    rng: np.random.Generator,
    source: str,
    *,
    hospital: int,
    doctor: int,
    person: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
) -> None:
    n, catalogue = len(person), world.catalogue
    time = day * DAY + (8.5 * HOUR + 7 * HOUR * rng.random(n)).astype(np.int64)
    conditions = world.people.conditions[person][:, :5]
    ill = conditions.any(axis=1)
    acute = catalogue.diagnoses_of("acute")
    aching = acute[np.flatnonzero(catalogue.diagnoses["group"].to_numpy()[acute] == "pain")]
    dx1 = np.where(ill, catalogue.diagnoses_of("chronic")[conditions.argmax(axis=1)], rng.choice(aching, n))
    draft = bills.open(
        source,
        n,
        person=person,
        provider=hospital,
        encounter=OUTPATIENT,
        start=time,
        end=time,
        settle=time + rng.integers(600, 2 * HOUR, n),
        doctor=doctor,
        dx1=dx1,
        referral=bills.numbers(f"referral/{source}", n),
    )
    bills.charge(draft, catalogue.item("普通门诊诊察"), time, prescriber=doctor)
    bills.charge(draft, catalogue.item("专家诊察"), time + 60, prescriber=doctor, executor=doctor)
    for name, share in (("常规心电图", 0.4), ("彩色多普勒超声", 0.3)):
        on = rng.random(n) < share
        bills.charge(draft[on], catalogue.item(name), time[on] + 900, prescriber=doctor, executor=doctor)
    groups = catalogue.diagnoses["group"].to_numpy()[dx1]
    for name in sorted(set(groups.tolist())):
        mine = np.flatnonzero((groups == name) & (rng.random(n) < 0.7))
        item = rng.choice(catalogue.group(name), len(mine))
        supply = catalogue.items["days_per_pack"].to_numpy(float)[item].astype(np.int64)
        bills.charge(draft[mine], item, time[mine] + 1_500, days_supply=supply, prescriber=doctor)
