"""T12: a nurse's number stands under prescriptions."""

from __future__ import annotations

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, OUTPATIENT
from experiments.synthetic.schemes.parts.standing import busy_host, counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

_CODE = "T12"
_SHARES = {"small": 0.03, "medium": 0.12, "large": 0.4}  # of the visits at which drugs are prescribed
_HOSTS = ("township", "secondary")
_DRUGS = ("western_drug", "chinese_patent_drug")
_EXECUTES = "nurses give the drips and injections that doctors ordered: they execute and do not prescribe"


def plant(stage: Stage, size: str, number: int) -> None:
    """Let nurses of one hospital write prescriptions."""
    rng = stage.rng(_CODE, str(number))
    hospital = busy_host(stage, rng, *_HOSTS)
    places = stage.world.places.providers
    first, n = (int(places[name].to_numpy()[hospital]) for name in ("first_nurse", "n_nurses"))
    nurses = first + rng.permutation(max(n, 1))[:2]
    visits = standing(stage, hospital, stage.window(rng), OUTPATIENT, CHRONIC)
    visits = visits[rng.random(len(visits)) < _SHARES[size] * rng.uniform(0.85, 1.15)]
    lines = counted(stage, visits)
    items = stage.world.catalogue.items
    item = lines["item"].to_numpy()
    drug = np.isin(items["category"].to_numpy()[item], _DRUGS) & (items["in_scope"].to_numpy()[item] > 0)
    guilty = lines[drug & (lines["rx"].to_numpy() < 0) & (lines["prescriber"].to_numpy() >= 0)]
    if not n or not len(guilty):
        raise NoRoomError("no hospital with nurses and prescriptions enough is left")
    billed = stage.lines(np.unique(guilty["draft"].to_numpy()))
    on = np.isin(billed["uid"].to_numpy(), guilty["uid"].to_numpy())
    nurse = nurses[billed["draft"].to_numpy() % len(nurses)]
    stage.revise(lines=billed.assign(prescriber=np.where(on, nurse, billed["prescriber"])))
    day = guilty["time"].to_numpy() // DAY
    stage.truth.add_provider(hospital, _CODE, int(max(day.min(), 0)), int(day.max()), size)
    stage.truth.add_practitioners(_CODE, np.unique(nurse[on]).tolist())
    stage.truth.add_lines(_CODE, guilty["draft"].to_numpy(), guilty["uid"].to_numpy())


def plant_twin(stage: Stage) -> None:
    """Let nurses of one hospital execute what doctors order."""
    rng = stage.rng(_CODE, "twin")
    hospital = busy_host(stage, rng, *_HOSTS)
    visits = standing(stage, hospital, (0, stage.world.calendar.n_days), OUTPATIENT)
    lines = stage.lines(visits["draft"].to_numpy())
    group = stage.world.catalogue.items["group"].to_numpy()[lines["item"].to_numpy()]
    on = np.isin(group, ("infusion", "injection", "nebulise", "dressing"))
    drafts = np.unique(lines["draft"].to_numpy()[on])
    if len(drafts):
        billed = stage.lines(drafts)
        mine = np.isin(billed["uid"].to_numpy(), lines["uid"].to_numpy()[on])
        where = np.full(len(billed), hospital)
        nurse = stage.world.places.rota("nurse", where, billed["time"].to_numpy() // DAY)
        stage.revise(lines=billed.assign(executor=np.where(mine, nurse, billed["executor"])))
    stage.truth.add_twins("provider", [hospital], _CODE, _EXECUTES)


NURSES_PRESCRIBE = Scheme(_CODE, 800, plant, plant_twin)
