"""Family-doctor contracts: who is signed where, renewed each year, most of them in spring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from experiments.synthetic import arrow
from experiments.synthetic.randomness import opaque_ids, stream
from experiments.synthetic.world.choice import Chooser

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from experiments.synthetic.identity import Identity
    from experiments.synthetic.world.world import World

KINDS = ("community", "township", "village")
CONTRACT_DAYS = 365
COLUMNS = ("person", "provider", "team", "start_day", "end_day")
_SIGNED = (0.3, 0.62)  # share of residents signed, by township between these
_CHRONIC, _OLD = 0.22, 0.1  # signed more: the chronically ill, those of 65 and more
_KEPT_USUAL = 0.93  # sign where they go anyway, if that is a place that signs
_NEW_A_YEAR, _LEAVES_A_YEAR = 0.13, 0.07
_SPRING = 0.72  # share of contracts begun in the campaign from March to May
_PERSONS_PER_TEAM = 600
_FEW = 4  # a place with less than one in so many of the regulars of the middling one signs nobody


def sign_contracts(world: World) -> pd.DataFrame:
    """Draw the contracts in force at some time of the window; the same for the same world.

    Returns
    -------
    DataFrame
        One row per contract: person, provider, team, start_day and end_day (inclusive, counted from the window's
        first day; the end may lie beyond the window). A person has one at a time.
    """
    rng = stream(world.seed, "family doctors")
    people, geography, n_days = world.people, world.geography, world.calendar.n_days
    n = len(people)
    share = rng.uniform(*_SIGNED, len(geography.townships))[people.township]
    share = share + _CHRONIC * people.conditions[:, :5].any(axis=1) + _OLD * (people.age >= 65)
    signed = rng.random(n) < share
    usual = world.usual["gp"]
    among = _visited(world.places.of_kind(*KINDS), usual)
    other = Chooser.among(among, world.places, geography).draw(rng, people.township)
    provider = np.where(np.isin(usual, among) & (rng.random(n) < _KEPT_USUAL), usual, other)
    teams = teams_of(world, np.bincount(provider[signed], minlength=len(world.places.providers)))
    team = (rng.random(n) * teams[provider]).astype(np.int64)
    # The day of the year on which a contract begins: the campaign's, or any.
    campaign = rng.normal(105, 22, n)
    year_day = np.where(rng.random(n) < _SPRING, np.clip(campaign, 60, 151), rng.uniform(0, 365, n)).astype(np.int64)
    offset = year_day - (world.calendar.first.timetuple().tm_yday - 1)
    years = n_days // CONTRACT_DAYS + 2
    is_new = rng.random(n) < _NEW_A_YEAR * years
    first_year = np.where(is_new, rng.integers(0, years, n), 0)
    parts = []
    for year in range(years):
        start = offset + (year - 1) * CONTRACT_DAYS
        stays = rng.random(n) >= _LEAVES_A_YEAR
        signed = signed & (stays | (year <= first_year))
        end = start + CONTRACT_DAYS - 1
        on = signed & (year >= first_year) & (start < n_days) & (end >= 0) & (start < people.death_day)
        who = np.flatnonzero(on)
        parts.append(
            pd.DataFrame(
                {
                    "person": who,
                    "provider": provider[who],
                    "team": team[who],
                    "start_day": start[who],
                    "end_day": np.minimum(end[who], people.death_day[who]),
                }
            )
        )
    contracts = pd.concat(parts, ignore_index=True)
    return contracts.sort_values(["person", "start_day"], kind="stable").reset_index(drop=True)


def _visited(among: npt.NDArray[np.int64], usual: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the places that people go to: one that hardly anybody knows has nobody to sign."""
    n_regulars = np.bincount(usual, minlength=among.max() + 1)[among]
    return among[n_regulars * _FEW >= np.median(n_regulars)]


def teams_of(world: World, signed: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the number of family-doctor teams of each provider, by those it has signed and the doctors it has."""
    doctors = world.places.providers["n_doctors"].to_numpy()
    teams: npt.NDArray[np.int64] = np.clip(np.ceil(signed / _PERSONS_PER_TEAM), 1, np.maximum(doctors, 1))
    return teams.astype(np.int64)


def contracts_table(world: World, who: Identity, more: Sequence[tuple[int, int, int, int, int]] = ()) -> pa.Table:
    """One row per person, provider and start of a family-doctor contract.

    Parameters
    ----------
    world, who
        The city.
    more : sequence of tuple
        Contracts beyond the honest ones: person, provider, team, first and last day.
    """
    added = pd.DataFrame(np.array(list(more), np.int64).reshape(-1, len(COLUMNS)), columns=list(COLUMNS))
    contracts = pd.concat([sign_contracts(world), added], ignore_index=True)
    contracts = contracts.drop_duplicates(["person", "provider", "start_day"])
    epoch = world.calendar.epoch
    provider, team = contracts["provider"].to_numpy(), contracts["team"].to_numpy()
    table = pa.table(
        {
            "person_id": arrow.codes(who.persons, contracts["person"].to_numpy()),
            "provider_id": arrow.codes(who.providers, provider),
            "team_id": opaque_ids(provider * 1_000 + team, world.seed, "team", "T"),
            "start_date": arrow.days(contracts["start_day"].to_numpy(), epoch),
            "end_date": arrow.days(contracts["end_day"].to_numpy(), epoch),
        }
    )
    return table.sort_by([("person_id", "ascending"), ("start_date", "ascending"), ("provider_id", "ascending")])
