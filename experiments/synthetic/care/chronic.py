"""Chronic care: refills of drugs, cancer drugs from dual-channel pharmacies, dialysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import CENTRE, CHRONIC, SPECIAL_DRUG, Bills
from experiments.synthetic.care.pharmacies import fill_prescriptions
from experiments.synthetic.care.visits import Prescribed, Visits
from experiments.synthetic.randomness import stream
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.people import CONDITIONS

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.presence import Presence
    from experiments.synthetic.world.world import World

_REFILL_DAYS = np.array([28, 42, 56, 84])  # long prescriptions reach twelve weeks
_REFILL_SHARES = (0.5, 0.15, 0.22, 0.13)
_IN_CARE = 0.62  # share of the ill who refill under the chronic-disease benefit
_FILLED_OUTSIDE = 0.22
_DIALYSIS_DAYS = np.array([(0, 2, 4), (1, 3, 5)])  # Monday-Wednesday-Friday, Tuesday-Thursday-Saturday
_DIALYSED = 0.45
MACHINES = 12  # of a centre, numbered from nought
_ON_CANCER_DRUGS = 0.5
DEAREST = 2_000  # yuan a pack: nobody is given what costs more
_NEXT_DOOR = 0.75  # share who fetch them beside the oncology hospital, the others at any such shop


def _appointments(
    rng: np.random.Generator, first: npt.NDArray[np.int64], gap: npt.NDArray[np.int64], n_days: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the row, the day and the number of every appointment within the window; people come late, not early."""
    most = n_days // int(gap.min()) + 1 if len(gap) else 0
    row = np.repeat(np.arange(len(first)), most)
    number = np.tile(np.arange(most), len(first))
    day = first[row] + number * (gap[row] + 1) + rng.integers(-2, 4, len(row))
    inside = (day >= 0) & (day < n_days)
    return row[inside], day[inside], number[inside]


def _due(
    presence: Presence, month: Month, person: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Tell which appointments lie in the month and can be kept."""
    due: npt.NDArray[np.bool_] = (day >= month.first_day) & (day <= month.last_day) & presence.is_free(person, day)
    return due


@dataclass(frozen=True)
class _Regulars:
    """Who refills for a chronic disease, one element each: days between refills, the first, place, drugs."""

    person: npt.NDArray[np.int64]
    gap: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    usual: npt.NDArray[np.int64]
    regimen: npt.NDArray[np.int64]
    n_drugs: npt.NDArray[np.int64]


def _regulars(world: World, rng: np.random.Generator, condition: str) -> _Regulars:
    ill = np.flatnonzero(world.people.conditions[:, CONDITIONS.index(condition)])
    ill = ill[rng.random(len(ill)) < _IN_CARE]
    gap = rng.choice(_REFILL_DAYS, len(ill), p=_REFILL_SHARES)
    first = (rng.random(len(ill)) * gap).astype(np.int64)
    shelf = world.catalogue.group(condition)
    regimen = shelf[np.argsort(rng.random((len(ill), len(shelf))), axis=1)[:, :3]]
    n_drugs = rng.choice((1, 2, 3), len(ill), p=(0.4, 0.42, 0.18))
    away = rng.random(len(ill))
    usual = np.where(away < 0.66, world.usual["gp"][ill], world.usual["secondary"][ill])
    usual = np.where(away > 0.9, world.usual["tertiary"][ill], usual)
    return _Regulars(ill, gap, first, usual, regimen, n_drugs)


def bill_refills(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Refills of registered chronic diseases every 28 to 84 days, the same drugs at the same place."""
    catalogue = world.catalogue
    for condition in CONDITIONS[:5]:
        rng = stream(world.seed, f"refills/{condition}")
        regulars = _regulars(world, rng, condition)
        row, day, number = _appointments(rng, regulars.first, regulars.gap, world.calendar.n_days)
        due = _due(presence, month, regulars.person[row], day)
        row, day, number = row[due], day[due], number[due]
        rng = stream(world.seed, f"refills/{condition}/{month.name}")
        person, provider, n = regulars.person[row], regulars.usual[row], len(row)
        time = day * DAY + world.calendar.draw_seconds(rng, n, "hospital")
        doctor = world.places.rota("doctor", provider, day)
        dx1 = np.full(n, np.flatnonzero((catalogue.diagnoses["group"] == condition).to_numpy())[0])
        source = f"refill/{condition}/{month.name}"
        draft = bills.open(
            source,
            n,
            person=person,
            provider=provider,
            encounter=CHRONIC,
            start=time,
            end=time,
            settle=time + rng.integers(300, HOUR, n),
            doctor=doctor,
            dx1=dx1,
        )
        bills.charge(draft, catalogue.item("普通门诊诊察"), time, prescriber=doctor)
        technician = world.places.rota("technician", provider, day)
        yearly = rng.random(n) < 0.16
        for item in catalogue.group("lab_more")[[0, 1, 4]]:
            bills.charge(
                draft[yearly], int(item), time[yearly] + 900, prescriber=doctor[yearly], executor=technician[yearly]
            )
        visits = Visits(draft, person, provider, doctor, time, dx1)
        outside = rng.random(n) < _FILLED_OUTSIDE
        prescribed = _refill(world, bills, visits, regulars, row=row, number=number, outside=outside)
        fill_prescriptions(world, bills, rng, source, prescribed, encounter=CHRONIC)


def _refill(
    world: World,
    bills: Bills,
    visits: Visits,
    regulars: _Regulars,
    *,
    row: npt.NDArray[np.int64],
    number: npt.NDArray[np.int64],
    outside: npt.NDArray[np.bool_],
) -> Prescribed:
    """Give each visit its regular's drugs for the days to the next, and return those to be filled outside.

    Parameters
    ----------
    row, number, outside : array
        One element per visit: its regular, how many refills came before, whether a pharmacy fills it.
    """
    fills = []
    pack_days = world.catalogue.items["days_per_pack"].to_numpy(float)
    for j in range(3):
        on = regulars.n_drugs[row] > j
        item = regulars.regimen[row, j]
        packs = np.maximum(1, np.rint(regulars.gap[row] / pack_days[item])).astype(np.int64)
        days = (packs * pack_days[item]).astype(np.int64)
        inside = on & ~outside
        bills.charge(
            visits.draft[inside],
            item[inside],
            visits.time[inside] + 1_200,
            quantity=packs[inside],
            days_supply=days[inside],
            prescriber=visits.doctor[inside],
            refill=number[inside],
        )
        leaves = np.flatnonzero(on & outside)
        fills.append((leaves, item[leaves], packs[leaves]))
    return Prescribed.of(visits, 900, fills)


def bill_cancer_drugs(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Tablets against cancer: prescribed at the oncology hospital, filled at a dual-channel shop, mostly next door."""
    rng = stream(world.seed, "cancer drugs")
    people, catalogue, places = world.people, world.catalogue, world.places
    ill = np.flatnonzero(people.conditions[:, CONDITIONS.index("oncology")])
    ill = ill[rng.random(len(ill)) < _ON_CANCER_DRUGS]
    row, day, _ = _appointments(rng, rng.integers(0, 28, len(ill)), np.full(len(ill), 28), world.calendar.n_days)
    beside = places.of_kind("dual_channel")
    same_place = (
        places.providers["township"].to_numpy()[beside]
        == places.providers["township"].to_numpy()[places.oncology_hospital]
    )
    shops = beside[same_place] if same_place.any() else beside
    nearby = rng.random(len(ill)) < _NEXT_DOOR
    usual_shop = np.where(
        nearby, shops[rng.integers(0, len(shops), len(ill))], beside[rng.integers(0, len(beside), len(ill))]
    )
    dx = catalogue.diagnoses_of("oncology")[rng.integers(0, 2, len(ill)) * 2]  # lung or colon, either sex
    shelf = catalogue.group("oncology")
    drug = rng.choice(shelf[catalogue.items["price"].to_numpy()[shelf] < DEAREST], len(ill))
    due = _due(presence, month, ill[row], day)
    row, day = row[due], day[due]
    rng = stream(world.seed, f"cancer drugs/{month.name}")
    n = len(row)
    hospital = np.full(n, places.oncology_hospital)
    time = day * DAY + world.calendar.draw_seconds(rng, n, "hospital")
    doctor = places.rota("doctor", hospital, day)
    draft = bills.open(
        f"oncology/{month.name}",
        n,
        person=ill[row],
        provider=hospital,
        encounter=SPECIAL_DRUG,
        start=time,
        end=time,
        settle=time + rng.integers(300, HOUR, n),
        doctor=doctor,
        dx1=dx[row],
    )
    bills.charge(draft, catalogue.item("普通门诊诊察"), time, prescriber=doctor)
    bills.charge(draft, catalogue.item("专家诊察"), time + 60, prescriber=doctor, executor=doctor)
    days = catalogue.items["days_per_pack"].to_numpy(float)[drug]
    packs = np.maximum(1, np.rint(28 / days)).astype(np.int64)
    visits = Visits(draft, ill[row], hospital, doctor, time, dx[row])
    prescribed = Prescribed(visits, 900, np.arange(n), drug[row], packs[row])
    fill_prescriptions(
        world,
        bills,
        rng,
        f"oncology/{month.name}",
        prescribed,
        pharmacy=usual_shop[row],
        encounter=SPECIAL_DRUG,
        channel=CENTRE,
    )


def bill_dialysis(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Three sessions a week at one hospital, on one of its machines."""
    rng = stream(world.seed, "dialysis")
    people, catalogue, places = world.people, world.catalogue, world.places
    ill = np.flatnonzero(people.conditions[:, CONDITIONS.index("renal")])
    ill = ill[rng.random(len(ill)) < _DIALYSED]
    hospital = world.usual["secondary"][ill]
    shift = rng.integers(0, 2, len(ill))
    weekday = (np.arange(world.calendar.n_days) + world.calendar.first.weekday()) % 7
    due = (weekday[None, :, None] == _DIALYSIS_DAYS[shift][:, None, :]).any(axis=2)
    row, day = np.nonzero(due & (rng.random(due.shape) < 0.97))
    machine = rng.integers(0, MACHINES, len(ill))
    due_now = _due(presence, month, ill[row], day)
    row, day = row[due_now], day[due_now]
    rng = stream(world.seed, f"dialysis/{month.name}")
    n = len(row)
    time = day * DAY + np.where(row % 2 == 0, 7.5 * HOUR, 13 * HOUR).astype(np.int64) + rng.integers(0, 2_400, n)
    doctor = places.rota("doctor", hospital[row], day)
    nurse = places.rota("nurse", hospital[row], day)
    draft = bills.open(
        f"dialysis/{month.name}",
        n,
        person=ill[row],
        provider=hospital[row],
        encounter=CHRONIC,
        start=time,
        end=time,
        settle=time + 4 * HOUR + rng.integers(300, 2_400, n),
        doctor=doctor,
        dx1=int(catalogue.diagnoses_of("renal")[0]),
    )
    bills.charge(draft, catalogue.item("血液透析"), time, prescriber=doctor, executor=nurse, device=machine[row])
    bills.charge(draft, catalogue.item("透析器"), time, prescriber=doctor)
    bills.charge(draft, catalogue.item("低分子肝素注射液"), time + 300, prescriber=doctor)
    weekly = rng.random(n) < 0.33
    bills.charge(
        draft[weekly], catalogue.item("骨化三醇胶丸"), time[weekly] + 600, prescriber=doctor[weekly], days_supply=20
    )
