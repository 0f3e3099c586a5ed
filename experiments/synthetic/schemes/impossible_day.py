"""H26: services nobody gave are billed in one doctor's name, until the doctor's days pass what a day holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import OUTPATIENT, Bills
from experiments.synthetic.schemes.parts.standing import busy_host
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H26"
_DAYS = {"small": 3, "medium": 10, "large": 40}
_MINUTES = (900, 2_000)  # of a guilty day, honest work included
_HOSTS = ("clinic", "community", "township", "secondary")
_TREATMENTS = ("普通针刺", "推拿治疗", "中频脉冲电治疗", "运动疗法")
_TEAM = "a team works under one registered identifier"
_UNKNOWN = "the interface writes one number for every doctor whose name it does not know; nobody is registered under it"
_OF_A_TEAM, _POOLED = 7, 9  # tenths of the bills
_FEWEST_KNOWN = 120  # people known to the provider
_VISIT_MINUTES = 45.0  # what an invented visit comes to, to know how many are needed


def _work(stage: Stage, doctor: int, days: npt.NDArray[np.int64], provider: int) -> npt.NDArray[np.float64]:
    """Minutes that a doctor really works on days, by the standard minutes of what the doctor does."""
    visits = stage.visits
    mine = visits["draft"].to_numpy()[visits["provider"].to_numpy() == provider]
    lines = stage.lines(mine)
    lines = lines[lines["executor"].to_numpy() == doctor]
    minutes = np.nan_to_num(stage.world.catalogue.items["standard_minutes"].to_numpy(float))
    spent = minutes[lines["item"].to_numpy()] * lines["quantity"].to_numpy()
    day = lines["time"].to_numpy() // DAY
    return np.array([spent[day == d].sum() for d in days.tolist()])


def _busy(stage: Stage) -> npt.NDArray[np.int64]:
    """Return providers that know people enough to bill invented visits to, or those that know most."""
    known = stage.visits[["provider", "person"]].drop_duplicates()["provider"].to_numpy()
    n_known = np.bincount(known, minlength=len(stage.world.places.providers))
    idle = stage.idle(*_HOSTS)
    return idle[n_known[idle] >= min(_FEWEST_KNOWN, int(n_known[idle].max(initial=0)))]


def plant(stage: Stage, size: str, number: int) -> None:
    """Bill treatments in the name of one doctor to the cards of a provider's patients."""
    rng = stage.rng(_CODE, str(number))
    places, world = stage.world.places, stage.world
    provider = stage.host(rng, *_HOSTS, among=_busy(stage))
    first_doctor, n_doctors = (int(places.providers[c].to_numpy()[provider]) for c in ("first_doctor", "n_doctors"))
    doctors = first_doctor + np.arange(n_doctors)
    doctors = doctors[~places.practitioners["is_team"].to_numpy(bool)[doctors]]
    known = np.unique(stage.visits["person"].to_numpy()[stage.visits["provider"].to_numpy() == provider])
    known = known[np.isin(known, stage.idle_adults()) & (world.people.age[known] < 80)]
    if not len(doctors) or len(known) < 30:
        raise NoRoomError("no provider with a doctor and patients enough is left")
    doctor = int(rng.choice(doctors))
    first, last = stage.window(rng)
    span = np.arange(first, last + 1)
    span = span[(span + world.calendar.first.weekday()) % 7 < 6]
    own = int(places.practitioners["person"].to_numpy()[doctor])
    if own >= 0:
        span = span[stage.can_work(np.full(len(span), own), span)]
    days = np.sort(rng.choice(span, min(_DAYS[size], len(span) // 2), replace=False))
    wanted = rng.uniform(*_MINUTES, len(days)) - _work(stage, doctor, days, provider)
    per_day = np.clip(np.ceil(wanted / _VISIT_MINUTES), 4, len(known) // 2).astype(np.int64)
    day = np.repeat(days, per_day)
    person = np.concatenate([rng.choice(known, n, replace=False) for n in per_day.tolist()])
    visits = _bill(stage, rng, f"{_CODE}/{number}", provider=provider, doctor=doctor, day=day, person=person)
    kept = stage.visits[np.isin(stage.visits["draft"].to_numpy(), visits)]
    stage.truth.add_provider(provider, _CODE, int(days.min()), int(days.max()), size)
    stage.truth.add_practitioners(_CODE, [doctor])
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), kept["start"].to_numpy() // DAY)
    stage.busy_persons.update(np.unique(kept["person"].to_numpy()).tolist())


def _bill(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    provider: int,
    doctor: int,
    day: npt.NDArray[np.int64],
    person: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    world, bills, n = stage.world, Bills(), len(day)
    item = world.catalogue.item
    time = day * DAY + (7.5 * HOUR + 12 * HOUR * rng.random(n)).astype(np.int64)
    aching = np.flatnonzero((world.catalogue.diagnoses["group"] == "pain").to_numpy())
    aching = aching[np.isin(aching, world.catalogue.diagnoses_of("acute"))]
    draft = bills.open(
        source,
        n,
        person=person,
        provider=provider,
        encounter=OUTPATIENT,
        start=time,
        end=time,
        settle=time + rng.integers(1_800, 2 * HOUR, n),
        doctor=doctor,
        dx1=rng.choice(aching, n),
    )
    bills.charge(draft, item("普通门诊诊察"), time, prescriber=doctor)
    order = np.argsort(rng.random((n, len(_TREATMENTS))), axis=1)
    n_given = rng.integers(2, 4, n)
    for place, name in enumerate(_TREATMENTS):
        on = order[:, place] < n_given
        quantity = rng.integers(1, 3, int(on.sum()))
        bills.charge(
            draft[on], item(name), time[on] + 300 * (place + 1), quantity=quantity, prescriber=doctor, executor=doctor
        )
    return stage.add(bills)


def plant_twin(stage: Stage) -> None:
    """Register the identifier of a team, and let a hospital's interface write one number for all doctors it misses."""
    rng = stage.rng(_CODE, "twin")
    doctors = stage.world.places.providers["n_doctors"].to_numpy()
    idle = stage.idle("community", "township", "secondary")
    large = idle[doctors[idle] >= min(3, int(doctors[idle].max(initial=0)))]
    provider = stage.host(rng, "community", "township", "secondary", among=large)
    team = _signed_by_one(stage, provider, _OF_A_TEAM, with_stays=False)
    stage.register.teams.add(team)
    stage.truth.add_twins("practitioner", [team], _CODE, _TEAM)
    stage.truth.add_twins("provider", [provider], _CODE, _TEAM)
    hospital = busy_host(stage, rng, "tertiary", "secondary", busier=0.75)
    pooled = _signed_by_one(stage, hospital, _POOLED, with_stays=True)
    stage.register.pooled.add(pooled)
    for resembled in (_CODE, "H32"):
        stage.truth.add_twins("practitioner", [pooled], resembled, _UNKNOWN)
        stage.truth.add_twins("provider", [hospital], resembled, _UNKNOWN)


def _signed_by_one(stage: Stage, provider: int, share: int, *, with_stays: bool) -> int:
    """Write the number of a provider's first doctor for all its doctors on some bills, `share` in ten; return it."""
    places = stage.world.places.providers
    one = int(places["first_doctor"].to_numpy()[provider])
    colleagues = one + np.arange(int(places["n_doctors"].to_numpy()[provider]))
    visits = stage.visits
    mine = (visits["provider"].to_numpy() == provider) & np.isin(visits["doctor"].to_numpy(), colleagues)
    if not with_stays:
        mine &= ~visits["is_stay"].to_numpy(bool)
    chosen = visits[mine]
    # A reversal happens under the name of what it reverses.
    base = np.where(chosen["same_encounter_as"] >= 0, chosen["same_encounter_as"], chosen["draft"])
    chosen = chosen[(base * np.int64(2_654_435_761) >> np.int64(7)) % 10 < share]
    lines = stage.lines(chosen["draft"].to_numpy())
    ours = {name: np.isin(lines[name].to_numpy(), colleagues) for name in ("prescriber", "executor")}
    stage.revise(
        visits=chosen.assign(doctor=one),
        lines=lines.assign(**{name: np.where(on, one, lines[name].to_numpy()) for name, on in ours.items()}),
    )
    return one


IMPOSSIBLE_DAY = Scheme(_CODE, 400, plant, plant_twin)
