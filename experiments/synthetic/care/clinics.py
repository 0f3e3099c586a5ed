"""Acute outpatient visits, from the village doctor to the night ward of the big hospital."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.synthetic.care.bills import EMERGENCY, NONE, OUTPATIENT, Bills
from experiments.synthetic.care.pharmacies import fill_prescriptions
from experiments.synthetic.care.visits import Prescribed, Visits
from experiments.synthetic.randomness import stream
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.presence import Presence
    from experiments.synthetic.world.world import World

_ACUTE_A_YEAR = 3.3  # acute visits per insured and year
_MIX = (("gp", 0.56), ("secondary", 0.27), ("tertiary", 0.17))
_INFECTIONS = 4  # the first diagnoses of the catalogue come with the winter
_FLU_WAVE, _WINTER = 2.2, 0.1
_PICTURES = (
    ("ecg", 0.16),
    ("ultrasound", 0.22),
    ("xray", 0.16),
    ("ct", 0.14),
    ("mri", 0.04),
    ("endoscopy", 0.03),
)  # item group, share of visits where much is done
_FILLED_OUTSIDE = {"gp": 0.16, "secondary": 0.1, "tertiary": 0.12}  # share of visits whose script leaves the house


def bill_acute(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Colds, stomachs, backs: a flu wave over a steady stream, milder cases near home."""
    rng = stream(world.seed, f"acute/{month.name}")
    people, dx, calendar = world.people, world.catalogue.diagnoses, world.calendar
    weight = dx["acute_weight"].to_numpy(float) / dx["acute_weight"].sum()
    infectious = np.arange(len(dx)) < _INFECTIONS
    weight = weight * np.where(
        infectious,
        calendar.share_of(month, "hospital", wave=_FLU_WAVE),
        calendar.share_of(month, "clinic", wave=_WINTER),
    )
    rate = people.frailty * np.interp(people.age, (0, 6, 15, 40, 80), (1.7, 1.4, 0.7, 0.8, 1.4))
    person = np.repeat(np.arange(len(people)), rng.poisson(_ACUTE_A_YEAR * weight.sum() * rate))
    n = len(person)
    chosen = rng.choice(len(dx), n, p=weight / weight.sum())
    gender = dx["gender"].fillna("").to_numpy()[chosen]
    chosen = np.where((gender == "male") & people.female[person], 0, chosen)
    day = np.where(
        infectious[chosen],
        calendar.draw_days(rng, n, "hospital", wave=_FLU_WAVE, month=month),
        calendar.draw_days(rng, n, "clinic", wave=_WINTER, month=month),
    )
    kind = rng.choice(len(_MIX), n, p=[share for _, share in _MIX])
    for place, (name, _) in enumerate(_MIX):
        on = (kind == place) & presence.is_free(person, day)
        source = f"acute/{name}/{month.name}"
        _bill_visits(world, bills, rng, name, source, person=person[on], day=day[on], dx1=chosen[on])


def _bill_visits(
    world: World,
    bills: Bills,
    rng: np.random.Generator,
    name: str,
    source: str,
    *,
    person: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    dx1: npt.NDArray[np.int64],
) -> None:
    n = len(person)
    catalogue, places = world.catalogue, world.places
    provider = world.choose(rng, name, person)
    time = day * DAY + world.calendar.draw_seconds(rng, n, "clinic" if name == "gp" else "hospital")
    night = (rng.random(n) < 0.05) & (name != "gp")
    time = np.where(night, day * DAY + (19 * HOUR + 4.5 * HOUR * rng.random(n)).astype(np.int64), time)
    doctor = places.rota("doctor", provider, day)
    acute = catalogue.diagnoses_of("acute")
    draft = bills.open(
        source,
        n,
        person=person,
        provider=provider,
        encounter=np.where(night, EMERGENCY, OUTPATIENT),
        start=time,
        end=time,
        settle=time + rng.integers(300, 2 * HOUR, n),
        doctor=doctor,
        dx1=dx1,
        dx2=np.where(rng.random(n) < 0.12, acute[rng.integers(0, 7, n)], NONE),
    )
    visits = Visits(draft, person, provider, doctor, time, dx1)
    _examine(world, bills, rng, name, visits)
    outside = rng.random(n) < _FILLED_OUTSIDE[name]
    prescribed = _prescribe_drugs(world, bills, rng, visits, outside)
    fill_prescriptions(world, bills, rng, source, prescribed)


def _examine(world: World, bills: Bills, rng: np.random.Generator, name: str, visits: Visits) -> None:
    """Bill the examination, tests and pictures, a drip, and treatment of what aches."""
    n, catalogue, draft, time, doctor = len(visits), world.catalogue, visits.draft, visits.time, visits.doctor
    technician = world.places.rota("technician", visits.provider, time // DAY)
    rich = {"gp": 0.16, "secondary": 0.5, "tertiary": 0.62}[name]

    def charge(item: Any, share: float | npt.NDArray[np.bool_], later: int, executor: Any = NONE, **more: Any) -> None:
        on = share if isinstance(share, np.ndarray) else rng.random(n) < share
        chosen = item if np.ndim(item) == 0 else np.asarray(item)[on]
        who = executor if np.ndim(executor) == 0 else np.asarray(executor)[on]
        bills.charge(draft[on], chosen, time[on] + later, prescriber=doctor[on], executor=who, **more)

    expert = (rng.random(n) < 0.3) & (name == "tertiary")
    charge(catalogue.item("普通门诊诊察"), 0.9 if name == "gp" else 1.0, 0)
    charge(catalogue.item("专家诊察"), expert, 60, doctor)
    charge(catalogue.item("主治医师诊察"), ~expert & (name != "gp"), 60, doctor)
    for item in catalogue.group("lab_basic"):
        charge(int(item), rich * 0.8, 900, technician)
    for item in catalogue.group("lab_more"):
        charge(int(item), rich * 0.16, 900, technician)
    for group, share in _PICTURES:
        charge(int(catalogue.group(group)[0]), rich * share, 1_500, technician)
    drip = (rng.random(n) < 0.16) & (visits.dx1 < 9)
    charge(catalogue.item("静脉输液"), drip, 1_800, doctor)
    charge(catalogue.item("一次性输液器"), drip, 1_800)
    charge(catalogue.item("0.9%氯化钠注射液"), drip, 1_800, quantity=2)
    sore = catalogue.diagnoses["group"].to_numpy()[visits.dx1] == "pain"
    for item, share in (("普通针刺", 0.3), ("推拿治疗", 0.22), ("中频脉冲电治疗", 0.25)):
        charge(catalogue.item(item), sore & (rng.random(n) < share), 2_400, doctor)


def _prescribe_drugs(
    world: World, bills: Bills, rng: np.random.Generator, visits: Visits, outside: npt.NDArray[np.bool_]
) -> Prescribed:
    """Give one to three drugs for the illness, and return those to be filled at a pharmacy."""
    groups = world.catalogue.diagnoses["group"].to_numpy()[visits.dx1]
    wanted = 1 + (rng.random((len(visits), 2)) < (0.55, 0.25)).cumprod(axis=1).sum(axis=1)
    fills: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []
    for name in sorted(set(groups.tolist())):
        mine = np.flatnonzero(groups == name)
        shelf = world.catalogue.group(name)
        pick = np.argsort(rng.random((len(mine), len(shelf))), axis=1)
        for j in range(3):
            rows = mine[wanted[mine] > j]
            item = shelf[pick[wanted[mine] > j, j]]
            inside = ~outside[rows]
            packs = rng.integers(1, 4, len(rows))
            days = (packs * world.catalogue.items["days_per_pack"].to_numpy(float)[item]).astype(np.int64)
            bills.charge(
                visits.draft[rows[inside]],
                item[inside],
                visits.time[rows[inside]] + 2_700,
                quantity=packs[inside],
                days_supply=days[inside],
                prescriber=visits.doctor[rows[inside]],
            )
            fills.append((rows[~inside], item[~inside], packs[~inside]))
    return Prescribed.of(visits, 600, fills)
