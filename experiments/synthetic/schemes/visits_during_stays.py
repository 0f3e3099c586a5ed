"""P13: cards of people who lie in hospital are run at a clinic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import PHARMACY, Bills
from experiments.synthetic.schemes.parts.consultations import see
from experiments.synthetic.schemes.parts.counter import CLINIC_SHELVES, SHOP_SHELVES
from experiments.synthetic.schemes.parts.shelves import unquestioned
from experiments.synthetic.schemes.parts.standing import busy_host
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import pandas as pd

_CODE = "P13"
_VISITS = {"small": 6, "medium": 25, "large": 80}
_HOSTS = ("clinic", "community")
_SHORTEST = 4  # nights
_TWINS = 10
_FETCHED = "a relative registered as proxy fetches drugs at home while the patient lies in hospital"


def _in_bed(stage: Stage, span: tuple[int, int]) -> pd.DataFrame:
    """Return stays of idle people, long enough to have days well inside; one a person."""
    visits = stage.visits
    stays = visits[visits["is_stay"].to_numpy(bool) & (visits["reverses"].to_numpy() < 0)]
    first, last = stays["start"].to_numpy() // DAY, stays["end"].to_numpy() // DAY
    fit = (last - first >= _SHORTEST) & (first >= span[0]) & (last <= span[1])
    leaves = stage.all_leaves()["draft"].to_numpy()
    fit &= np.isin(stays["person"].to_numpy(), stage.idle_adults()) & ~np.isin(stays["draft"].to_numpy(), leaves)
    return stays[fit].drop_duplicates("person")


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one clinic bill visits of people who lie in a ward."""
    rng = stage.rng(_CODE, str(number))
    provider = busy_host(stage, rng, *_HOSTS)
    stays = _in_bed(stage, stage.window(rng))
    near = stage.world.people.township[stays["person"].to_numpy()]
    home = near == stage.world.places.providers["township"].to_numpy()[provider]
    order = np.lexsort((rng.random(len(stays)), ~home))  # neighbours first
    stays = stays.iloc[np.sort(order[: max(2, _VISITS[size] // 2)])]
    if len(stays) < 2:
        raise NoRoomError("hardly anyone lies in hospital long enough")
    first, last = stays["start"].to_numpy() // DAY + 2, stays["end"].to_numpy() // DAY - 2
    row = np.arange(_VISITS[size]) % len(stays)
    day = first[row] + (rng.random(len(row)) * (last - first + 1)[row]).astype(np.int64)
    row, day = np.unique(np.stack([row, day]), axis=1)
    bills, catalogue = Bills(), stage.world.catalogue
    n, person = len(row), stays["person"].to_numpy()[row]
    dx1 = catalogue.diagnoses_of("acute")[[0, 5, 10]][rng.integers(0, 3, n)]
    seen = see(stage, bills, rng, f"{_CODE}/{number}", person=person, provider=provider, day=day, dx1=dx1)
    shelf = unquestioned(catalogue, np.concatenate([catalogue.group(name) for name in CLINIC_SHELVES]))
    drug = shelf[rng.integers(0, len(shelf), n)]
    packs = rng.integers(1, 3, n)
    days = (packs * catalogue.items["days_per_pack"].to_numpy(float)[drug]).astype(np.int64)
    seen.charge(drug, on=True, later=900, quantity=packs, days=days)
    kept = stage.book.visits_of(stage.add(bills, even_in_hospital=True))
    if not len(kept):
        raise NoRoomError("hardly anyone lies in hospital long enough")
    when = kept["start"].to_numpy() // DAY
    stage.truth.add_provider(provider, _CODE, int(when.min()), int(when.max()), size)
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), when)
    stage.busy_persons.update(kept["person"].tolist())


def plant_twin(stage: Stage) -> None:
    """Let relatives fetch drugs for some who lie in hospital, as registered proxies."""
    rng = stage.rng(_CODE, "twin")
    stays = _in_bed(stage, (0, stage.world.calendar.n_days - 1))
    stays = stays.iloc[np.sort(rng.permutation(len(stays))[:_TWINS])]
    if not len(stays):
        raise NoRoomError("nobody lies in hospital long enough")
    world, catalogue, bills, n = stage.world, stage.world.catalogue, Bills(), len(stays)
    person = stays["person"].to_numpy()
    time = (stays["start"].to_numpy() // DAY + 2) * DAY + world.calendar.draw_seconds(rng, n, "pharmacy")
    draft = bills.open(
        f"{_CODE}/fetched",
        n,
        person=person,
        provider=world.usual["pharmacy"][person],
        encounter=PHARMACY,
        start=time,
        end=time,
        settle=time + rng.integers(8, 90, n),
        is_proxy=True,
    )
    shelf = unquestioned(catalogue, np.concatenate([catalogue.group(name) for name in SHOP_SHELVES]))
    bills.charge(draft, shelf[rng.integers(0, len(shelf), n)], time, quantity=rng.integers(1, 3, n))
    stage.add(bills, even_in_hospital=True)
    stage.busy_persons.update(person.tolist())
    stage.truth.add_twins("patient", person, _CODE, _FETCHED)


VISITS_DURING_STAYS = Scheme(_CODE, 800, plant, plant_twin)
