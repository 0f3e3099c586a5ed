"""D-45: an institution paid per head signs people as family-doctor patients who never come and may not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.payer.family_doctors import CONTRACT_DAYS, sign_contracts, teams_of
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.people import NEVER

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.world.world import World

_CODE = "D-45"
_PERSONS = {"small": 100, "medium": 500, "large": 2_000}
_REACHED = (("large", 1_000), ("medium", 250), ("small", 0))  # the size on record is that of the panel in the end
_HOSTS = {"small": ("community", "township", "village"), "medium": ("community", "township")}
_TAKEN = (0.45, 0.7)  # of the people around who are unsigned and unknown at the place: at most so many of them
_BATCHES = (3, 9)
_SIGNING_DAYS = (35, 85)  # between the first and the last batch
_BACKDATED = 0.2  # entered as if signed in the year before
_NEW_DAYS = 60  # a contract younger than this may well be unseen
_NEW_SHARE, _NEW_MOST = 0.03, 240
_NEW_NOTE = "new contracts of a sign-up campaign, none of them 60 days old: the people had no reason to come yet"


def _strangers(stage: Stage, contracts: pd.DataFrame, provider: int) -> npt.NDArray[np.int64]:
    """Return living people around a provider whom nobody has signed and who were never there, the nearer first."""
    world = stage.world
    people, townships = world.people, world.geography.townships
    fit = people.death_day == NEVER
    fit[contracts["person"].to_numpy()] = False
    fit[[person for person, *_ in stage.contracts]] = False
    fit[sorted(stage.busy_persons)] = False
    visits = stage.visits
    fit[visits["person"].to_numpy()[visits["provider"].to_numpy() == provider]] = False
    site = world.places.providers.iloc[provider]
    away = world.geography.kilometres(np.array([site["longitude"]]), np.array([site["latitude"]]))[:, 0]
    here = townships["region"].to_numpy() == site["region"]
    found = np.flatnonzero(fit & here[people.township])
    return found[np.argsort(away[people.township[found]], kind="stable")]


def _teams(world: World, contracts: pd.DataFrame, provider: int) -> int:
    signed = np.bincount(contracts["provider"].to_numpy(), minlength=len(world.places.providers))
    return int(teams_of(world, signed)[provider])


def plant(stage: Stage, size: str, number: int) -> None:
    """Sign people who never come, in batches, with the teams of one institution."""
    rng = stage.rng(_CODE, str(number))
    world, n_days = stage.world, stage.world.calendar.n_days
    first, last = stage.window(rng)
    provider = stage.host(rng, *_HOSTS.get(size, _HOSTS["medium"]))
    contracts = sign_contracts(world)
    around = _strangers(stage, contracts, provider)
    wanted = int(min(_PERSONS[size] * rng.uniform(0.85, 1.2), len(around) * rng.uniform(*_TAKEN)))
    if not wanted:
        raise NoRoomError("nobody is left to sign")
    # From the lists of the neighbourhood: the nearer a person lives, the likelier the name is at hand.
    chosen = around[np.argsort(rng.random(len(around)) * (1 + np.arange(len(around)) / len(around)))[:wanted]]
    latest = n_days - _NEW_DAYS - 5
    batch = first + np.sort(rng.integers(0, int(rng.integers(*_SIGNING_DAYS)), int(rng.integers(*_BATCHES))))
    batch = np.minimum(batch, max(latest, first - n_days))
    share = rng.dirichlet(np.full(len(batch), 2.0))
    start = batch[np.searchsorted(np.cumsum(share)[:-1], rng.random(wanted))] + rng.integers(0, 3, wanted)
    before = rng.random(wanted) < _BACKDATED
    start = np.where(before, -rng.integers(20, CONTRACT_DAYS // 2, wanted), start)
    teams = rng.permutation(_teams(world, contracts, provider))[: int(rng.integers(1, 3))]  # one or two teams take part
    team = rng.choice(teams, wanted)
    # Who never complains is signed again every year, as long as the scheme lasts.
    stage.contracts += [
        (person, provider, its_team, day, day + CONTRACT_DAYS - 1)
        for person, its_team, begins in zip(chosen.tolist(), team.tolist(), start.tolist(), strict=True)
        for day in range(begins, max(last, begins) + 1, CONTRACT_DAYS)
    ]
    reached = next(name for name, least in _REACHED if wanted >= least)
    begun = max(0, min(first, int(batch.min())))
    stage.truth.add_provider(provider, _CODE, begun, last, reached)
    stage.truth.add_patients(_CODE, chosen, np.maximum(start, begun))


def plant_twin(stage: Stage) -> None:
    """Let one institution sign newcomers in a campaign of the last weeks, whom it has not seen yet."""
    rng = stage.rng(_CODE, "twin")
    world, n_days = stage.world, stage.world.calendar.n_days
    provider = stage.host(rng, "community", "township")
    contracts = sign_contracts(world)
    around = _strangers(stage, contracts, provider)
    wanted = min(round(_NEW_SHARE * len(world.people)), _NEW_MOST, len(around) // 2)
    if not wanted:
        raise NoRoomError("nobody is left to sign")
    chosen = around[np.sort(rng.permutation(len(around))[:wanted])]
    stage.busy_persons.update(chosen.tolist())
    start = n_days - _NEW_DAYS + 4 + (rng.beta(2, 3, wanted) * (_NEW_DAYS - 8)).astype(np.int64)
    team = rng.integers(0, _teams(world, contracts, provider), wanted)
    rows = zip(chosen.tolist(), team.tolist(), start.tolist(), strict=True)
    stage.contracts += [(person, provider, t, day, day + CONTRACT_DAYS - 1) for person, t, day in rows]
    stage.truth.add_twins("provider", [provider], _CODE, _NEW_NOTE)
    stage.truth.add_twins("patient", chosen.tolist(), _CODE, _NEW_NOTE)


GHOST_PANEL = Scheme(_CODE, 400, plant, plant_twin)
