"""R01: clinics write dear drugs that a few pharmacies fill, for patients who sell them back or never see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, OUTPATIENT, PHARMACY, Bills
from experiments.synthetic.schemes.parts.shelves import unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.world import World

_CODE = "R01"
_MEMBERS = {"small": (1, 1, 15), "medium": (2, 2, 40), "large": (4, 5, 150)}  # clinics, pharmacies, patients
_DEAREST = 170  # yuan a pack: dear enough to pay, not so dear that each fill is looked at
_BUSY = 0.55  # of its kind is less busy than a member: in a busy house the ring's share does not show
_VILLAGE = "the only clinic and the only shop of a remote village: nowhere nearer to go"
_NEXT_DOOR = "a dual-channel pharmacy beside the oncology hospital that prescribes for it"


def _recruit(stage: Stage, rng: np.random.Generator, homes: npt.NDArray[np.int64], n: int) -> npt.NDArray[np.int64]:
    """Recruit through acquaintance: most patients come from a few townships, the rest from anywhere."""
    adults = stage.idle_adults()
    adults = adults[~stage.world.people.conditions[adults, 5]]  # the gravely ill are no use
    weight = np.where(np.isin(stage.world.people.township[adults], homes), 6.0, 1.0)
    weight *= 1 + stage.world.people.conditions[adults, :3].sum(axis=1)  # those with a chronic-disease card
    return rng.choice(adults, n, replace=False, p=weight / weight.sum())


def _busy(stage: Stage, providers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the busier of some providers, by their honest visits."""
    n_visits = np.bincount(stage.visits["provider"].to_numpy(), minlength=len(stage.world.places.providers))[providers]
    return providers[n_visits >= np.quantile(n_visits, _BUSY)] if len(providers) else providers


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant one ring."""
    rng = stage.rng(_CODE, str(number))
    n_clinics, n_shops, n_patients = _MEMBERS[size]
    places, catalogue = stage.world.places, stage.world.catalogue
    idle_clinics, idle_shops = _busy(stage, stage.idle("clinic")), _busy(stage, stage.idle("pharmacy"))
    seats = places.providers["township"].to_numpy()
    idle_shops = idle_shops[seats[idle_shops] != stage.world.geography.village]
    clinics = rng.choice(idle_clinics, min(n_clinics, len(idle_clinics) // 2), replace=False)
    shops = rng.choice(idle_shops, min(n_shops, len(idle_shops) // 2), replace=False)
    if not len(clinics) or not len(shops):
        raise NoRoomError("no clinic with a pharmacy is left")
    patients = _recruit(stage, rng, seats[clinics], min(n_patients, len(stage.idle_adults()) // 8))
    first, last = stage.window(rng)
    loyal, monthly = rng.uniform(0.8, 0.95), rng.uniform(1.8, 2.8)
    dear = unquestioned(catalogue, catalogue.group("premium"))
    dear = dear[catalogue.items["price"].to_numpy()[dear] < _DEAREST]
    menu = rng.choice(dear, 5, replace=False)
    join = first + (rng.random(len(patients)) ** 2 * 45).astype(np.int64)  # the ring grows
    leave = np.where(
        rng.random(len(patients)) < 0.15, rng.integers(min(first + 30, last), last + 1, len(patients)), last
    )
    n_fills = rng.poisson(monthly * np.maximum(leave - join, 0) / 30.4 * rng.uniform(0.6, 1.3, len(patients)))
    row = np.repeat(np.arange(len(patients)), n_fills)
    day = join[row] + (rng.random(len(row)) * (leave - join + 1)[row]).astype(np.int64)
    home_clinic = rng.integers(0, len(clinics), len(patients))
    clinic = clinics[np.where(rng.random(len(row)) < 0.75, home_clinic[row], rng.integers(0, len(clinics), len(row)))]
    ring = _Ring(shops, loyal, menu)
    drafts = _bill(stage, rng, number, ring, person=patients[row], clinic=clinic, day=day)
    _note(stage, size, number, drafts=drafts, clinics=clinics, shops=shops)


@dataclass(frozen=True)
class _Ring:
    """Where scripts are filled: the ring's pharmacies, the share that goes there, the dear drugs they sell."""

    shops: npt.NDArray[np.int64]
    loyal: float
    menu: npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Scripts:
    """One element per script: patient, clinic, prescriber, main diagnosis, second of writing."""

    person: npt.NDArray[np.int64]
    clinic: npt.NDArray[np.int64]
    doctor: npt.NDArray[np.int64]
    dx1: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]


def _bill(
    stage: Stage,
    rng: np.random.Generator,
    number: int,
    ring: _Ring,
    *,
    person: npt.NDArray[np.int64],
    clinic: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    world, bills, n = stage.world, Bills(), len(person)
    time = day * DAY + world.calendar.draw_seconds(rng, n, "clinic")
    doctor = world.places.staff("doctor", clinic, (rng.random(n) < 0.2).astype(np.int64))  # mostly the owner signs
    dx1 = world.catalogue.diagnoses_of("chronic")[rng.integers(0, 5, n)]
    scripts = _Scripts(person, clinic, doctor, dx1, time)
    _bill_visits(world, rng, bills, number, scripts)
    _bill_fills(world, rng, bills, number, scripts=scripts, ring=ring)
    return stage.add(bills)


def _bill_visits(world: World, rng: np.random.Generator, bills: Bills, number: int, scripts: _Scripts) -> None:
    """Bill the visits at which scripts are written; some are written without even a visit on paper."""
    seen = rng.random(len(scripts.person)) < 0.85
    n, time, doctor = int(seen.sum()), scripts.time[seen], scripts.doctor[seen]
    visit = bills.open(
        f"R01/{number}/visit",
        n,
        person=scripts.person[seen],
        provider=scripts.clinic[seen],
        encounter=OUTPATIENT,
        start=time,
        end=time,
        settle=time + rng.integers(200, 2_000, n),
        doctor=doctor,
        dx1=scripts.dx1[seen],
    )
    bills.charge(visit, world.catalogue.item("普通门诊诊察"), time, prescriber=doctor)


def _bill_fills(
    world: World, rng: np.random.Generator, bills: Bills, number: int, *, scripts: _Scripts, ring: _Ring
) -> None:
    """Bill one to three dear drugs on each script, most of them at the ring's pharmacies."""
    n, shops, time = len(scripts.person), ring.shops, scripts.time
    elsewhere = world.choose(rng, "pharmacy", scripts.person)
    shop = np.where(rng.random(n) < ring.loyal, shops[rng.integers(0, len(shops), n)], elsewhere)
    back_filled = rng.random(n) < 0.12  # the shop sells first and has the script written at night
    fill = np.where(back_filled, time - rng.integers(HOUR, 3 * HOUR, n), time + rng.integers(900, 6 * HOUR, n))
    midnight = time // DAY * DAY
    fill = np.clip(fill, midnight + 7 * HOUR, midnight + 22 * HOUR)
    draft = bills.open(
        f"R01/{number}/fill",
        n,
        person=scripts.person,
        provider=shop,
        encounter=np.where(rng.random(n) < 0.6, CHRONIC, PHARMACY),
        start=fill,
        end=fill,
        settle=fill + rng.integers(20, 200, n),
        dx1=scripts.dx1,
    )
    rx = bills.prescribe(
        f"R01/{number}",
        n,
        person=scripts.person,
        issuer=scripts.clinic,
        prescriber=scripts.doctor,
        issue_time=time,
        channel=rng.choice(3, n, p=(0.4, 0.15, 0.45)),
        dispenser=shop,
        dispense_time=fill,
        draft=draft,
    )
    order = np.argsort(rng.random((n, len(ring.menu))), axis=1)
    wanted = rng.integers(1, 4, n)
    days = world.catalogue.items["days_per_pack"].to_numpy(float)
    for j in range(3):
        on = wanted > j
        item, packs = ring.menu[order[on, j]], rng.integers(1, 3, int(on.sum()))
        bills.charge(
            draft[on],
            item,
            fill[on],
            quantity=packs,
            days_supply=(packs * days[item]).astype(np.int64),
            prescriber=scripts.doctor[on],
            rx=rx[on],
        )


def _note(
    stage: Stage,
    size: str,
    number: int,
    *,
    drafts: npt.NDArray[np.int64],
    clinics: npt.NDArray[np.int64],
    shops: npt.NDArray[np.int64],
) -> None:
    truth, ring = stage.truth, f"{_CODE}-{number + 1}"
    visits = stage.visits
    visits = visits[visits["draft"].isin(drafts)]
    day = visits["start"].to_numpy() // DAY
    patients = np.unique(visits["person"].to_numpy())
    for provider in np.r_[clinics, shops].tolist():
        mine = day[visits["provider"].to_numpy() == provider]
        if len(mine):
            truth.add_provider(provider, _CODE, int(mine.min()), int(mine.max()), size)
    # A script of the ring is the ring's wherever it is filled; the shop outside knows of nothing.
    truth.add_settlements(_CODE, visits["draft"].to_numpy())
    truth.add_patients(_CODE, visits["person"].to_numpy(), day)
    doctors = np.unique(visits["doctor"].to_numpy())
    truth.practitioners += [(int(d), _CODE) for d in doctors[doctors >= 0]]
    truth.rings += [(ring, "clinic", int(c)) for c in clinics]
    truth.rings += [(ring, "pharmacy", int(s)) for s in shops]
    truth.rings += [(ring, "practitioner", int(d)) for d in doctors[doctors >= 0]]
    truth.rings += [(ring, "patient", int(p)) for p in patients]
    stage.busy.update(np.r_[clinics, shops].tolist())
    stage.busy_persons.update(patients.tolist())


def plant_twin(stage: Stage) -> None:
    """Name the look-alikes that the land itself makes: a remote village, and shops beside the oncology hospital."""
    places, village = stage.world.places, stage.world.geography.village
    seat, kind = (places.providers[c].to_numpy() for c in ("township", "kind"))
    of_village = np.flatnonzero((seat == village) & np.isin(kind, ("village", "pharmacy")))
    hospital = places.oncology_hospital
    next_door = np.flatnonzero((kind == "dual_channel") & (seat == seat[hospital]))
    stage.truth.add_twins("provider", of_village, _CODE, _VILLAGE)
    stage.truth.add_twins("provider", [hospital, *next_door], _CODE, _NEXT_DOOR)
    stage.busy.update([*of_village.tolist(), hospital, *next_door.tolist()])


CLINIC_PHARMACY_RING = Scheme(_CODE, 150, plant, plant_twin)
