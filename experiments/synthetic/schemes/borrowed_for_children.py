"""H20: adults' cards pay for the drugs of children who have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import Bills
from experiments.synthetic.register import birth_shift
from experiments.synthetic.schemes.parts.consultations import see
from experiments.synthetic.schemes.parts.lent_cards import CARDS, courses, holders, note
from experiments.synthetic.schemes.parts.standing import busy_host
from experiments.synthetic.schemes.scheme import Scheme, Stage

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H20"
_HOSTS = ("township", "community", "clinic")
_AGES = (24, 60)
_APART, _MOST_VISITS = 33, 5  # a course is over when the drug was not used for a month
_MISREGISTERED = 8
_BIRTH = "registered with a birth year that is decades too early: each children's drug contradicts the register"


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one provider treat children on the cards of their parents."""
    rng = stage.rng(_CODE, str(number))
    provider = busy_host(stage, rng, *_HOSTS)
    people, catalogue = stage.world.people, stage.world.catalogue
    fit = (people.age >= _AGES[0]) & (people.age <= _AGES[1])
    cards = holders(stage, rng, provider, CARDS[size], fit=fit)
    person, day, _ = courses(rng, cards, stage.window(rng), apart=_APART, most=_MOST_VISITS)
    n, bills = len(person), Bills()
    colds = catalogue.diagnoses_of("acute")[:2]
    source = f"{_CODE}/{number}"
    seen = see(stage, bills, rng, source, person=person, provider=provider, day=day, dx1=rng.choice(colds, n))
    shelf = catalogue.group("paediatric")
    drug = shelf[rng.integers(0, len(shelf), n)]
    days = catalogue.items["days_per_pack"].to_numpy(float)
    packs = rng.integers(1, 4, n)
    seen.charge(drug, on=True, later=1_200, quantity=packs, days=(packs * days[drug]).astype(np.int64))
    other = rng.choice(catalogue.group("respiratory")[[3, 7]], n)  # what people of any age take against a cough
    one = days[other].astype(np.int64)
    seen.charge(other, rng.random(n) < 0.5, 1_260, days=one)
    note(stage, _CODE, provider, stage.add(bills), shelf)


def plant_twin(stage: Stage) -> None:
    """Register some children as adults."""
    rng = stage.rng(_CODE, "twin")
    children = _treated_children(stage)
    children = children[~np.isin(children, sorted(stage.busy_persons))]
    chosen = np.sort(rng.choice(children, min(_MISREGISTERED, len(children)), replace=False))
    decades = rng.integers(2, 5, len(chosen))
    shift = birth_shift(stage.world.people.age[chosen], decades)
    stage.register.birth_shift.update(zip(chosen.tolist(), shift.tolist(), strict=True))
    stage.busy_persons.update(chosen.tolist())
    stage.truth.add_twins("patient", chosen, _CODE, _BIRTH)


def _treated_children(stage: Stage) -> npt.NDArray[np.int64]:
    """Return the children who had children's drugs twice or oftener."""
    young = np.flatnonzero((stage.world.people.age >= 1) & (stage.world.people.age < 11))
    visits = stage.visits
    mine = visits[np.isin(visits["person"].to_numpy(), young) & (visits["reverses"].to_numpy() < 0)]
    lines = stage.lines(mine["draft"].to_numpy())
    own = lines["draft"].to_numpy()[np.isin(lines["item"].to_numpy(), stage.world.catalogue.group("paediatric"))]
    people, n = np.unique(mine["person"].to_numpy()[np.isin(mine["draft"].to_numpy(), own)], return_counts=True)
    often: npt.NDArray[np.int64] = people[n >= 2]
    return often


BORROWED_FOR_CHILDREN = Scheme(_CODE, 800, plant, plant_twin)
