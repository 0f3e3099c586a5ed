"""H19: men's cards pay for the antenatal visits of women who have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import OUTPATIENT, Bills
from experiments.synthetic.schemes.parts.consultations import THE_DOCTOR, see
from experiments.synthetic.schemes.parts.lent_cards import CARDS, courses, holders, note
from experiments.synthetic.schemes.parts.standing import busy_host, standing, volumes
from experiments.synthetic.schemes.scheme import Scheme, Stage

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H19"
_HOSTS = ("secondary", "township", "community")
_AGES = (23, 46)
_APART, _MOST_VISITS = 16, 6
_DONE, _WRITTEN = "膀胱镜检查", "宫腔镜检查"
_MISREGISTERED = 6
_LOOKED_AT = 7  # of the busiest hospitals
_FEWEST_DONE = 3  # cystoscopies at a hospital whose code map is wrong
_CODE_MAP = "the hospital's system maps its cystoscopy to the national code of hysteroscopy: the name billed is right"
_SEX = "registered with the wrong sex: each limited item, at whatever provider, contradicts the register"


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one provider see women on the cards of their husbands and brothers."""
    rng = stage.rng(_CODE, str(number))
    provider = busy_host(stage, rng, *_HOSTS)
    people, catalogue = stage.world.people, stage.world.catalogue
    fit = ~people.female & (people.age >= _AGES[0]) & (people.age <= _AGES[1])
    cards = holders(stage, rng, provider, CARDS[size], fit=fit)
    person, day, visit = courses(rng, cards, stage.window(rng), apart=_APART, most=_MOST_VISITS)
    bills = Bills()
    dx1 = catalogue.diagnoses["code"].tolist().index("Z34.900")
    seen = see(stage, bills, rng, f"{_CODE}/{number}", person=person, provider=provider, day=day, dx1=dx1)
    technician = stage.world.places.rota("technician", np.full(len(person), provider), day)
    seen.charge(catalogue.item("产前检查"), on=True, later=60, executor=THE_DOCTOR)
    seen.charge(catalogue.item("尿常规分析"), rng.random(len(person)) < 0.8, 900, executor=technician)
    seen.charge(catalogue.item("产科彩色多普勒超声"), visit % 2 == 0, 1_800, executor=technician)
    seen.charge(catalogue.item("胎心监护"), (visit >= 3) & (rng.random(len(person)) < 0.7), 2_700, executor=THE_DOCTOR)
    note(stage, _CODE, provider, stage.add(bills))


def plant_twin(stage: Stage) -> None:
    """Let one hospital write a wrong national code, and register some women as men."""
    rng = stage.rng(_CODE, "twin")
    catalogue = stage.world.catalogue
    done = catalogue.item(_DONE)
    idle = stage.idle("tertiary", "secondary", "township")
    busiest = idle[np.argsort(-volumes(stage)[idle], kind="stable")[:_LOOKED_AT]]
    able = np.array([h for h in busiest.tolist() if _times_done(stage, h, done) >= _FEWEST_DONE], np.int64)
    hospital = stage.host(rng, "tertiary", "secondary", "township", among=able)
    stage.register.code_maps.append((hospital, done, catalogue.item(_WRITTEN)))
    stage.truth.add_twins("provider", [hospital], _CODE, _CODE_MAP)
    women = _limited_to(stage, "female")
    women = women[np.isin(women, stage.idle_adults())]
    chosen = np.sort(rng.choice(women, min(_MISREGISTERED, len(women)), replace=False))
    stage.register.wrong_sex.update(chosen.tolist())
    stage.busy_persons.update(chosen.tolist())
    stage.truth.add_twins("patient", chosen, _CODE, _SEX)


def _times_done(stage: Stage, hospital: int, item: int) -> int:
    """Count how often a hospital bills an item to outpatients."""
    mine = standing(stage, hospital, (0, stage.world.calendar.n_days), OUTPATIENT)
    return int((stage.lines(mine["draft"].to_numpy())["item"].to_numpy() == item).sum())


def _limited_to(stage: Stage, sex: str) -> npt.NDArray[np.int64]:
    """Return the persons billed twice or oftener for illnesses of one sex."""
    visits = stage.visits
    codes = stage.world.catalogue.diagnoses["gender"].to_numpy()
    dx = visits["dx1"].to_numpy()
    mine = visits[(dx >= 0) & (codes[np.maximum(dx, 0)] == sex) & (visits["reverses"].to_numpy() < 0)]
    people, n = np.unique(mine["person"].to_numpy(), return_counts=True)
    often: npt.NDArray[np.int64] = people[n >= 2]
    return often


BORROWED_BY_WOMEN = Scheme(_CODE, 800, plant, plant_twin)
