"""T05: a shop fills scripts that no hospital wrote: numbers nobody issued, and names of doctors who work elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, PAPER, Bills
from experiments.synthetic.schemes.parts.counter import customers, opening_seconds
from experiments.synthetic.schemes.parts.rhythm import returning
from experiments.synthetic.schemes.parts.shelves import largest_fill, unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE, _WAY = "T05", "forged"
_SCRIPTS = {"small": 12, "medium": 50, "large": 200}
_NUMBERED = 0.6  # share of the scripts with a number of nobody's; the others name a doctor who works elsewhere
_SHELVES = ("premium", "heart")
_LATE_DAYS = 6
_NOT_YET = "scripts of the last days are filled and not yet delivered by the exchange"


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one shop fill forged scripts for customers who come again and again."""
    rng = stage.rng(_CODE, f"{_WAY}/{number}")
    catalogue, n = stage.world.catalogue, _SCRIPTS[size]
    shop = stage.host(rng, "pharmacy")
    buyers = customers(stage, rng, shop, max(6, n // 8))
    person, day = returning(rng, buyers, n, stage.window(rng))
    time = day * DAY + opening_seconds(stage, rng, shop, n)
    bills, groups = Bills(), catalogue.diagnoses["group"].to_numpy()
    draft = bills.open(
        f"{_CODE}/{_WAY}/{number}",
        n,
        person=person,
        provider=shop,
        encounter=CHRONIC,
        start=time,
        end=time,
        settle=time + rng.integers(20, 200, n),
        dx1=int(np.flatnonzero(groups == "heart")[0]),
    )
    rx, doctor = _scripts(stage, rng, bills, number, person=person, shop=shop, time=time, draft=draft)
    shelf = unquestioned(catalogue, np.concatenate([catalogue.group(name) for name in _SHELVES]))
    drug = rng.choice(rng.choice(shelf, min(len(shelf), 6), replace=False), n)
    packs = np.minimum(rng.integers(2, 6, n), largest_fill(catalogue)[drug]).astype(np.int64)
    days = (packs * catalogue.items["days_per_pack"].to_numpy(float)[drug]).astype(np.int64)
    bills.charge(draft, drug, time, quantity=packs, days_supply=days, prescriber=doctor, rx=rx)
    kept = stage.book.visits_of(stage.add(bills))
    if not len(kept):
        raise NoRoomError("hardly any adult is left")
    when = kept["start"].to_numpy() // DAY
    stage.truth.add_provider(shop, _CODE, int(when.min()), int(when.max()), size)
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), when)


def _scripts(
    stage: Stage,
    rng: np.random.Generator,
    bills: Bills,
    number: int,
    *,
    person: npt.NDArray[np.int64],
    shop: int,
    time: npt.NDArray[np.int64],
    draft: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the number of each script and the doctor it names; those of nobody's number are on no record."""
    world, n = stage.world, len(person)
    hospital = int(rng.choice(world.places.of_kind("tertiary", "secondary")))
    staff = world.places.practitioners
    doctors = np.flatnonzero((staff["role"].to_numpy() == "doctor") & ~staff["is_team"].to_numpy(bool))
    own = doctors[staff["provider"].to_numpy()[doctors] == hospital]
    others = doctors[staff["provider"].to_numpy()[doctors] != hospital]
    invented = rng.random(n) < _NUMBERED
    doctor = np.where(invented, rng.choice(own, n), rng.choice(rng.choice(others, 3), n))
    rx = bills.numbers(f"rx/{_CODE}/{_WAY}/{number}/nobody", n)
    named = np.flatnonzero(~invented)
    rx[named] = bills.prescribe(
        f"{_CODE}/{_WAY}/{number}",
        len(named),
        person=person[named],
        issuer=hospital,
        prescriber=doctor[named],
        issue_time=time[named] - rng.integers(HOUR, 6 * HOUR, len(named)),
        channel=PAPER,
        dispenser=shop,
        dispense_time=time[named],
        draft=draft[named],
    )
    return rx, doctor


def plant_twin(stage: Stage) -> None:
    """Let the scripts that one shop filled in the last days not have been delivered yet."""
    rng = stage.rng(_CODE, f"{_WAY}/twin")
    scripts, end = stage.prescriptions, stage.world.calendar.end
    late = scripts["dispense_time"].to_numpy() >= end - _LATE_DAYS * DAY
    busy = np.bincount(scripts["dispenser"].to_numpy()[late], minlength=len(stage.world.places.providers))
    idle = stage.idle("pharmacy")
    shop = stage.host(rng, "pharmacy", among=idle[busy[idle] == busy[idle].max(initial=0)])
    undelivered = scripts["rx"].to_numpy()[late & (scripts["dispenser"].to_numpy() == shop)]
    if not len(undelivered):
        raise NoRoomError("no shop filled a script in the last days")
    stage.book.withhold(undelivered)
    stage.truth.add_twins("provider", [shop], _CODE, _NOT_YET)


FORGED_SCRIPTS = Scheme(_CODE, 800, plant, plant_twin, way=_WAY)
