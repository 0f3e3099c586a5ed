"""What happens during a stay: daily lines of bed, nursing, rounds, tests, drugs, surgery, and drugs to take home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fraud.synthetic.admissions import draw_stays, surgeries
from fraud.synthetic.bills import INPATIENT, NONE, Bills
from fraud.synthetic.clock import DAY, HOUR
from fraud.synthetic.randomness import stream

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from fraud.synthetic.world import World

_REGIMEN = 12  # drugs given in rotation during a stay


def bill_stays(world: World, bills: Bills) -> None:
    """Bill all stays of the window."""
    rng = stream(world.seed, "wards")
    stays = draw_stays(world)
    n = len(stays)
    person, provider, dx1 = (stays[c].to_numpy() for c in ("person", "provider", "dx1"))
    start, end = stays["start"].to_numpy(), stays["end"].to_numpy()
    doctor = world.places.rota("doctor", provider, start // DAY)
    surgery, surgeon, surgery_time, implant = _operations(world, stays, rng)
    chronic = np.where(
        world.people.conditions[person].any(axis=1), world.people.conditions[person].argmax(axis=1), NONE
    )
    chronic_dx = world.catalogue.diagnoses_of("chronic")
    dx2 = np.where((chronic >= 0) & (chronic < 5), chronic_dx[np.clip(chronic, 0, 4)], NONE)
    acute = world.catalogue.diagnoses_of("acute")
    dx3 = np.where(rng.random(n) < 0.35, acute[rng.integers(0, 7, n)], NONE)
    late = np.where(rng.random(n) < 0.04, rng.integers(1, 4, n) * DAY, 0)  # settled some days after leaving
    settle = np.minimum(end + rng.integers(600, 3 * HOUR, n) + late, world.calendar.end - 60)
    draft = bills.open(
        "ward",
        n,
        person=person,
        provider=provider,
        encounter=INPATIENT,
        start=start,
        end=end,
        settle=settle,
        is_stay=True,
        doctor=doctor,
        surgeon=surgeon,
        dx1=dx1,
        dx2=np.where(dx2 == dx1, NONE, dx2),
        dx3=np.where((dx3 == dx1) | (dx3 == dx2), NONE, dx3),
        surgery=np.where(surgery >= 0, dx1, NONE),
        surgery_time=surgery_time,
        is_planned=stays["is_planned"].to_numpy(),
        is_dead=stays["is_dead"].to_numpy(),
        bed=_beds(world, provider, rng),
    )
    _bill_surgery(world, bills, draft, doctor, provider, surgery, surgeon, surgery_time, implant)
    _bill_days(world, bills, draft, stays, doctor, rng)
    _bill_leaving(world, bills, draft, stays, doctor, rng)


def _beds(world: World, provider: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    beds = np.maximum(world.places.providers["licensed_beds"].to_numpy()[provider], 1)
    return (rng.random(len(provider)) * beds).astype(np.int64) + 1


def _operations(
    world: World, stays: pd.DataFrame, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    n = len(stays)
    dx1, provider = stays["dx1"].to_numpy(), stays["provider"].to_numpy()
    start, end = stays["start"].to_numpy(), stays["end"].to_numpy()
    surgery, implant = np.full(n, NONE), np.full(n, NONE)
    luck = rng.random(n)
    able = (world.places.providers["kind"].to_numpy()[provider] != "township") & (end // DAY - start // DAY >= 2)
    for dx, operation in surgeries(world).items():
        on = able & (dx1 == dx) & (luck < operation.share)
        surgery[on], implant[on] = operation.item, operation.implant
    surgeon = np.where(surgery >= 0, world.places.staff("doctor", provider, rng.integers(0, 1_000, n)), NONE)
    time = (start // DAY + 1) * DAY + (8.5 * HOUR + 6 * HOUR * rng.random(n)).astype(np.int64)
    return surgery, surgeon, time, implant


def _bill_surgery(
    world: World,
    bills: Bills,
    draft: npt.NDArray[np.int64],
    doctor: npt.NDArray[np.int64],
    provider: npt.NDArray[np.int64],
    surgery: npt.NDArray[np.int64],
    surgeon: npt.NDArray[np.int64],
    time: npt.NDArray[np.int64],
    implant: npt.NDArray[np.int64],
) -> None:
    on = surgery >= 0
    item = world.catalogue.item
    anaesthetist = world.places.staff("doctor", provider, surgeon + 3)
    bills.charge(draft[on], surgery[on], time[on], prescriber=doctor[on], executor=surgeon[on])
    bills.charge(draft[on], item("全身麻醉"), time[on] - 900, prescriber=doctor[on], executor=anaesthetist[on])
    bills.charge(draft[on], item("手术室使用费"), time[on], prescriber=doctor[on])
    with_implant = on & (implant >= 0)
    bills.charge(
        draft[with_implant], implant[with_implant], time[with_implant] + 1_800, prescriber=surgeon[with_implant]
    )


def _bill_days(
    world: World,
    bills: Bills,
    draft: npt.NDArray[np.int64],
    stays: pd.DataFrame,
    doctor: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> None:
    catalogue, places = world.catalogue, world.places
    start, end, provider = (stays[c].to_numpy() for c in ("start", "end", "provider"))
    n, nights = len(stays), end // DAY - start // DAY
    of = np.repeat(np.arange(n), nights)
    number = np.arange(len(of)) - np.repeat(np.cumsum(nights) - nights, nights)
    midnight = (start[of] // DAY + number) * DAY
    nurse = places.rota("nurse", provider[of], midnight // DAY)
    technician = places.rota("technician", provider[of], midnight // DAY)
    severe = rng.random(n) < np.clip(catalogue.diagnoses["drg_weight"].to_numpy(float)[stays["dx1"]] - 0.45, 0.05, 0.6)

    def charge(
        item: object, on: npt.NDArray[np.bool_], hour: float, executor: npt.NDArray[np.int64], **more: object
    ) -> None:
        if not on.any():
            return
        rows = of[on]
        time = midnight[on] + int(hour * HOUR) + rng.integers(0, 2_400, len(rows))
        time = np.clip(time, start[rows] + 600, end[rows] - 600)
        chosen = item if np.ndim(item) == 0 else np.asarray(item)[on]
        bills.charge(draft[rows], chosen, time, prescriber=doctor[rows], executor=executor[on], **more)

    m = len(of)
    all_days, nobody = np.ones(m, bool), np.full(m, NONE)
    first = number == 0
    charge(catalogue.item("普通床位费"), all_days, 20.0, nobody)
    charge(catalogue.item("一级护理"), severe[of] & (number < 3), 7.5, nurse)
    charge(catalogue.item("二级护理"), ~(severe[of] & (number < 3)), 7.5, nurse)
    charge(catalogue.item("住院诊查"), all_days, 8.2, doctor[of])
    charge(catalogue.item("吸氧"), severe[of] & (number < 4), 9.0, nobody)
    charge(catalogue.item("心电监护"), severe[of] & (number < 4), 9.0, nobody)
    infused = rng.random(n) < 0.85
    on_drip = infused[of] & (rng.random(m) < 0.93)
    bottles = rng.integers(1, 4, m)
    charge(catalogue.item("静脉输液"), on_drip, 9.5, nurse)
    charge(catalogue.item("一次性输液器"), on_drip, 9.5, nobody)
    charge(catalogue.item("一次性注射器"), on_drip, 9.4, nobody, quantity=bottles[on_drip] + 1)
    charge(catalogue.item("留置针"), on_drip & (number % 4 == 0), 9.3, nobody)
    drugs = np.argsort(rng.random((n, len(catalogue.group("inpatient")))), axis=1)[:, :_REGIMEN]
    take = rng.integers(5, _REGIMEN + 1, n)
    vigour = rng.lognormal(0.1, 0.7, n)  # the sicker get more of everything: the heavy tail of bills
    for j in range(_REGIMEN):
        on = (take[of] > j) & (rng.random(m) < 0.88)
        doses = np.maximum(1, np.rint(rng.integers(1, 5, n) * vigour)).astype(np.int64)[of]
        charge(catalogue.group("inpatient")[drugs[:, j]][of], on, 9.6 + 0.1 * j, nobody, quantity=doses[on])
    for name in ("lab_basic", "lab_more"):
        for item in catalogue.group(name):
            on = (first & (rng.random(m) < 0.72)) | (rng.random(m) < 0.1)
            charge(int(item), on, 7.0, technician)
    for name, at_start, later in (
        ("ecg", 0.8, 0.03),
        ("ultrasound", 0.5, 0.02),
        ("xray", 0.35, 0.02),
        ("ct", 0.42, 0.025),
        ("mri", 0.12, 0.01),
    ):
        charge(
            int(catalogue.group(name)[0]),
            (first & (rng.random(m) < at_start)) | (rng.random(m) < later),
            14.5,
            technician,
        )
    sugar = world.people.conditions[stays["person"].to_numpy(), 1]
    charge(catalogue.item("血糖快速测定"), sugar[of], 6.5, nobody, quantity=4)
    pain = (catalogue.diagnoses["group"].to_numpy()[stays["dx1"]] == "pain") | (rng.random(n) < 0.08)
    for name, share in (("普通针刺", 0.6), ("中频脉冲电治疗", 0.7), ("运动疗法", 0.5)):
        given = pain & (rng.random(n) < share)
        charge(catalogue.item(name), given[of] & (rng.random(m) < 0.85), 15.5, nurse)
    lungs = catalogue.diagnoses["group"].to_numpy()[stays["dx1"]] == "respiratory"
    charge(catalogue.item("雾化吸入"), lungs[of] & (rng.random(m) < 0.85), 10.5, nurse, quantity=2)
    cancer = catalogue.diagnoses["group"].to_numpy()[stays["dx1"]] == "oncology"
    chemo = cancer & (nights <= 4)
    agent = catalogue.group("infusion_chemo")[rng.integers(0, len(catalogue.group("infusion_chemo")), n)]
    charge(agent[of], chemo[of] & first, 11.0, nobody, quantity=rng.integers(2, 5, n)[of][chemo[of] & first])
    charge(catalogue.item("化疗药物配置"), chemo[of] & first, 10.8, nurse)


def _bill_leaving(
    world: World,
    bills: Bills,
    draft: npt.NDArray[np.int64],
    stays: pd.DataFrame,
    doctor: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> None:
    """Drugs to take home: two weeks at most."""
    items, end = world.catalogue.items, stays["end"].to_numpy()
    alive = ~stays["is_dead"].to_numpy()
    chosen = world.catalogue.diagnoses["group"].to_numpy()[stays["dx1"]]
    for name in sorted(set(chosen.tolist()) - {"oncology"}):
        group = world.catalogue.group(name)
        for share in (0.7, 0.4):
            on = np.flatnonzero((chosen == name) & alive & (rng.random(len(stays)) < share))
            item = (
                group[rng.integers(0, len(group) // 2, len(on))]
                if share > 0.5
                else group[rng.integers(len(group) // 2, len(group), len(on))]
            )
            days = items["days_per_pack"].to_numpy(float)[item]
            packs = np.maximum(1, np.floor(14 / days)).astype(np.int64)
            bills.charge(
                draft[on],
                item,
                end[on] - 1_500,
                quantity=packs,
                days_supply=(packs * days).astype(np.int64),
                prescriber=doctor[on],
                is_discharge_drug=True,
            )
