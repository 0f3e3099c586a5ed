"""H13: the second operation of a session is billed at its full price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.synthetic.care.admissions import surgeries
from experiments.synthetic.care.bills import INPATIENT, LINE_COLUMNS
from experiments.synthetic.care.further_surgery import followers
from experiments.synthetic.schemes.parts.standing import counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage, size_reached
from experiments.synthetic.world.clock import DAY

_CODE = "H13"
_STAYS = {"small": 3, "medium": 10, "large": 35}
_REACHED = (("large", 20), ("medium", 6), ("small", 0))
_HOSTS = ("tertiary", "secondary")
_AT_MOST = 0.7  # share of the operations that another could follow
_INCISION = "the second operation has a site and an incision of its own, so that its full price is due"


def _operated(stage: Stage, hospital: int, span: tuple[int, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the first operations that another may follow, one a stay, and the second ones that are billed."""
    lines = counted(stage, standing(stage, hospital, span, INPATIENT))
    after = followers(stage.world)
    surgery = stage.world.catalogue.items["group"].to_numpy()[lines["item"].to_numpy()] == "surgery"
    lines = lines[surgery & (lines["executor"].to_numpy() >= 0)]
    second = lines[lines["price"].to_numpy() >= 0]
    first = lines[np.isin(lines["item"].to_numpy(), list(after)) & (lines["price"].to_numpy() < 0)]
    return first.drop_duplicates("draft"), second


def _operating(stage: Stage, rng: np.random.Generator) -> int:
    """Draw a hospital among those that do most of the operations that another may follow."""
    visits = stage.visits
    able = [dx for dx, surgery in surgeries(stage.world).items() if surgery.item in followers(stage.world)]
    done = visits["provider"].to_numpy()[np.isin(visits["surgery"].to_numpy(), able)]
    n = np.bincount(done, minlength=len(stage.world.places.providers))
    idle = stage.idle(*_HOSTS)
    return stage.host(rng, *_HOSTS, among=idle[(n[idle] > 0) & (2 * n[idle] >= n[idle].max(initial=0))])


def _add_second(stage: Stage, first: pd.DataFrame, *, site: int) -> pd.DataFrame:
    """Bill a second operation of the same surgeon half an hour after the first."""
    after = followers(stage.world)
    columns = {name: np.full(len(first), default) for name, default in LINE_COLUMNS.items()}
    columns |= {
        "draft": first["draft"].to_numpy(),
        "item": np.array([after[item] for item in first["item"].tolist()], np.int64),
        "time": first["time"].to_numpy() + 1_800,
        "prescriber": first["executor"].to_numpy(),
        "executor": first["executor"].to_numpy(),
        "site": np.full(len(first), site),
    }
    fresh = pd.DataFrame(columns)
    return fresh.assign(uid=stage.append(fresh))


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one hospital bill second operations in full, those that were done and some that were not."""
    rng = stage.rng(_CODE, str(number))
    hospital = _operating(stage, rng)
    first, second = _operated(stage, hospital, stage.window(rng))
    if not len(first):
        first, second = _operated(stage, hospital, (0, stage.world.calendar.n_days))
    free = first[~np.isin(first["draft"].to_numpy(), second["draft"].to_numpy())]
    n = min(max(_STAYS[size] - len(second), 1), int(np.ceil(len(free) * _AT_MOST)))
    chosen = free.iloc[np.sort(rng.permutation(len(free))[:n])]
    guilty = [_add_second(stage, chosen, site=0)] if len(chosen) else []
    done = second[: _STAYS[size]]
    if len(done):
        billed = stage.lines(np.unique(done["draft"].to_numpy()))
        on = np.isin(billed["uid"].to_numpy(), done["uid"].to_numpy())
        stage.revise(lines=billed.assign(price=np.where(on, -1, billed["price"])))
        guilty.append(done)
    if not guilty:
        raise NoRoomError("no hospital that operates enough is left")
    lines = pd.concat(guilty, ignore_index=True)
    day = lines["time"].to_numpy() // DAY
    reached = size_reached(size, len(lines), _REACHED)
    stage.truth.add_provider(hospital, _CODE, int(max(day.min(), 0)), int(day.max()), reached)
    stage.truth.add_lines(_CODE, lines["draft"].to_numpy(), lines["uid"].to_numpy(), part=1, whole=2)


def plant_twin(stage: Stage) -> None:
    """Let one hospital operate at two sites in a session."""
    rng = stage.rng(_CODE, "twin")
    hospital = _operating(stage, rng)
    first, second = _operated(stage, hospital, (0, stage.world.calendar.n_days))
    first = first[~np.isin(first["draft"].to_numpy(), second["draft"].to_numpy())]
    chosen = first[rng.random(len(first)) < 0.3]
    if len(chosen):
        billed = stage.lines(chosen["draft"].to_numpy())
        on = np.isin(billed["uid"].to_numpy(), chosen["uid"].to_numpy())
        stage.revise(lines=billed.assign(site=np.where(on, 1, billed["site"])))
        _add_second(stage, chosen, site=2)
    stage.truth.add_twins("provider", [hospital], _CODE, _INCISION)


SURGERY_DISCOUNT = Scheme(_CODE, 800, plant, plant_twin)
