"""H08: the billing office posts again what was done once, or beside it what it contains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.schemes.parts.excluded_services import bill_beside, treat_two_sites
from experiments.synthetic.schemes.scheme import Scheme, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "H08"
_SHARES = {"small": 0.05, "medium": 0.2, "large": 0.6}  # of encounters
_HOSTS = ("tertiary", "secondary", "township", "community")
_TEMPTING = ("laboratory", "examination", "treatment", "nursing")
_REPEATED = 0.25  # of the tempting lines of a tampered bill
_SAME_MINUTE = 0.55  # the rest is posted again some minutes later
_WITH_PAIRS = 0.6  # share of instances that bill contained services too
_LABS_NOTE = "ward tests taken twice a day, morning and evening, at their own times"
_SITES_NOTE = "both sides examined or treated: the second line names the other side"
_PAIR_NOTE = "exercise and massage of one day are for two sides of the body, as the pair's exception allows"


def _billed_at(stage: Stage, provider: int, first: int, last: int) -> pd.DataFrame:
    """Return forward lines of services at a provider in a span of days, with nothing cancelled among them."""
    visits = stage.visits
    mine = visits[(visits["provider"] == provider) & (visits["reverses"] < 0)]
    reversed_ = visits.loc[visits["reverses"] >= 0, "reverses"]
    mine = mine[~mine["draft"].isin(reversed_) & (mine["same_encounter_as"] < 0)]
    day = mine["start"] // DAY
    mine = mine[(day >= first) & (day <= last)]
    category = stage.world.catalogue.items["category"].to_numpy()
    lines = stage.lines(mine["draft"].to_numpy())
    found = lines[np.isin(category[lines["item"]], _TEMPTING) & (lines["quantity"] > 0)]
    return found[~found["uid"].isin(lines["cancels"])]


def _end_of(stage: Stage, draft: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    visits = stage.visits.set_index("draft")
    ends: npt.NDArray[np.int64] = np.where(
        visits["is_stay"].reindex(draft).to_numpy(bool),
        visits["end"].reindex(draft).to_numpy() - 60,
        np.int64(1) << 50,
    )
    return ends


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant duplicates at one hospital or community centre."""
    rng = stage.rng(_CODE, str(number))
    first, last = stage.window(rng)
    idle = stage.idle(*_HOSTS)
    volume = np.bincount(stage.visits["provider"].to_numpy(), minlength=int(idle.max(initial=0)) + 1)[idle]
    busier = idle[volume >= np.median(volume)] if len(idle) else idle
    provider = stage.host(rng, *_HOSTS, among=busier)
    candidates = _billed_at(stage, provider, first, last)
    drafts = np.unique(candidates["draft"].to_numpy())
    chosen = drafts[rng.random(len(drafts)) < _SHARES[size] * rng.uniform(0.85, 1.15)]
    candidates = candidates[candidates["draft"].isin(chosen)]
    # Each tampered bill repeats at least one line, a long stay several.
    luck = rng.random(len(candidates))
    first_line = ~candidates["draft"].duplicated().to_numpy()
    picked = candidates[(luck < _REPEATED) | first_line]
    n = len(picked)
    if not n:
        return
    later = np.where(rng.random(n) < _SAME_MINUTE, 0, rng.integers(60, 1_500, n))
    time = picked["time"].to_numpy() + later
    same_day = np.minimum(time, (picked["time"].to_numpy() // DAY + 1) * DAY - 60)
    time = np.maximum(np.minimum(same_day, _end_of(stage, picked["draft"].to_numpy())), picked["time"].to_numpy())
    uid = stage.append(picked.assign(time=time))
    visits = stage.visits.set_index("draft").loc[np.unique(picked["draft"])]
    stage.truth.add_provider(
        provider, _CODE, int(visits["settle"].min()) // DAY, int(visits["settle"].max()) // DAY, size
    )
    stage.truth.add_lines(_CODE, picked["draft"].to_numpy(), uid)
    if rng.random() < _WITH_PAIRS:
        beside = bill_beside(stage, rng, provider, (first, last), _SHARES[size])
        stage.truth.add_lines(_CODE, beside["draft"].to_numpy(), beside["uid"].to_numpy())


def plant_twin(stage: Stage) -> None:
    """Let one hospital test twice a day, another treat both sides of the body, a third exercise one, massage one."""
    rng = stage.rng(_CODE, "twin")
    labs, sides = (stage.host(rng, "secondary", "township") for _ in range(2))
    items = stage.world.catalogue.items
    here = _billed_at(stage, labs, 0, stage.world.calendar.n_days)
    here = here[np.isin(items["group"].to_numpy()[here["item"]], ("lab_basic", "blood_gas"))]
    here = here[(here["time"] % DAY < 12 * 3_600) & (rng.random(len(here)) < 0.3)]
    evening = here["time"].to_numpy() + 9 * 3_600
    stays = stage.visits.loc[stage.visits["is_stay"].to_numpy(bool), "draft"]
    fits = here["draft"].isin(stays).to_numpy() & (evening < _end_of(stage, here["draft"].to_numpy()))
    here = here.assign(time=evening)[fits]
    both = _billed_at(stage, sides, 0, stage.world.calendar.n_days)
    paired = np.isin(
        items["group"].to_numpy()[both["item"]], ("xray", "ultrasound", "acupuncture", "physio", "dressing")
    )
    both = both[paired & (rng.random(len(both)) < 0.6)]
    sided = stage.lines(np.unique(both["draft"].to_numpy()))
    stage.revise(lines=sided.assign(site=np.where(sided["uid"].isin(both["uid"]), 1, sided["site"])))
    stage.append(here)
    stage.append(both.assign(site=2))
    stage.truth.add_twins("provider", [labs], _CODE, _LABS_NOTE)
    stage.truth.add_twins("provider", [sides], _CODE, _SITES_NOTE)
    stage.truth.add_twins("provider", [treat_two_sites(stage, rng)], _CODE, _PAIR_NOTE)


DUPLICATE_LINES = Scheme(_CODE, 400, plant, plant_twin)
