"""H01: a recruiter fills a hospital with villagers who are not ill; their stays exist on paper, copied from a template.

They are fetched, admitted and sent home together, pay nothing, and some come again months later with the same
companions. The bed and the drugs are billed every day; nurse and laboratory appear on some days only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.synthetic.care.admissions import surgeries
from experiments.synthetic.care.bills import NOTHING_AT_THE_TILL, ORDINARY, Bills
from experiments.synthetic.schemes.parts.care_plan import CarePlan
from experiments.synthetic.schemes.parts.stays import Admissions, Course, plant_stays
from experiments.synthetic.schemes.parts.village_groups import gather, villagers
from experiments.synthetic.schemes.scheme import Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H01"
_STAYS = {"small": 8, "medium": 30, "large": 120}
_PAPER_ILLNESSES = ("M54.500", "M51.202", "K29.500", "J20.900", "I63.900", "I25.100")  # what the old may always have
_FREE_OF_CHARGE = 0.95  # share of stays for which nothing is collected
_SCREENING = "a cataract screening campaign: operated, with lens and surgeon, and the patients pay their share"
_SCREENED = 24  # persons operated in the campaign


def _place_of(stage: Stage, code: str) -> int:
    return int(np.flatnonzero((stage.world.catalogue.diagnoses["code"] == code).to_numpy())[0])


def _hospital(stage: Stage, rng: np.random.Generator) -> int:
    """Draw a small hospital, a private one rather than a public one."""
    idle = stage.idle("secondary", "township")
    private = idle[stage.world.places.providers["ownership"].to_numpy()[idle] == "private"]
    return stage.host(rng, "secondary", "township", among=private if len(private) and rng.random() < 0.75 else None)


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant the recruited stays of one hospital."""
    rng = stage.rng(_CODE, str(number))
    hospital = _hospital(stage, rng)
    groups = gather(
        stage,
        rng,
        villagers(stage, rng, hospital, from_age=55),
        n_stays=_STAYS[size],
        span=stage.window(rng),
        members=(3, 5) if size == "small" else (4, 10),
        nights=(5, 9),
        again=rng.uniform(0.2, 0.45),
    )
    n = len(groups.person)
    n_doctors = int(rng.integers(1, 3))
    doctor = stage.world.places.staff("doctor", np.full(n, hospital), rng.integers(0, n_doctors, n))
    which = rng.integers(0, 3, n)[groups.group]  # a group has one illness, save a few
    which = np.where(rng.random(n) < 0.12, rng.integers(0, 3, n), which)
    illness = np.array([_place_of(stage, code) for code in rng.choice(_PAPER_ILLNESSES, 3, replace=False)])
    plan = CarePlan.draw(stage.world.catalogue, rng, 3).of(which)
    bills = Bills()
    plant_stays(
        stage,
        bills,
        rng,
        f"{_CODE}/{number}",
        Admissions(
            person=groups.person,
            provider=hospital,
            start=groups.start,
            nights=groups.nights,
            dx1=illness[which],
            doctor=doctor,
        ),
        course=Course(
            thin=np.clip(rng.uniform(0.58, 0.72) + rng.uniform(-0.06, 0.06, n), 0, 1),
            template=replace(plan, n_drugs=plan.n_drugs - (rng.random(n) < 0.15)),
            drugs_run_on=True,
        ),
        end=groups.end,
        pays=np.where(rng.random(n) < _FREE_OF_CHARGE, NOTHING_AT_THE_TILL, ORDINARY),
    )
    drafts = stage.add(bills)
    if len(drafts):
        _note(stage, size, number, hospital=hospital, drafts=drafts)


def _note(stage: Stage, size: str, number: int, *, hospital: int, drafts: npt.NDArray[np.int64]) -> None:
    truth, ring = stage.truth, f"{_CODE}-{number + 1}"
    visits = stage.visits[stage.visits["draft"].isin(drafts)]
    day = visits["start"].to_numpy() // DAY
    patients, doctors = (np.unique(visits[c].to_numpy()) for c in ("person", "doctor"))
    # A small city has few villagers: the size on record is the one reached, by the geometric means of the sizes.
    n = len(drafts)
    reached = "small" if n < 16 else "medium" if n < 60 else "large"
    truth.add_provider(
        hospital, _CODE, int(day.min()), int(visits["settle"].max()) // DAY, min(size, reached, key=_rank)
    )
    truth.add_settlements(_CODE, drafts)
    truth.add_patients(_CODE, visits["person"].to_numpy(), day)
    truth.add_practitioners(_CODE, doctors.tolist())
    truth.rings.append((ring, "hospital", hospital))
    truth.rings += [(ring, "practitioner", int(d)) for d in doctors]
    truth.rings += [(ring, "patient", int(p)) for p in patients]
    stage.busy_persons.update(patients.tolist())


def _rank(size: str) -> int:
    return tuple(_STAYS).index(size)


def plant_twin(stage: Stage) -> None:
    """Let a hospital screen villages for cataracts and operate on those who need it, group by group."""
    rng = stage.rng(_CODE, "twin")
    general = stage.idle("secondary", "tertiary")
    general = general[general != stage.world.places.oncology_hospital]
    hospital = stage.host(rng, "secondary", "tertiary", among=general)
    groups = gather(
        stage,
        rng,
        villagers(stage, rng, hospital, from_age=62),
        n_stays=_SCREENED,
        span=(0, stage.world.calendar.n_days - 1),
        members=(4, 9),
        nights=(2, 3),
        again=0.0,
    )
    n, bills, cataract = len(groups.person), Bills(), _place_of(stage, "H25.900")
    surgeon, doctor = (
        stage.world.places.staff("doctor", np.full(n, hospital), np.full(n, turn)) for turn in rng.integers(0, 50, 2)
    )
    in_turn = np.arange(n) - np.searchsorted(groups.group, groups.group)  # one eye after the other
    time = (groups.start // DAY + 1) * DAY + int(8.5 * HOUR) + in_turn * 1_800 + rng.integers(0, 400, n)
    draft = plant_stays(
        stage,
        bills,
        rng,
        f"{_CODE}/twin",
        Admissions(
            person=groups.person,
            provider=hospital,
            start=groups.start,
            nights=groups.nights,
            dx1=cataract,
            doctor=doctor,
        ),
        end=groups.end,
        surgeon=surgeon,
        surgery=cataract,
        surgery_time=time,
    )
    _charge_operation(stage, bills, draft, cataract, doctor=doctor, surgeon=surgeon, time=time)
    stage.add(bills)
    stage.busy_persons.update(groups.person.tolist())
    stage.truth.add_twins("provider", [hospital], _CODE, _SCREENING)
    stage.truth.add_twins("patient", np.unique(groups.person), _CODE, _SCREENING)


def _charge_operation(
    stage: Stage, bills: Bills, draft: npt.NDArray[np.int64], dx: int, *, doctor: Any, surgeon: Any, time: Any
) -> None:
    operation, item = surgeries(stage.world)[dx], stage.world.catalogue.item
    bills.charge(draft, operation.item, time, prescriber=doctor, executor=surgeon)
    bills.charge(draft, item("手术室使用费"), time, prescriber=doctor)
    bills.charge(draft, operation.implant, time + 900, prescriber=surgeon)


PHANTOM_ADMISSIONS = Scheme(_CODE, 400, plant, plant_twin)
