"""Care outside the prefecture: people who live in the provincial capital for months, and travellers who fall ill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import CHRONIC, EMERGENCY, FILINGS, OUTPATIENT, PHARMACY, Bills
from experiments.synthetic.randomness import stream, uniform
from experiments.synthetic.world.capital import OUTSIDE_HOSPITAL, OUTSIDE_PHARMACY
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.people import CONDITIONS, NEVER

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.presence import Presence
    from experiments.synthetic.world.world import World

RETIRED_ELSEWHERE, REFERRED, EMERGENCY_FILING = (
    FILINGS.index(name) for name in ("retired_elsewhere", "referred", "emergency")
)
_ELSEWHERE = 0.045  # share of those of sixty and more who live with a child in the capital for some months
_MOVED_BEFORE = 240  # days before the window from which such a sojourn may date
_TRAVELLERS_A_YEAR = 0.004  # people who fall ill on a journey so that they need a doctor there
_ADMITTED_A_YEAR = 0.45  # stays of a person who lives elsewhere; they are old
_VISITS_A_YEAR = 4.0
_REFILLS_A_YEAR = 9.0
_PURCHASES_A_YEAR = 3.0
_MILD = 7  # the first acute diagnoses: what a traveller catches


@dataclass(frozen=True)
class Away:
    """Who is outside the prefecture when; one span a person.

    Attributes
    ----------
    first_day, last_day : array
        By person; NEVER and -NEVER for who stays home.
    lives_elsewhere : array of bool
        True for months in a child's home, false for a journey.
    """

    first_day: npt.NDArray[np.int64]
    last_day: npt.NDArray[np.int64]
    lives_elsewhere: npt.NDArray[np.bool_]

    def covers(self, person: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Tell for each person and day whether the person is outside the prefecture."""
        return (self.first_day[person] <= day) & (day <= self.last_day[person])

    def meets(
        self, person: npt.NDArray[np.int64], first: npt.NDArray[np.int64] | int, last: npt.NDArray[np.int64] | int
    ) -> npt.NDArray[np.bool_]:
        """Tell for each person and span of days, one for all or one each, whether the person is outside on one day."""
        return (self.first_day[person] <= last) & (first <= self.last_day[person])


def away(world: World) -> Away:
    """Draw who is outside the prefecture when; the same for the same world."""
    rng = stream(world.seed, "away")
    people, n_days = world.people, world.calendar.n_days
    n = len(people)
    old = people.age >= 60
    elsewhere = old & (rng.random(n) < _ELSEWHERE) & (people.death_day == NEVER)
    travels = ~elsewhere & (rng.random(n) < _TRAVELLERS_A_YEAR * n_days / 365) & (people.death_day == NEVER)
    moved, long = rng.integers(-_MOVED_BEFORE, n_days, n), rng.integers(75, 330, n)
    left, short = rng.integers(0, n_days, n), rng.integers(3, 10, n)
    first = np.select([elsewhere, travels], [moved, left], default=NEVER)
    last = np.select([elsewhere, travels], [moved + long, left + short], default=-NEVER)
    return Away(first, last, elsewhere)


def misplaced(world: World, absent: Away, visits: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which visits are to providers of the city by people who are outside it at the time."""
    kind = world.places.providers["kind"].to_numpy()[visits["provider"].to_numpy()]
    first, last = visits["start"].to_numpy() // DAY, visits["end"].to_numpy() // DAY
    here = ~np.isin(kind, (OUTSIDE_HOSPITAL, OUTSIDE_PHARMACY))
    return here & absent.meets(visits["person"].to_numpy(), first, last)


def away_stays(world: World, absent: Away) -> pd.DataFrame:
    """Draw the stays of those who are outside: the old who live there, and one in five of the travellers.

    Returns
    -------
    DataFrame
        One row per stay: person, provider, dx1, day, days, is_planned, filing.
    """
    rng = stream(world.seed, "away/stays")
    dx = world.catalogue.diagnoses
    spans = absent.last_day - absent.first_day + 1
    ill = np.where(absent.lives_elsewhere, rng.poisson(np.clip(spans, 0, 400) * _ADMITTED_A_YEAR / 365), 0)
    journey = (absent.first_day != NEVER) & ~absent.lives_elsewhere & (rng.random(len(ill)) < 0.2)
    person = np.repeat(np.arange(len(ill)), ill + journey)
    n = len(person)
    weight = np.where(np.isin(dx["care"], ("acute", "chronic")), dx["stay_weight"].to_numpy(float), 0)
    chosen = rng.choice(len(dx), n, p=weight / weight.sum())
    fit = dx["gender"].fillna("").to_numpy()[chosen]
    chosen = np.where((fit == "male") & world.people.female[person], world.catalogue.diagnoses_of("acute")[2], chosen)
    days = np.clip(np.rint(dx["mean_days"].to_numpy(float)[chosen] * rng.lognormal(-0.1, 0.45, n)), 1, 60)
    day = absent.first_day[person] + (rng.random(n) * spans[person]).astype(np.int64)
    inside = day + days <= absent.last_day[person]
    stays = pd.DataFrame(
        {
            "person": person,
            "provider": _hospital_of(world, person),
            "dx1": chosen,
            "day": day,
            "days": days.astype(np.int64),
            "is_planned": False,
            "filing": np.where(absent.lives_elsewhere[person], RETIRED_ELSEWHERE, EMERGENCY_FILING),
        }
    )
    return stays[inside].reset_index(drop=True)


def _hospital_of(world: World, person: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the hospital outside that a person keeps to."""
    hospitals = world.places.of_kind(OUTSIDE_HOSPITAL)
    return hospitals[(uniform(person, world.seed, "away/hospital") * len(hospitals)).astype(np.int64)]


def bill_out_of_area(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Bill visits, refills and purchases of a month outside the prefecture."""
    rng = stream(world.seed, f"away/{month.name}")
    absent = away(world)
    everyone = np.arange(len(world.people))
    here = everyone[absent.meets(everyone, month.first_day, month.last_day)]
    elsewhere, travellers = here[absent.lives_elsewhere[here]], here[~absent.lives_elsewhere[here]]

    def when(rate: float) -> dict[str, npt.NDArray[np.int64]]:
        person = np.repeat(elsewhere, rng.poisson(rate * month.n_days / 365, len(elsewhere)))
        day = rng.integers(month.first_day, month.last_day + 1, len(person))
        on = absent.covers(person, day) & presence.is_free(person, day)
        return {"person": person[on], "day": day[on]}

    _bill_visits(world, bills, rng, f"away/visit/{month.name}", **when(_VISITS_A_YEAR), filing=RETIRED_ELSEWHERE)
    _bill_refills(world, bills, rng, month, **when(_REFILLS_A_YEAR))
    _bill_purchases(world, bills, rng, month, **when(_PURCHASES_A_YEAR))
    day = absent.first_day[travellers] + 1
    on = (month.first_day <= day) & (day <= month.last_day) & presence.is_free(travellers, day)
    _bill_visits(
        world, bills, rng, f"away/journey/{month.name}", person=travellers[on], day=day[on], filing=EMERGENCY_FILING
    )


def _bill_visits(
    world: World,
    bills: Bills,
    rng: np.random.Generator,
    source: str,
    *,
    person: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    filing: int,
) -> None:
    """Acute visits at a hospital of the capital: a look, a few tests, one or two drugs."""
    catalogue, n = world.catalogue, len(person)
    provider = _hospital_of(world, person)
    urgent = filing == EMERGENCY_FILING
    hour = 7 + 15 * rng.random(n) if urgent else world.calendar.draw_seconds(rng, n, "hospital") / HOUR
    time = day * DAY + (hour * HOUR).astype(np.int64)
    doctor, technician = (world.places.rota(role, provider, day) for role in ("doctor", "technician"))
    dx1 = catalogue.diagnoses_of("acute")[rng.integers(0, _MILD, n)]
    draft = bills.open(
        source,
        n,
        person=person,
        provider=provider,
        encounter=EMERGENCY if urgent else OUTPATIENT,
        start=time,
        end=time,
        settle=time + rng.integers(1_200, 3 * HOUR, n),
        doctor=doctor,
        dx1=dx1,
        filing=filing,
    )
    bills.charge(draft, catalogue.item("普通门诊诊察"), time, prescriber=doctor)
    bills.charge(draft, catalogue.item("主治医师诊察"), time + 60, prescriber=doctor, executor=doctor)
    tests = [*catalogue.group("lab_basic"), catalogue.group("xray")[0], catalogue.group("ct")[0]]
    for item, share in zip(tests, (0.5, 0.4, 0.4, 0.15, 0.1), strict=True):
        on = rng.random(n) < share
        bills.charge(draft[on], int(item), time[on] + 900, prescriber=doctor[on], executor=technician[on])
    groups = catalogue.diagnoses["group"].to_numpy()[dx1]
    for name in sorted(set(groups.tolist())):
        mine = np.flatnonzero(groups == name)
        shelf = catalogue.group(name)
        first = rng.integers(0, len(shelf), len(mine))
        more = rng.random(len(mine)) < 0.5
        other = (first + rng.integers(1, len(shelf), len(mine))) % len(shelf)
        for rows, place in ((mine, first), (mine[more], other[more])):
            packs = rng.integers(1, 3, len(rows))
            when = time[rows] + 2_400
            _charge_drug(world, bills, draft[rows], item=shelf[place], time=when, packs=packs, doctor=doctor[rows])


def _charge_drug(
    world: World,
    bills: Bills,
    draft: npt.NDArray[np.int64],
    *,
    item: npt.NDArray[np.int64],
    time: npt.NDArray[np.int64],
    packs: npt.NDArray[np.int64],
    doctor: npt.NDArray[np.int64],
) -> None:
    days = (packs * world.catalogue.items["days_per_pack"].to_numpy(float)[item]).astype(np.int64)
    bills.charge(draft, item, time, quantity=packs, days_supply=days, prescriber=doctor)


def _bill_refills(
    world: World,
    bills: Bills,
    rng: np.random.Generator,
    month: Month,
    *,
    person: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
) -> None:
    """Refills for those with a chronic disease who live elsewhere, at most one a month."""
    catalogue = world.catalogue
    ill = world.people.conditions[person][:, :5].any(axis=1)
    person, day = person[ill], day[ill]
    _, once = np.unique(person, return_index=True)
    person, day = person[once], day[once]
    n = len(person)
    provider = _hospital_of(world, person)
    time = day * DAY + world.calendar.draw_seconds(rng, n, "hospital")
    doctor = world.places.rota("doctor", provider, day)
    condition = world.people.conditions[person][:, :5].argmax(axis=1)
    dx1 = catalogue.diagnoses_of("chronic")[condition]
    draft = bills.open(
        f"away/refill/{month.name}",
        n,
        person=person,
        provider=provider,
        encounter=CHRONIC,
        start=time,
        end=time,
        settle=time + rng.integers(600, 2 * HOUR, n),
        doctor=doctor,
        dx1=dx1,
        filing=RETIRED_ELSEWHERE,
    )
    bills.charge(draft, catalogue.item("普通门诊诊察"), time, prescriber=doctor)
    for place, name in enumerate(CONDITIONS[:5]):
        on = np.flatnonzero(condition == place)
        shelf = catalogue.group(name)
        item = shelf[(uniform(person[on], world.seed, "away/regimen") * len(shelf)).astype(np.int64)]
        packs = np.maximum(1, np.rint(28 / catalogue.items["days_per_pack"].to_numpy(float)[item])).astype(np.int64)
        _charge_drug(world, bills, draft[on], item=item, time=time[on] + 1_500, packs=packs, doctor=doctor[on])


def _bill_purchases(
    world: World,
    bills: Bills,
    rng: np.random.Generator,
    month: Month,
    *,
    person: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
) -> None:
    """Buy one or two things at a shop of the capital."""
    n = len(person)
    shops = world.places.of_kind(OUTSIDE_PHARMACY)
    time = day * DAY + world.calendar.draw_seconds(rng, n, "pharmacy")
    draft = bills.open(
        f"away/purchase/{month.name}",
        n,
        person=person,
        provider=shops[rng.integers(0, len(shops), n)],
        encounter=PHARMACY,
        start=time,
        end=time,
        settle=time + rng.integers(5, 90, n),
        filing=RETIRED_ELSEWHERE,
    )
    for name, share in (("otc", 1.0), ("respiratory", 0.3), ("pain", 0.2)):
        on = np.flatnonzero(rng.random(n) < share)
        item = rng.choice(world.catalogue.group(name), len(on))
        bills.charge(draft[on], item, time[on], quantity=rng.choice((1, 2), len(on), p=(0.75, 0.25)))
