"""H28: a township hospital bills what only hospitals of a higher grade may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import INPATIENT, LINE_COLUMNS
from experiments.synthetic.schemes.parts.standing import busy_host, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage, size_reached
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE, _OF_DRUGS = "H28", "H18"  # a drug's grade is a limit of the list of benefits
_STAYS = {"small": 4, "medium": 14, "large": 45}
_REACHED = (("large", 25), ("medium", 8), ("small", 0))
_OPERATION, _IMPLANT = "膝关节置换术", "膝关节假体"
_WARD_DRUGS = ("人血白蛋白注射液", "注射用重组人生长因子")
_ADULT = 20
_SHORTEST = 3  # nights
_OF_ITS_GRADE = "a hospital of exactly the grade that the drug asks for gives more of it than its neighbours"


def _stays(stage: Stage, hospital: int, span: tuple[int, int]) -> pd.DataFrame:
    stays = standing(stage, hospital, span, INPATIENT)
    nights = stays["end"].to_numpy() // DAY - stays["start"].to_numpy() // DAY
    grown = stage.world.people.age[stays["person"].to_numpy()] >= _ADULT
    return stays[(nights >= _SHORTEST) & grown]


def _charge(
    stage: Stage, stays: pd.DataFrame, item: npt.NDArray[np.int64], days_in: npt.NDArray[np.int64], hour: float
) -> pd.DataFrame:
    """Write one line on each stay, so many days after admission."""
    time = (stays["start"].to_numpy() // DAY + days_in) * DAY + int(hour * HOUR)
    columns = {name: np.full(len(stays), default) for name, default in LINE_COLUMNS.items()}
    columns |= {
        "draft": stays["draft"].to_numpy(),
        "item": item,
        "time": np.clip(time, stays["start"].to_numpy() + 600, stays["end"].to_numpy() - 600),
        "prescriber": stays["doctor"].to_numpy(),
    }
    fresh = pd.DataFrame(columns)
    return fresh.assign(uid=stage.append(fresh))


def _ward_drugs(stage: Stage, rng: np.random.Generator, stays: pd.DataFrame) -> pd.DataFrame:
    """Give one of the dear ward drugs on one or two days of each stay."""
    drugs = np.array([stage.world.catalogue.item(name) for name in _WARD_DRUGS])
    item = rng.choice(drugs, len(stays))
    parts = [_charge(stage, stays, item, np.ones(len(stays), np.int64), 10.1)]
    more = rng.random(len(stays)) < 0.5
    if more.any():
        parts.append(_charge(stage, stays[more], item[more], np.full(int(more.sum()), 2), 10.2))
    return pd.concat(parts, ignore_index=True)


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one township hospital bill operations and drugs that are beyond its grade."""
    rng = stage.rng(_CODE, str(number))
    hospital = busy_host(stage, rng, "township", busier=0.6)
    stays = _stays(stage, hospital, stage.window(rng))
    stays = stays.iloc[np.sort(rng.permutation(len(stays))[: _STAYS[size]])]
    if not len(stays):
        raise NoRoomError("no township hospital with stays enough is left")
    catalogue = stage.world.catalogue
    codes = catalogue.diagnoses["code"].to_numpy().astype(str)[stays["dx1"].to_numpy()]
    bones = np.char.startswith(codes, "M") | np.char.startswith(codes, "S")
    guilty = {}
    if bones.any():
        n = int(bones.sum())
        item = np.full(n, catalogue.item(_OPERATION))
        guilty[_CODE] = _charge(stage, stays[bones], item, np.ones(n, np.int64), 9.5)
        _charge(stage, stays[bones], np.full(n, catalogue.item(_IMPLANT)), np.ones(n, np.int64), 9.8)
    if not bones.all():
        guilty[_OF_DRUGS] = _ward_drugs(stage, rng, stays[~bones])
    reached = size_reached(size, len(stays), _REACHED)
    for code, own in guilty.items():
        day = own["time"].to_numpy() // DAY
        stage.truth.add_provider(hospital, code, int(max(day.min(), 0)), int(day.max()), reached)
        stage.truth.add_lines(code, own["draft"].to_numpy(), own["uid"].to_numpy())


def plant_twin(stage: Stage) -> None:
    """Let a hospital of the grade that is asked for give much of the drug."""
    rng = stage.rng(_CODE, "twin")
    hospital = busy_host(stage, rng, "secondary")
    stays = _stays(stage, hospital, (0, stage.world.calendar.n_days))
    held = stage.lines(stays["draft"].to_numpy())
    dear = stage.world.catalogue.group("ward_dear")
    has = held["draft"].to_numpy()[np.isin(held["item"].to_numpy(), dear)]
    stays = stays[~np.isin(stays["draft"].to_numpy(), has)]
    chosen = stays[rng.random(len(stays)) < 0.3]
    if len(chosen):
        _ward_drugs(stage, rng, chosen)
    stage.truth.add_twins("provider", [hospital], _CODE, _OF_ITS_GRADE)


ABOVE_LEVEL = Scheme(_CODE, 800, plant, plant_twin)
