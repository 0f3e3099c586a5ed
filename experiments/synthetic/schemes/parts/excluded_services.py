"""Services beside those that contain them: unlawful at one site of the body, lawful at two where the pair says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.schemes.parts.standing import counted, standing, volumes
from experiments.synthetic.schemes.scheme import NoRoomError
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    from experiments.synthetic.schemes.scheme import Stage

_BESIDE = (("一级护理", "二级护理"), ("专家诊察", "主治医师诊察"))  # what was done, and what it contains
_ADULT = 18
_POSTED = 0.8  # of the lines on a tampered bill
_HOSTS = ("tertiary", "secondary", "township")
_LOOKED_AT = 6  # of the busiest hospitals, to find one with a gymnasium


def bill_beside(
    stage: Stage, rng: np.random.Generator, provider: int, span: tuple[int, int], share: float
) -> pd.DataFrame:
    """Bill the contained service beside the one that contains it, on a share of bills; return the lines added."""
    lines = counted(stage, standing(stage, provider, span))
    item = stage.world.catalogue.item
    parts = [lines.iloc[:0]]
    for done, contained in _BESIDE:
        on = lines[lines["item"].to_numpy() == item(done)]
        bills = np.unique(on["draft"].to_numpy())
        on = on[np.isin(on["draft"].to_numpy(), bills[rng.random(len(bills)) < share])]
        on = on[rng.random(len(on)) < _POSTED]
        if len(on):
            fresh = on.assign(item=item(contained))
            parts.append(fresh.assign(uid=stage.append(fresh)))
    return pd.concat(parts, ignore_index=True)


def treat_two_sites(stage: Stage, rng: np.random.Generator) -> int:
    """Let one hospital exercise one side of an adult's body and massage the other on one day; return the hospital.

    Raises
    ------
    NoRoomError
        When no hospital that exercises patients is left.
    """
    item = stage.world.catalogue.item
    exercise, massage = item("运动疗法"), item("推拿治疗")
    idle = stage.idle(*_HOSTS)
    busiest = idle[np.argsort(-volumes(stage)[idle], kind="stable")[:_LOOKED_AT]]
    whole = (0, stage.world.calendar.n_days)
    lines_of = {int(p): counted(stage, _of_adults(stage, standing(stage, int(p), whole))) for p in busiest}
    exercised = {p: lines[lines["item"].to_numpy() == exercise] for p, lines in lines_of.items()}
    most = max((len(on) for on in exercised.values()), default=0)
    able = np.array([p for p, on in exercised.items() if len(on) >= max(1, most // 2)], np.int64)
    provider = stage.host(rng, *_HOSTS, among=able)
    lines, on = lines_of[provider], exercised[provider]
    on = on[rng.random(len(on)) < 0.5]
    other = lines[lines["item"].to_numpy() == massage]
    taken = set(zip(other["draft"], other["time"] // DAY, strict=True))
    free = [key not in taken for key in zip(on["draft"], on["time"] // DAY, strict=True)]
    on = on[np.array(free, bool)]
    if not len(on):
        raise NoRoomError("no hospital that exercises patients is left")
    billed = stage.lines(np.unique(on["draft"].to_numpy()))
    left = np.isin(billed["uid"].to_numpy(), on["uid"].to_numpy())
    stage.revise(lines=billed.assign(site=np.where(left, 1, billed["site"].to_numpy())))
    stage.append(on.assign(item=massage, site=2, time=on["time"] + 30))
    return provider


def _of_adults(stage: Stage, visits: pd.DataFrame) -> pd.DataFrame:
    """Visits of grown people: small children get no massage."""
    return visits[stage.world.people.age[visits["person"].to_numpy()] >= _ADULT]
