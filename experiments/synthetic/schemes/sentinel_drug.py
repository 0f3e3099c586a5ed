"""H37: staff of a hospital and their relatives draw a watched drug, on scripts written under colleagues' logins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import OUTPATIENT, Bills
from experiments.synthetic.schemes.parts.rhythm import returning
from experiments.synthetic.schemes.parts.shelves import largest_fill, unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H37"
_PEOPLE = {"small": 5, "medium": 20, "large": 60}
_HOSTS = ("tertiary", "secondary")
_OF_VOLUME = (0.16, 0.26)  # the group's share of what the hospital gives of the drug
_VISITS_EACH = (3, 9)  # at the least and the most over the scheme's months
_OTHERS_LOGIN = 0.35
_SURGE = "a season in which everybody needs the drug: its use rises at all providers alike"
_SURGE_SHARE = 0.006  # of the adults buy it in the season


def _drugs(stage: Stage) -> npt.NDArray[np.int64]:
    """Return watched drugs that any adult may be given."""
    catalogue = stage.world.catalogue
    return unquestioned(catalogue, catalogue.group("premium"))


def _group(stage: Stage, rng: np.random.Generator, hospital: int, n: int) -> npt.NDArray[np.int64]:
    """Staff of the hospital, who lives with them, and acquaintances from their townships."""
    staff = stage.world.places.practitioners
    own = staff["person"].to_numpy()[(staff["provider"] == hospital).to_numpy()]
    own = np.unique(own[own >= 0])
    adults = stage.idle_adults()
    own = own[np.isin(own, adults)]
    relatives = adults[np.isin(stage.household[adults], stage.household[own]) & ~np.isin(adults, own)]
    home = stage.world.people.township
    friends = adults[np.isin(home[adults], home[own]) & ~np.isin(adults, np.r_[own, relatives])]
    n_own = min(len(own), max(1, n // 5))
    n_relatives = min(len(relatives), max(0, int(n * 0.45)))
    chosen = np.r_[
        rng.choice(own, n_own, replace=False) if n_own else own,
        rng.choice(relatives, n_relatives, replace=False) if n_relatives else relatives[:0],
    ]
    missing = min(n - len(chosen), len(friends))
    people: npt.NDArray[np.int64] = np.r_[chosen, rng.choice(friends, missing, replace=False)]
    return np.sort(people.astype(np.int64))


def _given(stage: Stage, hospital: int, span: tuple[int, int]) -> dict[int, int]:
    """Packs of each watched drug that a hospital honestly gives in a span of days."""
    visits = stage.visits
    day = visits["start"].to_numpy() // DAY
    mine = (visits["provider"].to_numpy() == hospital) & (day >= span[0]) & (day <= span[1])
    lines = stage.lines(visits["draft"].to_numpy()[mine])
    drugs = _drugs(stage)
    lines = lines[np.isin(lines["item"].to_numpy(), drugs)]
    packs = lines.groupby("item")["quantity"].sum()
    return {int(drug): max(int(packs.get(drug, 0)), 0) for drug in drugs.tolist()}


def plant(stage: Stage, size: str, number: int) -> None:
    """Let a group around two doctors draw one watched drug from their hospital."""
    rng = stage.rng(_CODE, str(number))
    hospital = stage.host(rng, *_HOSTS)
    people = _group(stage, rng, hospital, _PEOPLE[size])
    doctors = stage.world.places.staff("doctor", np.full(2, hospital), rng.permutation(50)[:2])
    if len(people) < 3 or doctors.min() < 0:
        raise NoRoomError("no hospital with staff enough is left")
    span = stage.window(rng)
    given = _given(stage, hospital, span)
    drug = int(rng.choice(sorted(given)))
    share = rng.uniform(*_OF_VOLUME)
    wanted = share / (1 - share) * given[drug]
    n_visits = int(np.clip(wanted / 2, _VISITS_EACH[0] * len(people), _VISITS_EACH[1] * len(people)))
    person, day = returning(rng, people, n_visits, span)
    visits = _bill(
        stage, rng, f"{_CODE}/{number}", hospital=hospital, doctors=doctors, person=person, day=day, drug=drug
    )
    kept = stage.visits[np.isin(stage.visits["draft"].to_numpy(), visits)]
    day = kept["start"].to_numpy() // DAY
    truth, ring = stage.truth, f"{_CODE}-{number + 1}"
    reached = "small" if len(people) < 10 else "medium" if len(people) < 35 else "large"
    truth.add_provider(hospital, _CODE, int(day.min()), int(day.max()), reached)
    truth.add_settlements(_CODE, kept["draft"].to_numpy())
    truth.add_patients(_CODE, kept["person"].to_numpy(), day)
    truth.add_practitioners(_CODE, np.unique(doctors).tolist())
    truth.rings.append((ring, "hospital", hospital))
    truth.rings += [(ring, "practitioner", int(d)) for d in np.unique(doctors)]
    truth.rings += [(ring, "patient", int(p)) for p in np.unique(kept["person"].to_numpy())]
    stage.busy_persons.update(people.tolist())


def _bill(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    hospital: int,
    doctors: npt.NDArray[np.int64],
    person: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    drug: int,
) -> npt.NDArray[np.int64]:
    world, bills, n = stage.world, Bills(), len(person)
    time = day * DAY + world.calendar.draw_seconds(rng, n, "hospital")
    doctor = doctors[(rng.random(n) < _OTHERS_LOGIN).astype(np.int64)]
    chronic = world.catalogue.diagnoses_of("chronic")
    draft = bills.open(
        source,
        n,
        person=person,
        provider=hospital,
        encounter=OUTPATIENT,
        start=time,
        end=time,
        settle=time + rng.integers(400, HOUR, n),
        doctor=doctor,
        dx1=chronic[person % len(chronic)],
    )
    seen = rng.random(n) < 0.6  # a colleague needs no examination
    bills.charge(draft[seen], world.catalogue.item("普通门诊诊察"), time[seen], prescriber=doctor[seen])
    packs = np.minimum(rng.integers(1, 4, n), largest_fill(world.catalogue)[drug]).astype(np.int64)
    days = np.maximum(1, packs * int(world.catalogue.items["days_per_pack"].to_numpy(float)[drug]))
    bills.charge(draft, drug, time + 600, quantity=packs, days_supply=days, prescriber=doctor)
    return stage.add(bills)


def plant_twin(stage: Stage) -> None:
    """Let a season raise one watched drug at the pharmacies and the hospital where it is bought most."""
    rng = stage.rng(_CODE, "twin")
    world, bills = stage.world, Bills()
    hospital = stage.host(rng, *_HOSTS)
    drug = int(rng.choice(_drugs(stage)))
    n_days = world.calendar.n_days
    first = int(rng.integers(0, max(1, n_days - 60)))
    adults = np.flatnonzero((world.people.age >= 25) & (world.people.death_day > n_days))
    buyers = rng.choice(adults, max(20, round(_SURGE_SHARE * len(adults))), replace=False)
    n = len(buyers)
    day = first + rng.integers(0, min(55, n_days - first), n)
    time = day * DAY + world.calendar.draw_seconds(rng, n, "hospital")
    kind = np.array(["secondary", "clinic", "tertiary"])[rng.integers(0, 3, n)]
    where = np.select(
        [kind == "secondary", kind == "clinic"],
        [world.usual["secondary"][buyers], world.usual["clinic"][buyers]],
        default=world.usual["tertiary"][buyers],
    )
    where = np.where(rng.random(n) < 0.12, hospital, where)
    doctor = world.places.rota("doctor", where, day)
    draft = bills.open(
        f"{_CODE}/season",
        n,
        person=buyers,
        provider=where,
        encounter=OUTPATIENT,
        start=time,
        end=time,
        settle=time + rng.integers(400, HOUR, n),
        doctor=doctor,
        dx1=world.catalogue.diagnoses_of("acute")[rng.integers(0, 4, n)],
    )
    bills.charge(draft, world.catalogue.item("普通门诊诊察"), time, prescriber=doctor)
    days = max(1, int(world.catalogue.items["days_per_pack"].to_numpy(float)[drug]))
    bills.charge(draft, drug, time + 600, days_supply=days, prescriber=doctor)
    stage.add(bills)
    stage.truth.add_twins("provider", [hospital], _CODE, _SURGE)


SENTINEL_DRUG = Scheme(_CODE, 400, plant, plant_twin)
