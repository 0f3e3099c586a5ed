"""Pregnancies: visits before birth every few weeks, and a stay to give birth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import INPATIENT, MATERNITY, NONE, Bills
from experiments.synthetic.care.stay_days import StayDays, beginning, draw_beds
from experiments.synthetic.randomness import stream, uniform
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.people import NEVER

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.presence import Presence
    from experiments.synthetic.world.world import World

DELIVERY = 1  # kind of stay, beside admissions.WARD
_BIRTHS_A_YEAR = 0.0068  # per insured, as nationally in 2024
_YOUNGEST, _OLDEST = 20, 42
_CAESAREAN = 0.45
_EASED = 0.35  # share of natural births with relief of pain
_TERM_WEEKS = 40
_VISIT_WEEKS = (8, 12, 16, 20, 24, 28, 30, 32, 34, 36, 37, 38, 39)
_ATTENDED = 0.84
_SCANS = (12, 24, 30, 37)  # weeks with ultrasound
_BLOOD = (12, 24, 32, 37)  # weeks with blood tests
_NATURAL, _BY_SURGERY = "O80.900", "O82.900"


def pregnancies(world: World) -> pd.DataFrame:
    """Draw who gives birth when; the same for the same world.

    Returns
    -------
    DataFrame
        One row per pregnancy that ends in the window or is under way at its end, one a woman: person, birth_day
        (counted from the window's first day), weeks (at birth), by_surgery, provider (the hospital she keeps to).
    """
    rng = stream(world.seed, "maternity")
    people = world.people
    women = np.flatnonzero(
        people.female & (people.age >= _YOUNGEST) & (people.age <= _OLDEST) & (people.death_day == NEVER)
    )
    span = world.calendar.n_days + _TERM_WEEKS * 7
    weight = np.exp(-(((people.age[women] - 28.5) / 5.5) ** 2))
    n = min(int(rng.poisson(_BIRTHS_A_YEAR * len(people) * span / 365)), len(women) // 2)
    person = np.sort(rng.choice(women, n, replace=False, p=weight / weight.sum())) if n else women[:0]
    weeks = np.clip(np.rint(rng.normal(39.1, 1.3, n)), 35, 41).astype(np.int64)
    birth = rng.integers(0, span, n)
    by_surgery = rng.random(n) < _CAESAREAN
    near, high = world.choose(rng, "secondary", person), world.choose(rng, "tertiary", person)
    small = (world.places.providers["provider_level"] == "primary").to_numpy()[near]
    return pd.DataFrame(
        {
            "person": person,
            "birth_day": birth,
            "weeks": weeks,
            "by_surgery": by_surgery,
            "provider": np.where(small | (rng.random(n) < 0.3), high, near),
        }
    )


def delivery_stays(world: World) -> pd.DataFrame:
    """Draw the stays to give birth: one row each, with person, provider, dx1, day, days, is_planned, kind."""
    born = pregnancies(world)
    rng = stream(world.seed, "maternity/stays")
    code = world.catalogue.diagnoses["code"].tolist()
    n = len(born)
    by_surgery = born["by_surgery"].to_numpy(bool)
    return pd.DataFrame(
        {
            "person": born["person"],
            "provider": born["provider"],
            "dx1": np.where(by_surgery, code.index(_BY_SURGERY), code.index(_NATURAL)),
            "day": born["birth_day"],
            "days": np.where(by_surgery, rng.integers(4, 7, n), rng.integers(2, 5, n)),
            "is_planned": False,
            "kind": DELIVERY,
        }
    )


def bill_antenatal(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Bill the visits before birth of a month."""
    rng = stream(world.seed, f"maternity/{month.name}")
    carried = pregnancies(world)
    row = np.repeat(np.arange(len(carried)), len(_VISIT_WEEKS))
    week = np.tile(np.asarray(_VISIT_WEEKS), len(carried))
    person, birth = carried["person"].to_numpy()[row], carried["birth_day"].to_numpy()[row]
    number = person * 64 + week
    day = birth - (carried["weeks"].to_numpy()[row] - week) * 7
    day = day + (7 * uniform(number, world.seed, "maternity/day")).astype(np.int64) - 3
    weekday = (day + world.calendar.first.weekday()) % 7
    day = np.where(weekday >= 5, day + 7 - weekday, day)  # clinics for expectant mothers keep weekdays
    on = (day >= month.first_day) & (day <= month.last_day) & (day < birth - 1)
    on &= uniform(number, world.seed, "maternity/attended") < _ATTENDED
    row, week, person, day = row[on], week[on], person[on], day[on]
    free = presence.is_free(person, day)
    row, week, person, day = row[free], week[free], person[free], day[free]
    n, catalogue = len(row), world.catalogue
    provider = carried["provider"].to_numpy()[row]
    time = day * DAY + world.calendar.draw_seconds(rng, n, "hospital")
    doctor, technician = (world.places.rota(role, provider, day) for role in ("doctor", "technician"))
    draft = bills.open(
        f"maternity/{month.name}",
        n,
        person=person,
        provider=provider,
        encounter=MATERNITY,
        start=time,
        end=time,
        settle=time + rng.integers(900, 3 * HOUR, n),
        doctor=doctor,
        dx1=catalogue.diagnoses["code"].tolist().index("Z34.900"),
    )

    def charge(item: int, on: npt.NDArray[np.bool_], later: int, executor: npt.NDArray[np.int64]) -> None:
        bills.charge(draft[on], item, time[on] + later, prescriber=doctor[on], executor=executor[on])

    every, nobody = np.ones(n, bool), np.full(n, NONE)
    charge(catalogue.item("普通门诊诊察"), every, 0, nobody)
    charge(catalogue.item("产前检查"), every, 60, doctor)
    charge(catalogue.item("尿常规分析"), rng.random(n) < 0.9, 900, technician)
    charge(catalogue.item("血细胞分析"), np.isin(week, _BLOOD) | (rng.random(n) < 0.15), 900, technician)
    charge(catalogue.item("产科彩色多普勒超声"), np.isin(week, _SCANS), 1_800, technician)
    charge(catalogue.item("胎心监护"), (week >= 32) & (rng.random(n) < 0.8), 2_700, doctor)
    first = week <= 12
    for name in ("肝功能组合", "肾功能组合", "乙肝两对半", "甲状腺功能组合"):
        charge(catalogue.item(name), first & (rng.random(n) < 0.45), 960, technician)


def bill_deliveries(world: World, bills: Bills, stays: pd.DataFrame, month: Month) -> None:
    """Bill the stays to give birth that begin in a month: bed, nursing, rounds, watch over mother and child."""
    rng = stream(world.seed, f"maternity/stays/{month.name}")
    ours = beginning(stays, DELIVERY, month)
    n, catalogue = len(ours), world.catalogue
    provider, dx1 = ours["provider"].to_numpy(), ours["dx1"].to_numpy()
    start, end = ours["start"].to_numpy(), ours["end"].to_numpy()
    by_surgery = dx1 == catalogue.diagnoses["code"].tolist().index(_BY_SURGERY)
    doctor, technician = (world.places.rota(role, provider, start // DAY) for role in ("doctor", "technician"))
    turn = rng.integers(0, 1_000, n)
    born = np.minimum(start + (HOUR * rng.uniform(2, 14, n)).astype(np.int64), end - 24 * HOUR)
    surgeon = np.where(by_surgery, world.places.on_duty("doctor", provider, born // DAY, turn), NONE)
    draft = bills.open(
        f"delivery/{month.name}",
        n,
        person=ours["person"].to_numpy(),
        provider=provider,
        encounter=INPATIENT,
        start=start,
        end=end,
        settle=np.minimum(end + rng.integers(600, 3 * HOUR, n), world.calendar.end - 60),
        is_stay=True,
        doctor=doctor,
        surgeon=surgeon,
        dx1=dx1,
        surgery=np.where(by_surgery, dx1, NONE),
        surgery_time=np.where(by_surgery, born, 0),
        bed=draw_beds(world, rng, provider),
    )
    operated = np.flatnonzero(by_surgery)
    _bill_caesareans(
        world, bills, draft[operated], doctor=doctor[operated], surgeon=surgeon[operated], time=born[operated]
    )
    for name, share in (("血细胞分析", 1.0), ("尿常规分析", 0.8), ("凝血功能组合", 0.8), ("肝功能组合", 0.4)):
        on = rng.random(n) < share
        time = start[on] + rng.integers(1_200, 4_000, int(on.sum()))
        bills.charge(draft[on], catalogue.item(name), time, prescriber=doctor[on], executor=technician[on])
    bills.charge(draft, catalogue.item("胎心监护"), born - HOUR, quantity=rng.integers(1, 5, n), prescriber=doctor)
    natural = np.flatnonzero(~by_surgery)
    eased = natural[rng.random(len(natural)) < _EASED]
    for item, rows, later in (("自然分娩接生", natural, 0), ("分娩镇痛", eased, -2_700)):
        bills.charge(
            draft[rows], catalogue.item(item), born[rows] + later, prescriber=doctor[rows], executor=doctor[rows]
        )
    days = StayDays.spread(bills, rng, draft=draft, doctor=doctor, start=start, end=end)
    _bill_days(world, days, provider=provider, born=born, by_surgery=by_surgery)


def _bill_days(
    world: World,
    days: StayDays,
    *,
    provider: npt.NDArray[np.int64],
    born: npt.NDArray[np.int64],
    by_surgery: npt.NDArray[np.bool_],
) -> None:
    """Bill bed, nursing of mother and child, rounds, and drugs, most of them after surgery."""
    catalogue, rng, of = world.catalogue, days.rng, days.of
    nurse = world.places.rota("nurse", provider[of], days.day)
    grave = by_surgery[of] & (days.number < 2)
    shelf = catalogue.group("inpatient")
    drug = shelf[np.argsort(rng.random((len(days.draft), len(shelf))), axis=1)[:, :3]]
    days.charge(catalogue.item("普通床位费"), days.every, 20.0)
    days.charge(catalogue.item("一级护理"), grave, 7.5, nurse)
    days.charge(catalogue.item("二级护理"), ~grave, 7.5, nurse)
    days.charge(catalogue.item("住院诊查"), days.every, 8.2, days.doctor[of])
    days.charge(catalogue.item("新生儿护理"), days.day * DAY + 9 * HOUR > born[of], 9.0, nurse)
    for j, share in enumerate((0.8, 0.6, 0.3)):
        given = np.flatnonzero((days.luck() < share) & (by_surgery[of] | (days.number == 0)))
        rows = of[given]
        time = days.within(rows, days.day[given] * DAY + int(10 * HOUR) + 600 * j)
        days.bills.charge(days.draft[rows], drug[rows, j], time, quantity=1 + (rows % 2), prescriber=days.doctor[rows])


def _bill_caesareans(
    world: World,
    bills: Bills,
    draft: npt.NDArray[np.int64],
    *,
    doctor: npt.NDArray[np.int64],
    surgeon: npt.NDArray[np.int64],
    time: npt.NDArray[np.int64],
) -> None:
    item = world.catalogue.item
    provider = world.places.practitioners["provider"].to_numpy()[surgeon]
    anaesthetist = world.places.on_duty("doctor", provider, time // DAY, surgeon + 3)
    bills.charge(draft, item("剖宫产术"), time, prescriber=doctor, executor=surgeon)
    bills.charge(draft, item("全身麻醉"), time - 900, prescriber=doctor, executor=anaesthetist)
    bills.charge(draft, item("手术室使用费"), time, prescriber=doctor)
