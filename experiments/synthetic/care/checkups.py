"""Care between illnesses: check-ups of the chronically ill, children's colds, decoctions, and relief of cancer pain."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, OUTPATIENT, Bills
from experiments.synthetic.care.visits import Visits
from experiments.synthetic.randomness import stream
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.limits import packages
from experiments.synthetic.world.people import CONDITIONS

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.presence import Presence
    from experiments.synthetic.world.world import World

    Numbers = npt.NDArray[np.int64]

_CHECKUPS_A_YEAR = 0.45  # per chronically ill
_IN_HOSPITAL = 0.3  # share of check-ups at the hospital, with pictures
_PANEL, _SINGLE = 0.4, 0.3  # of a group of tests: all as a panel, or one of them alone
_WHOLE_ABDOMEN, _PART = 0.2, 0.12
_SCREENED = 0.12
_COLDS_A_YEAR = 0.8  # per child, on top of what children share with everyone
_CHILD = 12
_DECOCTIONS_A_YEAR = 0.08  # per adult
_HERBS = ("黄芪饮片", "当归饮片", "甘草饮片", "白术饮片", "茯苓饮片", "陈皮饮片")
_STRONG_PAIN = 0.2  # share of cancer patients on opioids
_OPIOID_DAYS = 14
_SCOPIES = (("宫腔镜检查", True, 22, 60, 0.012), ("膀胱镜检查", False, 45, 88, 0.024))  # women only, ages, a year


class _Comers(NamedTuple):
    """Who comes on which day."""

    person: Numbers
    day: Numbers


def _visits(
    world: World,
    bills: Bills,
    rng: np.random.Generator,
    source: str,
    comers: _Comers,
    *,
    provider: Numbers,
    dx1: Numbers,
    encounter: int = OUTPATIENT,
) -> Visits:
    """Open visits with the fee for being seen."""
    (person, day), n = comers, len(comers.person)
    time = day * DAY + world.calendar.draw_seconds(rng, n, "hospital")
    doctor = world.places.rota("doctor", provider, day)
    draft = bills.open(
        source,
        n,
        person=person,
        provider=provider,
        encounter=encounter,
        start=time,
        end=time,
        settle=time + rng.integers(300, HOUR, n),
        doctor=doctor,
        dx1=dx1,
    )
    bills.charge(draft, world.catalogue.item("普通门诊诊察"), time, prescriber=doctor)
    return Visits(draft, person, provider, doctor, time, dx1)


def _drawn(
    world: World, rng: np.random.Generator, presence: Presence, month: Month, *, among: Numbers, rate: float
) -> _Comers:
    """Draw who comes on which day of the month, so many times a year."""
    times = rng.poisson(rate * world.calendar.share_of(month, "clinic"), len(among))
    person = np.repeat(among, times)
    day = world.calendar.draw_days(rng, len(person), "clinic", month=month)
    free = presence.is_free(person, day)
    return _Comers(person[free], day[free])


def bill_checkups(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Blood tests of the chronically ill, as a panel or one alone; at hospitals some pictures and screening too."""
    rng = stream(world.seed, f"checkups/{month.name}")
    people, catalogue = world.people, world.catalogue
    ill = np.flatnonzero(people.conditions[:, :4].any(axis=1))
    comers = _drawn(world, rng, presence, month, among=ill, rate=_CHECKUPS_A_YEAR)
    (person, day), n = comers, len(comers.person)
    at_hospital = rng.random(n) < _IN_HOSPITAL
    near, high = world.choose(rng, "gp", person), world.choose(rng, "secondary", person)
    dx_of = [int(np.flatnonzero((catalogue.diagnoses["group"] == name).to_numpy())[0]) for name in CONDITIONS[:4]]
    dx1 = np.array(dx_of, np.int64)[people.conditions[person, :4].argmax(axis=1)]
    provider = np.where(at_hospital, high, near)
    source = f"checkup/{month.name}"
    visits = _visits(world, bills, rng, source, comers, provider=provider, dx1=dx1, encounter=CHRONIC)
    technician = world.places.rota("technician", provider, day)

    def test(item: Numbers | int, on: npt.NDArray[np.bool_], later: int = 900) -> None:
        chosen = item if np.ndim(item) == 0 else np.asarray(item)[on]
        time = visits.time[on] + later
        bills.charge(visits.draft[on], chosen, time, prescriber=visits.doctor[on], executor=technician[on])

    parts = packages(catalogue)
    abdomen = catalogue.item("全腹CT平扫")
    for panel, rows in parts.groupby("package", sort=True):
        components = rows["component"].to_numpy()
        luck = rng.random(n)
        whole, one = (_WHOLE_ABDOMEN, _PART) if panel == abdomen else (_PANEL, _SINGLE)
        able = at_hospital if panel == abdomen else np.ones(n, bool)
        test(int(panel), able & (luck < whole))
        test(rng.choice(components, n), able & (luck > 1 - one))
    sugar = people.conditions[person, CONDITIONS.index("diabetes")]
    test(catalogue.item("糖化血红蛋白"), sugar & (rng.random(n) < 0.7))
    screened = at_hospital & (rng.random(n) < _SCREENED)
    test(catalogue.item("宫颈细胞学检查"), screened & people.female[person])
    test(catalogue.item("前列腺特异性抗原测定"), screened & ~people.female[person])


def bill_scopies(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Look into wombs and bladders at the hospital: the first of women alone, the second of the old of either sex."""
    rng = stream(world.seed, f"scopies/{month.name}")
    people, catalogue = world.people, world.catalogue
    illness = catalogue.diagnoses["code"].tolist().index("N39.000")
    for name, women_only, youngest, oldest, rate in _SCOPIES:
        fit = (people.age >= youngest) & (people.age <= oldest) & (people.female | (not women_only))
        comers = _drawn(world, rng, presence, month, among=np.flatnonzero(fit), rate=rate)
        n = len(comers.person)
        provider = world.choose(rng, "secondary", comers.person)
        dx1 = np.full(n, illness)
        visits = _visits(world, bills, rng, f"scopy/{name}/{month.name}", comers, provider=provider, dx1=dx1)
        bills.charge(
            visits.draft, catalogue.item(name), visits.time + 2_400, prescriber=visits.doctor, executor=visits.doctor
        )


def bill_childrens_colds(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Coughs and fevers of children, treated near home with granules made for them."""
    rng = stream(world.seed, f"colds/{month.name}")
    catalogue = world.catalogue
    children = np.flatnonzero((world.people.age >= 1) & (world.people.age < _CHILD))
    comers = _drawn(world, rng, presence, month, among=children, rate=_COLDS_A_YEAR)
    n = len(comers.person)
    colds = catalogue.diagnoses_of("acute")[:2]
    visits = _visits(
        world,
        bills,
        rng,
        f"cold/{month.name}",
        comers,
        provider=world.choose(rng, "gp", comers.person),
        dx1=colds[rng.integers(0, len(colds), n)],
    )
    shelf = catalogue.group("paediatric")
    first = rng.integers(0, len(shelf), n)
    pack_days = catalogue.items["days_per_pack"].to_numpy(float)
    for item, on in (
        (shelf[first], np.ones(n, bool)),
        (shelf[(first + rng.integers(1, len(shelf), n)) % len(shelf)], rng.random(n) < 0.4),
    ):
        packs = rng.integers(1, 3, n)
        days = (packs * pack_days[item]).astype(np.int64)
        bills.charge(
            visits.draft[on],
            item[on],
            visits.time[on] + 1_200,
            quantity=packs[on],
            days_supply=days[on],
            prescriber=visits.doctor[on],
        )


def bill_decoctions(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Decoctions of three to six herbs for one or two weeks; never one herb alone, never ginseng at the fund's cost."""
    rng = stream(world.seed, f"decoctions/{month.name}")
    catalogue = world.catalogue
    adults = np.flatnonzero(world.people.age >= 18)
    comers = _drawn(world, rng, presence, month, among=adults, rate=_DECOCTIONS_A_YEAR)
    n = len(comers.person)
    suited = np.flatnonzero(np.isin(catalogue.diagnoses["code"], ("K29.500", "M54.500", "G47.000")))
    visits = _visits(
        world,
        bills,
        rng,
        f"decoction/{month.name}",
        comers,
        provider=world.choose(rng, "gp", comers.person),
        dx1=suited[rng.integers(0, len(suited), n)],
    )
    order = np.argsort(rng.random((n, len(_HERBS))), axis=1)
    wanted = rng.integers(3, len(_HERBS) + 1, n)
    doses = np.where(rng.random(n) < 0.7, 7, 14)
    for place, name in enumerate(_HERBS):
        on = order[:, place] < wanted
        bills.charge(
            visits.draft[on],
            catalogue.item(name),
            visits.time[on] + 1_500,
            quantity=doses[on],
            days_supply=doses[on],
            prescriber=visits.doctor[on],
        )


def bill_pain_relief(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Opioids for some cancer patients: at most fifteen days at a time, so they come every other week."""
    rng = stream(world.seed, "pain relief")
    people, catalogue = world.people, world.catalogue
    ill = np.flatnonzero(people.conditions[:, CONDITIONS.index("oncology")] & (people.age >= 19))
    ill = ill[rng.random(len(ill)) < _STRONG_PAIN]
    began = rng.integers(-60, max(1, world.calendar.n_days), len(ill))
    until = began + rng.integers(40, 300, len(ill))
    times = world.calendar.n_days // _OPIOID_DAYS + 6
    day = began[:, None] + np.arange(times) * (_OPIOID_DAYS + 1) + rng.integers(0, 2, (len(ill), times))
    row, number = np.nonzero((day >= month.first_day) & (day <= month.last_day) & (day <= until[:, None]))
    person, day = ill[row], day[row, number]
    free = presence.is_free(person, day)
    row, person, day = row[free], person[free], day[free]
    rng = stream(world.seed, f"pain relief/{month.name}")
    n = len(person)
    lung = int(catalogue.diagnoses_of("oncology")[0])
    visits = _visits(
        world,
        bills,
        rng,
        f"pain/{month.name}",
        _Comers(person, day),
        provider=np.full(n, world.places.oncology_hospital),
        dx1=np.full(n, lung),
    )
    boxes = 2 + (row % 3 == 0)
    item = catalogue.item("盐酸羟考酮缓释片")
    bills.charge(
        visits.draft, item, visits.time + 1_800, quantity=boxes, days_supply=boxes * 5, prescriber=visits.doctor
    )
