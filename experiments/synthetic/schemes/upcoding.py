"""H21: coders add a complication nobody treated, or name a dearer main illness, so that the stay is paid more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import NONE
from experiments.synthetic.care.drg import complication_level, complication_places, drg_weights
from experiments.synthetic.care.illness_tests import COMPLICATION_TESTS
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage, size_reached
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "H21"
_SHARES = {"small": 0.02, "medium": 0.05, "large": 0.12}  # of the hospital's cases in the scheme's months
_REACHED = (("large", 0.077), ("medium", 0.032), ("small", 0.0))  # the size on record, by the geometric means
_HOSTS = ("tertiary", "secondary", "township")
_MOVED = 0.3  # share that gets another main diagnosis; the others a complication
_MAJOR = 0.35  # share of the complications that are major ones
_DEARER = {  # what is treated, and what the stay is called
    "J06.900": "J18.900",
    "J20.900": "J18.900",
    "J11.101": "J18.900",
    "M54.500": "M51.202",
    "I10.x00": "I25.100",
    "K29.500": "K80.200",
}
_FEWEST_CASES = 150
_FEWEST_RAISED = 3  # one stay is no scheme
_DOCUMENTED = 0.22  # share of the look-alike's stays that get a complication, with the care it takes
_DOCUMENTATION = "a programme of better documentation: more complications are coded, and each was treated"


def _cases(stage: Stage, provider: int, first: int, last: int) -> pd.DataFrame:
    """Return stays of a hospital that began in a span of days and have no complication yet."""
    visits = stage.visits
    day = visits["start"].to_numpy() // DAY
    mine = (visits["provider"].to_numpy() == provider) & visits["is_stay"].to_numpy(bool)
    mine &= (day >= first) & (day <= last) & ~visits["is_planned"].to_numpy(bool)
    stays = visits[mine]
    return stays[complication_level(stage.world, stays) == 0]


def _hospitals(stage: Stage) -> npt.NDArray[np.int64]:
    """Return hospitals with cases enough for a share of them to be something."""
    visits = stage.visits
    stays = visits["provider"].to_numpy()[visits["is_stay"].to_numpy(bool)]
    n_cases = np.bincount(stays, minlength=len(stage.world.places.providers))
    fewest = min(_FEWEST_CASES, int(n_cases[stage.idle(*_HOSTS)].max(initial=0)))
    return np.flatnonzero(n_cases >= max(fewest, 1))


def plant(stage: Stage, size: str, number: int) -> None:
    """Let the coding office of one hospital raise a share of its cases."""
    rng = stage.rng(_CODE, str(number))
    hospital = stage.host(rng, *_HOSTS, among=_hospitals(stage))
    first, last = stage.window(rng)
    cases = _cases(stage, hospital, first, last)
    share = _SHARES[size] * rng.uniform(0.85, 1.2)
    n = max(_FEWEST_RAISED, round(share * len(cases)))
    if len(cases) < 2 * n:
        raise NoRoomError("no hospital with cases enough is left")
    reached = size_reached(size, n / len(cases), _REACHED)
    codes = stage.world.catalogue.diagnoses["code"].tolist()
    target = np.full(len(codes), NONE)
    for treated, called in _DEARER.items():
        target[codes.index(treated)] = codes.index(called)
    movable = (target[cases["dx1"].to_numpy()] != NONE) & (cases["surgery"].to_numpy() < 0)
    # Short and cheap cases have most to gain; some weeks the office leaves the books alone.
    nights = (cases["end"] - cases["start"]).to_numpy() / DAY
    weeks = cases["start"].to_numpy() // (7 * DAY)
    idle_weeks = np.isin(weeks, rng.permutation(np.unique(weeks))[: len(np.unique(weeks)) // 6])
    weight = np.where(idle_weeks, 0.02, 1.0) * (1 + 2 * movable) / (2 + nights)
    chosen = np.sort(rng.choice(len(cases), n, replace=False, p=weight / weight.sum()))
    cases, movable = cases.iloc[chosen], movable[chosen]
    moves = movable & (rng.random(n) < _MOVED / max(movable.mean(), _MOVED))
    revised = cases.assign(
        dx1=np.where(moves, target[cases["dx1"].to_numpy()], cases["dx1"].to_numpy()),
        dx3=np.where(moves, cases["dx3"].to_numpy(), _complications(stage, rng, n)),
    )
    stage.revise(visits=revised)
    settle = revised["settle"].to_numpy() // DAY
    stage.truth.add_provider(hospital, _CODE, int(settle.min()), int(settle.max()), reached)
    now, then = (np.rint(drg_weights(stage.world, part) * 10_000).astype(np.int64) for part in (revised, cases))
    stage.truth.add_settlements(_CODE, revised["draft"].to_numpy(), part=now - then, whole=now)


def _complications(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    cc, mcc = complication_places(stage.world)
    return np.where(rng.random(n) < _MAJOR, rng.choice(mcc, n), rng.choice(cc, n))


def plant_twin(stage: Stage) -> None:
    """Let one hospital begin to code what it treats: complications with their monitors, oxygen and tests."""
    rng = stage.rng(_CODE, "twin")
    hospital = stage.host(rng, *_HOSTS, among=_hospitals(stage))
    n_days = stage.world.calendar.n_days
    cases = _cases(stage, hospital, int(n_days * rng.uniform(0.25, 0.4)), n_days)
    cases = cases[rng.random(len(cases)) < _DOCUMENTED]
    cases = cases.assign(dx3=_complications(stage, rng, len(cases)))
    stage.revise(visits=cases)
    _treat(stage, rng, cases)
    stage.truth.add_twins("provider", [hospital], _CODE, _DOCUMENTATION)


def _treat(stage: Stage, rng: np.random.Generator, cases: pd.DataFrame) -> None:
    """Add the care that a complication takes on the first nights, where it is not on the bill yet."""
    item = stage.world.catalogue.item
    lines = stage.lines(cases["draft"].to_numpy())
    beds = lines[lines["item"] == item("普通床位费")]
    of = cases.set_index("draft").reindex(beds["draft"])
    night = beds["time"].to_numpy() // DAY - of["start"].to_numpy() // DAY
    codes = stage.world.catalogue.diagnoses["code"].to_numpy()[of["dx3"].to_numpy()]
    tests = np.array([item(COMPLICATION_TESTS[code]) for code in codes], np.int64)
    day = beds["time"].to_numpy() // DAY
    known = set(zip(lines["draft"], lines["item"], lines["time"] // DAY, strict=True))
    for name, hour in (("吸氧", 9), ("心电监护", 9), ("电解质测定", 7), ("C反应蛋白测定", 7), (None, 7)):
        charged = tests if name is None else np.full(len(beds), item(name))
        rows = zip(beds["draft"].tolist(), charged.tolist(), day.tolist(), strict=True)
        fresh = np.array([row not in known for row in rows], bool) & (night < 4)
        time = day * DAY + hour * HOUR + rng.integers(0, 2_400, len(beds))
        time = np.clip(time, of["start"].to_numpy() + 600, of["end"].to_numpy() - 600)
        stage.append(beds.assign(item=charged, time=time, executor=NONE)[fresh])


UPCODING = Scheme(_CODE, 400, plant, plant_twin)
