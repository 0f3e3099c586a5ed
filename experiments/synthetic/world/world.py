"""The world of a city: all that exists before anyone falls ill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import stream
from experiments.synthetic.world.agreements import with_agreements
from experiments.synthetic.world.capital import n_outside, with_outside
from experiments.synthetic.world.catalogue import Catalogue, load_catalogue
from experiments.synthetic.world.choice import Chooser
from experiments.synthetic.world.clock import Calendar
from experiments.synthetic.world.geography import Geography, make_geography
from experiments.synthetic.world.people import People, make_people
from experiments.synthetic.world.places import Places, housed, make_places
from features.errors import InputError

if TYPE_CHECKING:
    import numpy.typing as npt

_CHOICES = {
    "gp": ("community", "township", "clinic", "village"),
    "clinic": ("clinic", "village"),
    "secondary": ("secondary", "township"),
    "tertiary": ("tertiary",),
    "ward": ("secondary", "township", "tertiary"),
    "pharmacy": ("pharmacy",),
}


@dataclass(frozen=True)
class World:
    """Calendar, land, people, providers, catalogue, and everyone's usual providers."""

    seed: int
    calendar: Calendar
    geography: Geography
    people: People
    places: Places
    catalogue: Catalogue
    choosers: dict[str, Chooser]
    usual: dict[str, npt.NDArray[np.int64]]

    def choose(
        self, rng: np.random.Generator, kind: str, person: npt.NDArray[np.int64], loyalty: float = 0.72
    ) -> npt.NDArray[np.int64]:
        """Choose a provider of a kind for each person: the usual one, or another draw."""
        other = self.choosers[kind].draw(rng, self.people.township[person])
        return np.where(rng.random(len(person)) < loyalty, self.usual[kind][person], other)


def make_world(persons: int, providers: int, months: int, start: str, seed: int) -> World:
    """Invent the city before its claims.

    Raises
    ------
    InputError
        When the numbers are too small to make a city.
    """
    if persons < 300:
        raise InputError.of("persons", "of the city", str(persons), "ask for at least 300")
    if not 30 <= providers <= persons // 2:
        raise InputError.of("providers", "of the city", str(providers), "ask for 30 to half the number of persons")
    calendar = Calendar.of(start, months)
    geography = make_geography(persons, seed)
    people = make_people(persons, geography, calendar.n_days, seed)
    outside = n_outside(providers)
    places = with_outside(make_places(providers - outside, persons, geography, seed), geography, outside, seed)
    places = with_agreements(housed(places, people, geography, seed), geography.village, calendar.n_days, seed)
    choosers = {}
    for name, kinds in _CHOICES.items():
        among = places.of_kind(*kinds)
        choosers[name] = Chooser.among(among[among != places.oncology_hospital], places, geography)
    rng = stream(seed, "usual")
    usual = {name: chooser.draw(rng, people.township) for name, chooser in choosers.items()}
    return World(seed, calendar, geography, people, places, load_catalogue(), choosers, usual)
