"""Ordinary stays: daily lines of bed, nursing, rounds, tests, drugs, surgery, and drugs to take home."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.synthetic.care.admissions import WARD, surgeries
from experiments.synthetic.care.bills import INPATIENT, NONE, Bills
from experiments.synthetic.care.drg import draw_complications
from experiments.synthetic.care.further_surgery import bill_further_surgery
from experiments.synthetic.care.illness_tests import bill_illness_tests
from experiments.synthetic.care.stay_days import StayDays, beginning, draw_beds
from experiments.synthetic.randomness import stream
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.people import CONDITIONS

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.world import World

_IMAGING = (  # item group, chance on the first day, chance on any later one
    ("ecg", 0.8, 0.03),
    ("ultrasound", 0.5, 0.02),
    ("xray", 0.35, 0.02),
    ("ct", 0.42, 0.025),
    ("mri", 0.12, 0.01),
)
LATEST_DAYS = 14  # after the discharge by which a stay is settled
_CYCLE_NIGHTS = 4  # a stay for cancer that is no longer was for chemotherapy
_OBSERVED = (0.0, 0.4, 1.0)  # added chance of oxygen and a monitor: without complication, with one, with a major one
_COMPLICATED_DOSES = (1.0, 1.3, 1.8)  # without complication, with one, with a major one
_DEAR = 0.09  # share of stays of weight 1 that get albumin or its like
_REGIMEN = 15  # drugs given in rotation during a stay


def bill_wards(world: World, bills: Bills, stays: pd.DataFrame, month: Month) -> None:
    """Bill the ordinary stays that begin in a month; the first month has those that began before the window too."""
    rng = stream(world.seed, f"wards/{month.name}")
    stays = beginning(stays, WARD, month)
    n = len(stays)
    person, provider, dx1 = (stays[c].to_numpy() for c in ("person", "provider", "dx1"))
    start, end = stays["start"].to_numpy(), stays["end"].to_numpy()
    doctor = world.places.rota("doctor", provider, start // DAY)
    operations = _operations(world, stays, rng)
    chronic = np.where(
        world.people.conditions[person].any(axis=1), world.people.conditions[person].argmax(axis=1), NONE
    )
    chronic_dx = world.catalogue.diagnoses_of("chronic")
    dx2 = np.where((chronic >= 0) & (chronic < 5), chronic_dx[np.clip(chronic, 0, 4)], NONE)
    acute = world.catalogue.diagnoses_of("acute")
    level, complication = draw_complications(world, rng, person)
    stays = stays.assign(complication=level)
    dx3 = np.where(rng.random(n) < 0.35, acute[rng.integers(0, 7, n)], NONE)
    dx3 = np.where(level > 0, complication, dx3)
    late = np.where(rng.random(n) < 0.04, rng.integers(1, LATEST_DAYS + 1, n) * DAY, 0)  # settled days after leaving
    late = np.where(end + late + 3 * HOUR < world.calendar.end, late, 0)
    settle = np.minimum(end + rng.integers(600, 3 * HOUR, n) + late, world.calendar.end - 60)
    draft = bills.open(
        f"ward/{month.name}",
        n,
        person=person,
        provider=provider,
        encounter=INPATIENT,
        start=start,
        end=end,
        settle=settle,
        is_stay=True,
        doctor=doctor,
        surgeon=operations.surgeon,
        dx1=dx1,
        dx2=np.where(dx2 == dx1, NONE, dx2),
        dx3=np.where((dx3 == dx1) | (dx3 == dx2), NONE, dx3),
        surgery=np.where(operations.item >= 0, dx1, NONE),
        surgery_time=operations.time,
        is_planned=stays["is_planned"].to_numpy(),
        is_dead=stays["is_dead"].to_numpy(),
        bed=draw_beds(world, rng, provider),
        filing=stays["filing"].to_numpy(),
    )
    _bill_surgery(world, bills, draft, operations, doctor=doctor, provider=provider)
    bill_further_surgery(world, bills, operations, draft=draft, provider=provider, month=month)
    days = StayDays.spread(bills, rng, draft=draft, doctor=doctor, start=start, end=end)
    ward = _Ward.of(world, stays, days)
    _bill_care(ward)
    _bill_drugs(ward)
    _bill_treatments(ward)
    _bill_leaving(ward)
    bill_illness_tests(
        world,
        replace(days, rng=stream(world.seed, f"wards/tests/{month.name}")),
        illness=dx1,
        complication=complication,
        technician=ward.technician,
    )


class Operations(NamedTuple):
    """One element per stay; item, surgeon and implant are NONE where there is none."""

    item: npt.NDArray[np.int64]
    surgeon: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]
    implant: npt.NDArray[np.int64]


def _operations(world: World, stays: pd.DataFrame, rng: np.random.Generator) -> Operations:
    n = len(stays)
    dx1, provider = stays["dx1"].to_numpy(), stays["provider"].to_numpy()
    start, end = stays["start"].to_numpy(), stays["end"].to_numpy()
    surgery, implant = np.full(n, NONE), np.full(n, NONE)
    luck = rng.random(n)
    able = (world.places.providers["kind"].to_numpy()[provider] != "township") & (end // DAY - start // DAY >= 2)
    for dx, operation in surgeries(world).items():
        on = able & (dx1 == dx) & (luck < operation.share)
        surgery[on], implant[on] = operation.item, operation.implant
    turn = rng.integers(0, 1_000, n)
    time = (start // DAY + 1) * DAY + (8.5 * HOUR + 6 * HOUR * rng.random(n)).astype(np.int64)
    surgeon = np.where(surgery >= 0, world.places.on_duty("doctor", provider, time // DAY, turn), NONE)
    return Operations(surgery, surgeon, time, implant)


def _bill_surgery(
    world: World,
    bills: Bills,
    draft: npt.NDArray[np.int64],
    operations: Operations,
    *,
    doctor: npt.NDArray[np.int64],
    provider: npt.NDArray[np.int64],
) -> None:
    surgery, surgeon, time, implant = operations
    on = surgery >= 0
    item = world.catalogue.item
    anaesthetist = world.places.on_duty("doctor", provider, time // DAY, surgeon + 3)
    bills.charge(draft[on], surgery[on], time[on], prescriber=doctor[on], executor=surgeon[on])
    bills.charge(draft[on], item("全身麻醉"), time[on] - 900, prescriber=doctor[on], executor=anaesthetist[on])
    bills.charge(draft[on], item("手术室使用费"), time[on], prescriber=doctor[on])
    with_implant = on & (implant >= 0)
    bills.charge(
        draft[with_implant], implant[with_implant], time[with_implant] + 1_800, prescriber=surgeon[with_implant]
    )


@dataclass(frozen=True)
class _Ward:
    """The stays of a month, spread over their days, with the nurse and the technician on duty on each."""

    world: World
    stays: pd.DataFrame
    days: StayDays
    nurse: npt.NDArray[np.int64]
    technician: npt.NDArray[np.int64]

    @classmethod
    def of(cls, world: World, stays: pd.DataFrame, days: StayDays) -> _Ward:
        """Put nurses and technicians on duty."""
        provider = stays["provider"].to_numpy()[days.of]
        nurse, technician = (world.places.rota(role, provider, days.day) for role in ("nurse", "technician"))
        return cls(world, stays, days, nurse, technician)


def _bill_care(ward: _Ward) -> None:
    """Bed, nursing, rounds; oxygen and a monitor for the gravely ill; tests at admission and now and then."""
    days, catalogue, number, of, rng = ward.days, ward.world.catalogue, ward.days.number, ward.days.of, ward.days.rng
    first, every = number == 0, days.every
    weight = catalogue.diagnoses["drg_weight"].to_numpy(float)[ward.stays["dx1"]]
    level = ward.stays["complication"].to_numpy()
    # Who has a major complication lies under observation, always.
    chance = np.clip(weight - 0.55, 0.03, 0.5) + np.asarray(_OBSERVED)[level]
    severe = (rng.random(len(ward.stays)) < chance)[of]
    days.charge(catalogue.item("普通床位费"), every, 20.0)
    days.charge(catalogue.item("一级护理"), severe & (number < 3), 7.5, ward.nurse)
    days.charge(catalogue.item("二级护理"), ~(severe & (number < 3)), 7.5, ward.nurse)
    days.charge(catalogue.item("住院诊查"), every, 8.2, days.doctor[of])
    days.charge(catalogue.item("吸氧"), severe & (number < 4), 9.0)
    days.charge(catalogue.item("心电监护"), severe & (number < 4), 9.0)
    for name in ("lab_basic", "lab_more"):
        for item in catalogue.group(name):
            days.charge(int(item), (first & (days.luck() < 0.72)) | (days.luck() < 0.13), 7.0, ward.technician)
    for name, at_start, later in _IMAGING:
        on = (first & (days.luck() < at_start)) | (days.luck() < later)
        days.charge(int(catalogue.group(name)[0]), on, 14.5, ward.technician)
    sugar = ward.world.people.conditions[ward.stays["person"].to_numpy(), CONDITIONS.index("diabetes")]
    days.charge(catalogue.item("血糖快速测定"), sugar[of], 6.5, quantity=4)


def _bill_drugs(ward: _Ward) -> None:
    """Give a regimen of drugs by drip, for some with a heavy hand; chemotherapy on the first day of a cycle."""
    days, catalogue, number, of, rng = ward.days, ward.world.catalogue, ward.days.number, ward.days.of, ward.days.rng
    n = len(ward.stays)
    on_drip = (rng.random(n) < 0.85)[of] & (days.luck() < 0.93)
    bottles = rng.integers(1, 4, len(of))
    days.charge(catalogue.item("静脉输液"), on_drip, 9.5, ward.nurse)
    days.charge(catalogue.item("一次性输液器"), on_drip, 9.5)
    days.charge(catalogue.item("一次性注射器"), on_drip, 9.4, quantity=bottles[on_drip] + 1)
    days.charge(catalogue.item("留置针"), on_drip & (number % 4 == 0), 9.3)
    shelf = catalogue.group("inpatient")
    drugs = np.argsort(rng.random((n, len(shelf))), axis=1)[:, :_REGIMEN]
    take = rng.integers(7, _REGIMEN + 1, n)
    # The sicker get more of everything: the heavy tail of bills.
    vigour = rng.lognormal(-0.06, 0.68, n) * np.asarray(_COMPLICATED_DOSES)[ward.stays["complication"].to_numpy()]
    for j in range(_REGIMEN):
        on = (take[of] > j) & (days.luck() < 0.88)
        doses = np.maximum(1, np.rint(rng.integers(1, 5, n) * vigour)).astype(np.int64)[of]
        days.charge(shelf[drugs[:, j]][of], on, 9.6 + 0.1 * j, quantity=doses[on])
    dear = rng.choice(catalogue.group("ward_dear"), n)
    weak = rng.random(n) < _DEAR * np.clip(
        catalogue.diagnoses["drg_weight"].to_numpy(float)[ward.stays["dx1"]], 0.2, 1.5
    )
    on = weak[of] & (number > 0) & (number < 6)
    days.charge(dear[of], on, 15.0, quantity=rng.integers(1, 3, n)[of][on])
    nights = np.bincount(of, minlength=n)
    cancer = catalogue.diagnoses["group"].to_numpy()[ward.stays["dx1"]] == "oncology"
    on = (cancer & (nights <= _CYCLE_NIGHTS))[of] & (number == 0)
    agent = rng.choice(catalogue.group("infusion_chemo"), n)
    days.charge(agent[of], on, 11.0, quantity=rng.integers(2, 5, n)[of][on])
    days.charge(catalogue.item("化疗药物配置"), on, 10.8, ward.nurse)


def _bill_treatments(ward: _Ward) -> None:
    """Needles, currents and exercise for the aching; inhalations for the lungs."""
    days, catalogue, of, rng = ward.days, ward.world.catalogue, ward.days.of, ward.days.rng
    group, n = catalogue.diagnoses["group"].to_numpy()[ward.stays["dx1"]], len(ward.stays)
    aching = (group == "pain") | (rng.random(n) < 0.08)
    for name, share in (("普通针刺", 0.6), ("中频脉冲电治疗", 0.7), ("运动疗法", 0.5)):
        given = aching & (rng.random(n) < share)
        days.charge(catalogue.item(name), given[of] & (days.luck() < 0.85), 15.5, ward.nurse)
    lungs = np.isin(group, ("respiratory", "copd"))
    days.charge(catalogue.item("雾化吸入"), lungs[of] & (days.luck() < 0.85), 10.5, ward.nurse, quantity=2)


def _bill_leaving(ward: _Ward) -> None:
    """Give drugs to take home, for two weeks at most."""
    days, catalogue, stays, rng = ward.days, ward.world.catalogue, ward.stays, ward.days.rng
    end = stays["end"].to_numpy()
    alive = ~stays["is_dead"].to_numpy()
    chosen = catalogue.diagnoses["group"].to_numpy()[stays["dx1"]]
    pack_days = catalogue.items["days_per_pack"].to_numpy(float)
    for name in sorted(set(chosen.tolist()) - {"oncology"}):
        group = catalogue.group(name)
        for share, shelf in ((0.7, group[: len(group) // 2]), (0.4, group[len(group) // 2 :])):
            on = np.flatnonzero((chosen == name) & alive & (rng.random(len(stays)) < share))
            item = rng.choice(shelf, len(on))
            packs = np.maximum(1, np.floor(14 / pack_days[item])).astype(np.int64)
            days.bills.charge(
                days.draft[on],
                item,
                end[on] - 1_500,
                quantity=packs,
                days_supply=(packs * pack_days[item]).astype(np.int64),
                prescriber=days.doctor[on],
                is_discharge_drug=True,
            )
