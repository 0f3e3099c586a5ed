"""P01: a card goes from hospital to hospital on one day and fetches drugs at each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import PHARMACY, Bills
from experiments.synthetic.schemes.parts.consultations import THE_DOCTOR, see
from experiments.synthetic.schemes.parts.shelves import largest_fill, unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "P01"
_CARDS = {"small": 3, "medium": 8, "large": 25}
_KINDS = ("tertiary", "secondary", "township", "community", "clinic")
_DAYS, _PLACES = (3, 7), (3, 6)
_SHELVES = ("heart", "digestive", "pain")
_TWINS = 10
_REFERRED = "seen by the general practitioner, sent on to the hospital with a referral, its script filled at a pharmacy"


def _cards(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    return stage.enlist(rng, stage.idle_adults(), n, fewest=2 * n)


def _drugs(stage: Stage) -> npt.NDArray[np.int64]:
    catalogue = stage.world.catalogue
    return unquestioned(catalogue, np.concatenate([catalogue.group(name) for name in _SHELVES]))


def plant(stage: Stage, size: str, number: int) -> None:
    """Send cards round the hospitals on some days."""
    rng = stage.rng(_CODE, str(number))
    idle, shelf = stage.idle(*_KINDS), _drugs(stage)
    if len(idle) < _PLACES[1]:
        raise NoRoomError("hardly any hospital or clinic is left")
    first, last = stage.window(rng)
    rows = []
    for who in _cards(stage, rng, _CARDS[size]).tolist():
        days = rng.choice(np.arange(first, last + 1), min(int(rng.integers(*_DAYS)), last - first + 1), replace=False)
        for day in np.sort(days).tolist():
            places = rng.choice(idle, int(rng.integers(*_PLACES)), replace=False)
            rows += [(who, int(place), day, turn) for turn, place in enumerate(places.tolist())]
    person, provider, day, turn = np.array(rows, np.int64).T
    n, bills, catalogue = len(rows), Bills(), stage.world.catalogue
    second = (8 * HOUR + turn * 1.7 * HOUR + 1.2 * HOUR * rng.random(n)).astype(np.int64)
    dx1 = catalogue.diagnoses_of("acute")[[4, 5]][rng.integers(0, 2, n)]
    source = f"{_CODE}/{number}"
    seen = see(stage, bills, rng, source, person=person, provider=provider, day=day, dx1=dx1, second=second)
    for place in range(2):
        drug = shelf[(rng.integers(0, len(shelf) // 2, n) * 2 + place) % len(shelf)]
        packs = np.minimum(rng.integers(2, 5, n), largest_fill(catalogue)[drug]).astype(np.int64)
        days = (packs * catalogue.items["days_per_pack"].to_numpy(float)[drug]).astype(np.int64)
        seen.charge(drug, rng.random(n) < (1.0, 0.6)[place], 600 + place, quantity=packs, days=days)
    kept = stage.book.visits_of(stage.add(bills))
    when = kept["start"].to_numpy() // DAY
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), when)


def plant_twin(stage: Stage) -> None:
    """Send some people from their practitioner to the hospital and to a pharmacy, all on one day."""
    rng = stage.rng(_CODE, "twin")
    world, bills, catalogue = stage.world, Bills(), stage.world.catalogue
    people = _cards(stage, rng, _TWINS)
    day = rng.integers(0, world.calendar.n_days - 1, _TWINS)
    gp, hospital, shop = (world.usual[name][people] for name in ("gp", "tertiary", "pharmacy"))
    dx1 = catalogue.diagnoses_of("acute")[[5] * _TWINS]
    morning = np.full(_TWINS, 8 * HOUR) + rng.integers(0, HOUR, _TWINS)
    see(stage, bills, rng, f"{_CODE}/gp", person=people, provider=gp, day=day, dx1=dx1, second=morning)
    noon = morning + 4 * HOUR
    seen = see(stage, bills, rng, f"{_CODE}/up", person=people, provider=hospital, day=day, dx1=dx1, second=noon)
    seen.charge(catalogue.item("专家诊察"), on=True, later=60, executor=THE_DOCTOR)
    fill = seen.time + 3 * HOUR
    draft = bills.open(
        f"{_CODE}/fill",
        _TWINS,
        person=people,
        provider=shop,
        encounter=PHARMACY,
        start=fill,
        end=fill,
        settle=fill + 60,
    )
    rx = bills.prescribe(
        f"{_CODE}/fill",
        _TWINS,
        person=people,
        issuer=hospital,
        prescriber=seen.doctor,
        issue_time=seen.time + 900,
        channel=1,
        dispenser=shop,
        dispense_time=fill,
        draft=draft,
    )
    drug = _drugs(stage)[rng.integers(0, 6, _TWINS)]
    days = catalogue.items["days_per_pack"].to_numpy(float)[drug].astype(np.int64)
    bills.charge(draft, drug, fill, days_supply=days, prescriber=seen.doctor, rx=rx)
    kept = stage.book.visits_of(stage.add(bills))
    up = kept[np.isin(kept["draft"].to_numpy(), seen.draft)]
    stage.revise(visits=up.assign(referral=up["draft"]))
    stage.truth.add_twins("patient", people, _CODE, _REFERRED)


MANY_HOSPITALS = Scheme(_CODE, 800, plant, plant_twin)
