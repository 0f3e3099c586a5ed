"""H15: treatments and tests that nobody gave are put on stays whose patients have gone home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import INPATIENT, LINE_COLUMNS
from experiments.synthetic.care.wards import LATEST_DAYS
from experiments.synthetic.schemes.parts.standing import busy_host, counted, standing
from experiments.synthetic.schemes.parts.stays import free_between
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage, size_reached
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H15"
_STAYS = {"small": 4, "medium": 14, "large": 45}
_REACHED = (("large", 25), ("medium", 9), ("small", 0))
_HOSTS = ("secondary", "township")
_DAYS = 5  # after the discharge on which lines are dated, at the most
_EACH = (3, 8)  # lines of a stay
_TREATMENTS = ("普通针刺", "中频脉冲电治疗", "雾化吸入", "静脉输液")  # by a nurse
_TESTS = ("彩色多普勒超声", "数字化X线摄影", "肝功能组合")  # by a technician
_TWINS, _RESULTS = 15, (1, 4)  # stays, and days until a result is posted
_LATE_RESULTS = "the laboratory posts its results some days after the patient went home: the sample was taken before"


def _gone_home(stage: Stage, rng: np.random.Generator, hospital: int, span: tuple[int, int]) -> pd.DataFrame:
    """Return stays of a hospital in random order, one a person, of idle people who are in no ward in the days after."""
    stays = standing(stage, hospital, span, INPATIENT)
    end = stays["end"].to_numpy() // DAY
    fit = ~stays["is_dead"].to_numpy(bool) & (end + LATEST_DAYS + 2 < stage.world.calendar.n_days)
    fit &= ~np.isin(stays["person"].to_numpy(), sorted(stage.busy_persons))
    fit &= free_between(stage, stays["person"].to_numpy(), end + 2, end + _DAYS + 1, visits_too=False, staff_too=True)
    found = stays[fit].drop_duplicates("person")
    return found.iloc[rng.permutation(len(found))]


def _settle_late(stage: Stage, rng: np.random.Generator, stays: pd.DataFrame) -> None:
    """Settle stays a week or two after the discharge, when everything has been posted: as the latest honest ones."""
    late = rng.integers(_DAYS + 1, LATEST_DAYS + 1, len(stays)) * DAY + rng.integers(600, 3 * HOUR, len(stays))
    stage.revise(visits=stays.assign(settle=stays["end"].to_numpy() + late))


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one hospital fill up bills after the discharge."""
    rng = stage.rng(_CODE, str(number))
    hospital = busy_host(stage, rng, *_HOSTS, encounter=INPATIENT)
    stays = _gone_home(stage, rng, hospital, stage.window(rng))[: _STAYS[size]]
    if not len(stays):
        raise NoRoomError("hardly anyone lies in hospital")
    _settle_late(stage, rng, stays)
    draft, uid = _invented(stage, rng, stays)
    day = stays["end"].to_numpy() // DAY
    reached = size_reached(size, len(stays), _REACHED)
    stage.truth.add_provider(hospital, _CODE, int(day.min()), int(day.max()) + _DAYS, reached)
    stage.truth.add_lines(_CODE, draft, uid)
    stage.busy_persons.update(stays["person"].tolist())


def _invented(
    stage: Stage, rng: np.random.Generator, stays: pd.DataFrame
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Write lines dated after the discharge; return draft and uid of each."""
    world = stage.world
    items = np.array([world.catalogue.item(name) for name in (*_TREATMENTS, *_TESTS)])
    each = rng.integers(*_EACH, len(stays))
    of = np.repeat(np.arange(len(stays)), each)
    order = np.argsort(rng.random((len(stays), len(items))), axis=1)
    turn = np.arange(len(of)) - np.repeat(np.cumsum(each) - each, each)
    kind = order[of, turn]  # each once a stay
    day = stays["end"].to_numpy()[of] // DAY + rng.integers(1, _DAYS + 1, len(of))
    time = day * DAY + ((8.5 + 8 * rng.random(len(of))) * HOUR).astype(np.int64)
    provider = stays["provider"].to_numpy()[of]
    nurse, technician = (world.places.rota(role, provider, day) for role in ("nurse", "technician"))
    columns = {
        "draft": stays["draft"].to_numpy()[of],
        "item": items[kind],
        "time": time,
        "prescriber": stays["doctor"].to_numpy()[of],
        "executor": np.where(kind < len(_TREATMENTS), nurse, technician),
    }
    lines = pd.DataFrame({**LINE_COLUMNS, **columns})
    return lines["draft"].to_numpy(), stage.append(lines)


def plant_twin(stage: Stage) -> None:
    """Let the laboratory of one hospital post some results after the discharge."""
    rng = stage.rng(_CODE, "twin")
    hospital = busy_host(stage, rng, *_HOSTS, encounter=INPATIENT)
    stays = _gone_home(stage, rng, hospital, (0, stage.world.calendar.n_days))
    tests = counted(stage, stays)
    tests = tests[np.isin(tests["item"].to_numpy(), stage.world.catalogue.group("lab_more"))]
    late = tests.sort_values(["draft", "time", "uid"]).drop_duplicates("draft", keep="last").head(_TWINS)
    if not len(late):
        raise NoRoomError("hardly anyone lies in hospital")
    stays = stays[np.isin(stays["draft"].to_numpy(), late["draft"].to_numpy())]
    _settle_late(stage, rng, stays)
    posted = stays.set_index("draft")["end"].reindex(late["draft"]).to_numpy() // DAY + rng.integers(
        *_RESULTS, len(late)
    )
    lines = stage.lines(stays["draft"].to_numpy())
    moved = pd.Series(posted * DAY + 8 * HOUR, index=late["uid"].to_numpy()).reindex(lines["uid"]).to_numpy()
    time = np.where(np.isnan(moved), lines["time"].to_numpy(), np.nan_to_num(moved)).astype(np.int64)
    stage.revise(lines=lines.assign(time=time))
    stage.truth.add_twins("provider", [hospital], _CODE, _LATE_RESULTS)


AFTER_DISCHARGE = Scheme(_CODE, 800, plant, plant_twin)
