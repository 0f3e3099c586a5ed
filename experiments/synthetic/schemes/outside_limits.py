"""H18: listed drugs are given to people whose illness or insurance they are not paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import LINE_COLUMNS, NONE, OUTPATIENT
from experiments.synthetic.schemes.parts.standing import busy_host, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.people import CONDITIONS, INSURANCE

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H18"
_SHARES = {"small": 0.06, "medium": 0.2, "large": 0.55}  # of the visits of people whom a drug is not paid for
_FEWEST = 4  # visits
_HOSTS = ("secondary", "township", "community", "clinic")
# Drug, beginnings of the illnesses it is paid for, and the condition whose bearers are left alone.
_SUGAR = ("E10", "E11", "E12", "E13", "E14", "O24")
_DRUGS = (
    ("丁苯酞软胶囊", ("I63",), "heart"),
    ("达格列净片", _SUGAR, "diabetes"),
    ("西格列汀片", _SUGAR, "diabetes"),
    ("奥氮平片", ("F", "G47"), "psychiatry"),
)
_EMPLOYEES_ONLY = "注射用胸腺法新"
_ADULT = 20
_SECOND = "the illness that the drug is paid for stands among the secondary diagnoses"


def _visits(stage: Stage, provider: int, span: tuple[int, int]) -> pd.DataFrame:
    visits = standing(stage, provider, span, OUTPATIENT)
    adult = stage.world.people.age[visits["person"].to_numpy()] >= _ADULT
    visits = visits[adult & (visits["dx1"].to_numpy() >= 0) & (visits["doctor"].to_numpy() >= 0)]
    return visits.drop_duplicates("person")


def _give(stage: Stage, visits: pd.DataFrame, item: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Write one pack on each visit; return the numbers of the lines."""
    days = stage.world.catalogue.items["days_per_pack"].to_numpy(float)[item]
    columns = {name: np.full(len(visits), default) for name, default in LINE_COLUMNS.items()}
    columns |= {
        "draft": visits["draft"].to_numpy(),
        "item": item,
        "time": visits["start"].to_numpy() + 2_700,
        "days_supply": days.astype(np.int64),
        "prescriber": visits["doctor"].to_numpy(),
    }
    return stage.append(pd.DataFrame(columns))


def _unpaid(stage: Stage, rng: np.random.Generator, visits: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Choose for each visit a drug that is not paid for there; NONE where all of them are."""
    world, catalogue = stage.world, stage.world.catalogue
    person = visits["person"].to_numpy()
    codes = catalogue.diagnoses["code"].to_numpy().astype(str)
    ill = [np.where(visits[dx] >= 0, codes[visits[dx].to_numpy()], "") for dx in ("dx1", "dx2", "dx3")]
    able = np.zeros((len(visits), len(_DRUGS) + 1), bool)
    for place, (_, prefixes, condition) in enumerate(_DRUGS):
        meant = np.logical_or.reduce([np.char.startswith(dx, prefix) for dx in ill for prefix in prefixes])
        able[:, place] = ~meant & ~world.people.conditions[person, CONDITIONS.index(condition)]
    able[:, -1] = world.people.insurance[person] == INSURANCE.index("resident")
    items = np.array([catalogue.item(name) for name in (*(drug for drug, *_ in _DRUGS), _EMPLOYEES_ONLY)])
    pick = np.argmax(able * rng.random(able.shape), axis=1)
    return np.where(able.any(axis=1), items[pick], NONE)


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one provider give drugs outside the limits of the list."""
    rng = stage.rng(_CODE, str(number))
    provider = busy_host(stage, rng, *_HOSTS, busier=0.7)
    visits = _visits(stage, provider, stage.window(rng))
    n = max(_FEWEST, round(len(visits) * _SHARES[size] * rng.uniform(0.85, 1.15)))
    visits = visits.iloc[np.sort(rng.permutation(len(visits))[:n])]
    item = _unpaid(stage, rng, visits)
    visits, item = visits[item >= 0], item[item >= 0]
    if not len(visits):
        raise NoRoomError("no provider with visits enough is left")
    uid = _give(stage, visits, item)
    day = visits["start"].to_numpy() // DAY
    stage.truth.add_provider(provider, _CODE, int(day.min()), int(day.max()), size)
    stage.truth.add_lines(_CODE, visits["draft"].to_numpy(), uid)


def plant_twin(stage: Stage) -> None:
    """Give a drug after a stroke that is coded second."""
    rng = stage.rng(_CODE, "twin")
    provider = busy_host(stage, rng, "secondary", "township", "community")
    visits = _visits(stage, provider, (0, stage.world.calendar.n_days))
    visits = visits[(visits["dx2"].to_numpy() < 0) & (rng.random(len(visits)) < 0.15)]
    if len(visits):
        stroke = stage.world.catalogue.diagnoses["code"].tolist().index("I63.900")
        stage.revise(visits=visits.assign(dx2=stroke))
        _give(stage, visits, np.full(len(visits), stage.world.catalogue.item(_DRUGS[0][0])))
    stage.truth.add_twins("provider", [provider], _CODE, _SECOND)


OUTSIDE_LIMITS = Scheme(_CODE, 800, plant, plant_twin)
