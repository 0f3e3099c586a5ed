"""H05: a stay is cut in two as in H04, but the second case is given another illness, so that no rule sees a return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import NONE
from experiments.synthetic.schemes.parts.cut_stays import STAYS, cut_in_two, draw_long_stays, reached
from experiments.synthetic.schemes.scheme import Scheme, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "H05"
_LONGEST_GAP = 24  # days at home on paper: with a new illness nobody waits for a window to pass
_REPEATED = 0.85  # share of the first case's tests that the second repeats for the new illness
_PROMOTED = 0.6  # share in which an illness that stood second comes first
_NEVER = ("O82.900", "H25.900", "K40.900", "K35.800", "S82.201", "N18.500")  # nobody believes these without proof
_WITHIN_DAYS = 30
_ALIKE = 0.5  # share of items in common below which two stays are two illnesses
_NEW_ILLNESS = "back within a month with a real new illness: another chapter, other items"


def _prefix(stage: Stage, length: int) -> npt.NDArray[np.str_]:
    """First characters of each diagnosis: one for the chapter, three for the category."""
    codes: npt.NDArray[np.str_] = stage.world.catalogue.diagnoses["code"].str[:length].to_numpy().astype(np.str_)
    return codes


def plant(stage: Stage, size: str, number: int) -> None:
    """Cut stays of one hospital and give the second case another main diagnosis."""
    rng = stage.rng(_CODE, str(number))
    hospital, mine = draw_long_stays(stage, rng, STAYS[size], longest_gap=_LONGEST_GAP)
    if not len(mine):
        return
    again = _diagnosed_anew(stage, rng, mine)
    second = cut_in_two(stage, rng, f"{_CODE}/{number}", again, repeat_tests=_REPEATED)
    visits = stage.visits.set_index("draft").loc[second]
    stage.truth.add_provider(
        hospital, _CODE, int(mine["end"].min()) // DAY, int(visits["settle"].max()) // DAY, reached(len(mine))
    )
    stage.truth.add_settlements(_CODE, second)
    stage.truth.add_patients(_CODE, visits["person"].to_numpy(), visits["start"].to_numpy() // DAY)


def _diagnosed_anew(stage: Stage, rng: np.random.Generator, stays: pd.DataFrame) -> pd.DataFrame:
    """Choose the new main diagnosis: the second one of before, or a neighbour in the same chapter."""
    diagnoses, n = stage.world.catalogue.diagnoses, len(stays)
    category, chapter = _prefix(stage, 3), _prefix(stage, 1)
    old, second = stays["dx1"].to_numpy(), stays["dx2"].to_numpy()
    code = diagnoses["code"].to_numpy().astype(np.str_)
    possible = diagnoses["gender"].isna().to_numpy() & diagnoses["care"].isin(("acute", "chronic")).to_numpy()
    possible &= (diagnoses["stay_weight"] > 0).to_numpy() & ~np.isin(code, _NEVER)
    neighbour = np.full(n, NONE)
    for dx in np.unique(old).tolist():
        other = possible & (category != category[dx])
        near = np.flatnonzero(other & (chapter == chapter[dx]))
        on = np.flatnonzero(old == dx)
        neighbour[on] = rng.choice(near if len(near) else np.flatnonzero(other), len(on))
    promoted = (second >= 0) & (category[second] != category[old]) & (rng.random(n) < _PROMOTED)
    main = np.where(promoted, second, neighbour)
    kept = rng.random(n) < 0.5  # the old illness stays on as a second one, or vanishes
    return stays.assign(dx1_again=main, dx2_again=np.where(kept, old, NONE), dx3_again=NONE)


def plant_twin(stage: Stage) -> None:
    """Name patients who really came back with something new, and a hospital that has several of them."""
    pairs = _real_returns(stage)
    idle = stage.idle("tertiary", "secondary", "township")
    pairs = pairs[np.isin(pairs["provider"].to_numpy(), idle)]
    if not len(pairs):
        return
    counts = pairs["provider"].value_counts()
    able = np.sort(counts.index[(counts * 2 >= counts.max()).to_numpy()].to_numpy())
    hospital = stage.host(stage.rng(_CODE, "twin"), "tertiary", "secondary", "township", among=able)
    mine = pairs[pairs["provider"] == hospital]
    stage.busy_persons.update(mine["person"].tolist())
    stage.truth.add_twins("provider", [hospital], _CODE, _NEW_ILLNESS)
    stage.truth.add_twins("patient", np.unique(mine["person"].to_numpy()), _CODE, _NEW_ILLNESS)


def _real_returns(stage: Stage) -> pd.DataFrame:
    """Return the second stays of honest patients: soon, same hospital, unplanned, another chapter, other items."""
    visits = stage.visits
    stays = visits[visits["is_stay"].to_numpy(bool) & (visits["reverses"] < 0).to_numpy()]
    stays = stays.sort_values(["person", "start"], kind="stable").reset_index(drop=True)
    before = stays[["draft", "person", "provider", "end", "dx1"]].shift(1, fill_value=NONE)
    chapter = _prefix(stage, 1)
    soon = (stays["start"] - before["end"] <= _WITHIN_DAYS * DAY) & (before["person"] == stays["person"])
    soon &= (before["provider"] == stays["provider"]) & ~stays["is_planned"].astype(bool)
    soon &= chapter[stays["dx1"]] != chapter[before["dx1"]]
    found = stays.assign(earlier=before["draft"])[soon]
    lines = stage.lines(np.r_[found["draft"].to_numpy(), found["earlier"].to_numpy()])
    items = lines.groupby("draft")["item"].agg(frozenset)
    alike = [_alike(items[a], items[b]) for a, b in zip(found["earlier"], found["draft"], strict=True)]
    return found[np.array(alike, float) < _ALIKE]


def _alike(first: frozenset[int], second: frozenset[int]) -> float:
    return len(first & second) / len(first | second)


SWAPPED_DIAGNOSIS = Scheme(_CODE, 400, plant, plant_twin)
