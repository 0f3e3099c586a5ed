"""R11: one of the insurer's staff pushes through what the automatic check refused, for two providers.

The contract has no table of operators, so the truth names the two providers, their doctors and the collectors; the
insider is the operator of the guilty settlements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, Bills
from experiments.synthetic.payer.insurer import is_overridden
from experiments.synthetic.schemes.parts.rhythm import returning
from experiments.synthetic.schemes.parts.shelves import largest_fill, unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "R11"
_OVERRIDES = {"small": 50, "medium": 200, "large": 800}
_ROTA = 100  # number of the colleague who covers a district alone; the insiders come after
_ILLNESSES = ("diabetes", "heart", "copd")  # those with dear drugs
_FEWEST_COLLECTORS = 6
_DEAR, _LASTS_DAYS = 50, 4  # yuan and days a pack: what can be hoarded
_NAMED = 4  # providers of the district that look most like favourites
_ALONE = "one colleague covers the whole district: many overrides, at each provider no more often than elsewhere"


def _partners(stage: Stage, rng: np.random.Generator) -> tuple[int, int]:
    """Draw a clinic and a second clinic or a shop, in the same region where possible."""
    clinic = stage.host(rng, "clinic")
    region = stage.world.places.providers["region"].to_numpy()
    idle = stage.idle("clinic", "pharmacy")
    near = idle[region[idle] == region[clinic]]
    return clinic, stage.host(rng, "clinic", "pharmacy", among=near if len(near) else idle)


def _collectors(stage: Stage, rng: np.random.Generator, clinic: int, wanted: int) -> npt.NDArray[np.int64]:
    """Draw adults of the clinic's region, rather the ill."""
    people, towns = stage.world.people, stage.world.geography.townships["region"].to_numpy()
    adults = stage.idle_adults()
    region = int(stage.world.places.providers["region"].to_numpy()[clinic])
    near = adults[towns[people.township[adults]] == region]
    adults = near if len(near) >= wanted else adults
    if len(adults) < _FEWEST_COLLECTORS:
        raise NoRoomError("hardly any adult is left")
    weight = 1.0 + 8 * people.conditions[adults][:, 1:4].any(axis=1) + (people.age[adults] >= 60)
    return np.asarray(rng.choice(adults, min(wanted, len(adults)), replace=False, p=weight / weight.sum()))


@dataclass(frozen=True)
class _Collections:
    """One element per collection: who, where, prescribed by whom, when, and the place among the illnesses."""

    person: npt.NDArray[np.int64]
    provider: npt.NDArray[np.int64]
    doctor: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]
    illness: npt.NDArray[np.int64]


def _bill(
    stage: Stage,
    rng: np.random.Generator,
    number: int,
    *,
    partners: tuple[int, int],
    person: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    world, bills, n = stage.world, Bills(), len(person)
    place = (rng.random(n) < rng.uniform(0.35, 0.65)).astype(np.int64)
    provider = np.array(partners)[place]
    time = day * DAY + world.calendar.draw_seconds(rng, n, "clinic")
    settle = _let_through(rng, time)
    doctor = world.places.staff("doctor", np.full(n, partners[0]), (rng.random(n) < 0.25).astype(np.int64))
    own = world.places.staff("doctor", provider, np.zeros(n, np.int64))
    doctor = np.where(own >= 0, np.where(place == 0, doctor, own), doctor)
    has = world.people.conditions[person][:, 1:4]
    illness = np.where(has.any(axis=1), has.argmax(axis=1), 1)
    groups = world.catalogue.diagnoses["group"].to_numpy()
    draft = bills.open(
        f"{_CODE}/{number}",
        n,
        person=person,
        provider=provider,
        encounter=CHRONIC,
        start=time,
        end=time,
        settle=settle,
        doctor=own,
        dx1=np.array([np.flatnonzero(groups == name)[0] for name in _ILLNESSES])[illness],
        override_by=_ROTA + 1 + number,
    )
    at_shop = own < 0
    rx = np.full(n, -1)
    rx[at_shop] = bills.prescribe(
        f"{_CODE}/{number}",
        int(at_shop.sum()),
        person=person[at_shop],
        issuer=partners[0],
        prescriber=doctor[at_shop],
        issue_time=time[at_shop] - rng.integers(600, 3 * HOUR, int(at_shop.sum())),
        channel=0,
        dispenser=provider[at_shop],
        dispense_time=time[at_shop],
        draft=draft[at_shop],
    )
    seen = ~at_shop
    bills.charge(draft[seen], world.catalogue.item("普通门诊诊察"), time[seen], prescriber=doctor[seen])
    _hoard(stage, rng, bills, _Collections(person, provider, doctor, time, illness), draft=draft, rx=rx)
    return stage.add(bills)


def _let_through(rng: np.random.Generator, time: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Draw when the insider lets a bill pass that the check held back: soon, or in the evening when nobody looks."""
    n = len(time)
    evening = (time // DAY) * DAY + ((18.6 + 4.2 * rng.random(n)) * HOUR).astype(np.int64)
    late = rng.random(n) < rng.uniform(0.3, 0.6)
    settle: npt.NDArray[np.int64] = np.where(
        late, np.maximum(evening, time + 1_200), time + rng.integers(600, 2 * HOUR, n)
    )
    return settle


def _hoard(
    stage: Stage,
    rng: np.random.Generator,
    bills: Bills,
    collections: _Collections,
    *,
    draft: npt.NDArray[np.int64],
    rx: npt.NDArray[np.int64],
) -> None:
    """Bill dear drugs, often more than a fill may hold; everyone collects one drug again and again."""
    catalogue, items, n = stage.world.catalogue, stage.world.catalogue.items, len(draft)
    dear = (items["price"].to_numpy() >= _DEAR) & (items["days_per_pack"].to_numpy(float) >= _LASTS_DAYS)
    most = largest_fill(catalogue)
    _, whose = np.unique(collections.person, return_inverse=True)
    for kind, name in enumerate(_ILLNESSES):
        on = collections.illness == kind
        shelf = catalogue.group(name)
        if name == "heart":
            shelf = unquestioned(catalogue, catalogue.group("premium"))
        shelf = shelf[dear[shelf]]
        favourite = rng.choice(shelf, int(whose.max()) + 1)
        item = np.where(rng.random(n) < 0.85, favourite[whose], rng.choice(shelf, n))
        much = rng.random(n) < 0.5
        packs = np.where(much, most[item].astype(np.int64) + rng.integers(1, 5, n), rng.integers(2, 5, n))
        supply = (packs * items["days_per_pack"].to_numpy(float)[item]).astype(np.int64)
        bills.charge(
            draft[on],
            item[on],
            collections.time[on] + 300,
            quantity=packs[on],
            days_supply=supply[on],
            prescriber=collections.doctor[on],
            rx=rx[on],
        )


def _ordinary_work(stage: Stage, rng: np.random.Generator, region: int, number: int, n: int) -> None:
    """Let the insider do the ordinary work of a colleague too, all over the region."""
    visits = stage.visits
    where = stage.world.places.providers["region"].to_numpy()[visits["provider"].to_numpy()]
    busy = np.isin(visits["provider"].to_numpy(), sorted(stage.busy))
    free = (where == region) & ~busy & (visits["same_encounter_as"].to_numpy() < 0)
    rows = np.flatnonzero(free & (visits["override_by"].to_numpy() < 0))
    chosen = visits.iloc[np.sort(rng.choice(rows, min(n, len(rows)), replace=False))]
    stage.revise(visits=chosen.assign(override_by=_ROTA + 1 + number))


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant an insider and the two providers who pay for the favour."""
    rng = stage.rng(_CODE, str(number))
    partners = _partners(stage, rng)
    n = _OVERRIDES[size]
    collectors = _collectors(stage, rng, partners[0], max(_FEWEST_COLLECTORS, round(n / rng.uniform(4.0, 8.0))))
    stage.busy_persons.update(collectors.tolist())
    person, day = returning(rng, collectors, n, stage.window(rng))
    drafts = _bill(stage, rng, number, partners=partners, person=person, day=day)
    region = int(stage.world.places.providers["region"].to_numpy()[partners[0]])
    _ordinary_work(stage, rng, region, number, round(n * rng.uniform(0.08, 0.2)))
    visits = stage.visits
    visits = visits[np.isin(visits["draft"].to_numpy(), drafts)]
    provider, day = visits["provider"].to_numpy(), visits["start"].to_numpy() // DAY
    truth = stage.truth
    for partner in partners:
        mine = day[provider == partner]
        if len(mine):
            truth.add_provider(partner, _CODE, int(mine.min()), int(mine.max()), size)
    truth.add_patients(_CODE, visits["person"].to_numpy(), day)
    lines = stage.lines(drafts)
    truth.add_practitioners(_CODE, np.unique(lines["prescriber"].to_numpy()))
    truth.add_settlements(_CODE, visits["draft"].to_numpy())


def plant_twin(stage: Stage) -> None:
    """Leave one colleague alone with a district: all its ordinary overrides carry one name."""
    rng = stage.rng(_CODE, "twin")
    visits, providers = stage.visits, stage.world.places.providers
    region = providers["region"].to_numpy()
    idle = stage.idle(*providers["kind"].unique().tolist())
    idle = idle[region[idle] != stage.world.geography.capital]
    if not len(idle):
        raise NoRoomError("no provider is left for a district with one colleague")
    regions, sizes = np.unique(region[idle], return_counts=True)
    district = int(rng.choice(regions, p=sizes / sizes.sum()))
    there = region[visits["provider"].to_numpy()] == district
    shared = visits["same_encounter_as"].to_numpy()
    base = np.where(shared >= 0, shared, visits["draft"].to_numpy())
    hers = there & is_overridden(base, stage.world.seed) & (visits["override_by"].to_numpy() < 0)
    stage.revise(visits=visits[hers].assign(override_by=_ROTA))
    counts = np.bincount(visits["provider"].to_numpy()[hers], minlength=len(providers))
    here = idle[(region[idle] == district) & (counts[idle] > 0)]
    favourites = here[np.argsort(-counts[here], kind="stable")[:_NAMED]]
    stage.busy.update(favourites.tolist())
    stage.truth.add_twins("provider", favourites, _CODE, _ALONE)


INSIDER_OVERRIDES = Scheme(_CODE, 400, plant, plant_twin)
