"""Admissions: who comes to a ward, where, with what and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import NONE
from experiments.synthetic.care.budget_year import strained
from experiments.synthetic.care.maternity import DELIVERY, delivery_stays
from experiments.synthetic.care.out_of_area import REFERRED, away, away_stays
from experiments.synthetic.care.planned_stays import cycles, removals, staged
from experiments.synthetic.care.rehabilitation import rehabilitation_stays
from experiments.synthetic.randomness import stream
from experiments.synthetic.world.capital import OUTSIDE_HOSPITAL
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.people import CONDITIONS, NEVER

if TYPE_CHECKING:
    from experiments.synthetic.world.world import World

_LEAD_DAYS = 45  # stays that began before the first month and are settled within it
_RATE_A_YEAR = 0.2  # ordinary admissions per insured and year; with births and planned stays about one in five
_RETURNS = 0.065  # unplanned returns within a month: mostly something new, rarely the same illness
_SAME_ILLNESS = 0.25
_LONGEST = 90
_SENT_OUTSIDE = 0.12  # share of the cancers and the serious cases that the city cannot treat
WARD = 0  # kind of stay that wards.py bills; maternity and rehabilitation bill their own
_SURGERIES = {  # diagnosis: item, ICD-9-CM-3 code, implant, share operated
    "K35.800": ("阑尾切除术", "47.0101", "", 0.8),
    "K80.200": ("腹腔镜胆囊切除术", "51.2300", "", 0.7),
    "H25.900": ("白内障超声乳化摘除术", "13.4100", "人工晶体", 0.92),
    "M17.900": ("膝关节置换术", "81.5400", "膝关节假体", 0.45),
    "S82.201": ("骨折切开复位内固定术", "79.3600", "锁定钢板", 0.75),
    "O82.900": ("剖宫产术", "74.1x00", "", 1.0),
    "K40.900": ("腹股沟疝修补术", "53.0000", "疝修补补片", 0.85),
    "Z47.000": ("骨折内固定取出术", "78.6700", "", 1.0),
    "I25.100": ("冠状动脉支架置入术", "36.0700", "冠脉药物支架", 0.3),
}


@dataclass(frozen=True)
class Surgery:
    """What is billed and coded for the operation of a diagnosis."""

    item: int
    procedure_code: str
    implant: int
    share: float


def surgeries(world: World) -> dict[int, Surgery]:
    """Return the operation of each diagnosis that has one."""
    code = world.catalogue.diagnoses["code"].tolist()
    item = world.catalogue.item
    return {
        code.index(dx): Surgery(item(name), icd, item(implant) if implant else -1, share)
        for dx, (name, icd, implant, share) in _SURGERIES.items()
    }


def draw_stays(world: World) -> pd.DataFrame:
    """Draw the stays settled within the window.

    Returns
    -------
    DataFrame
        One row per stay, sorted by person and admission: person, provider, dx1, dx2 (what a rehabilitation follows
        on, else -1), start and end (seconds), is_planned, is_dead, kind (WARD, maternity.DELIVERY or
        rehabilitation.REHABILITATION) and filing (place in bills.FILINGS, else -1). Stays of one person never touch;
        nobody is admitted after death, and who is outside the prefecture only there.
    """
    ordinary = strained(world, _ordinary(world))
    parts = [ordinary, cycles(world, _LEAD_DAYS), staged(world, ordinary), removals(world), _returns(world, ordinary)]
    parts += [delivery_stays(world), rehabilitation_stays(world, ordinary)]
    stays = pd.concat(parts, ignore_index=True)
    absent = away(world)
    gone = absent.meets(
        *(column.to_numpy() for column in (stays["person"], stays["day"], stays["day"] + stays["days"]))
    )
    stays = pd.concat([stays[~gone], away_stays(world, absent)], ignore_index=True)
    neutral = {"kind": WARD, "filing": NONE, "dx2": NONE}
    stays = stays.fillna(neutral).astype(dict.fromkeys(neutral, np.int64))
    stays = _at_their_hours(world, stays)
    stays = stays[stays["day"] + stays["days"] < world.calendar.n_days - 1]
    stays = stays[stays["day"] + stays["days"] >= 0].sort_values(["person", "day", "days"], kind="stable")
    stays = _apart(stays)
    stays = _deaths(world, stays)
    return stays.drop(columns=["day", "days"]).reset_index(drop=True)


def _at_their_hours(world: World, stays: pd.DataFrame) -> pd.DataFrame:
    """Admit within opening hours, save those who give birth; let everyone leave in the morning."""
    rng = stream(world.seed, "admissions/hours")
    n = len(stays)
    admit = world.calendar.draw_seconds(rng, n, "admission")
    at_any_hour = (stays["kind"] == DELIVERY).to_numpy() & (rng.random(n) < 0.7)
    admit = np.where(at_any_hour, (24 * HOUR * rng.random(n) * 0.99).astype(np.int64), admit)
    leave = (9.2 * HOUR + 2.6 * HOUR * rng.random(n)).astype(np.int64)
    day = stays["day"].to_numpy()
    return stays.assign(start=day * DAY + admit, end=(day + stays["days"].to_numpy()) * DAY + leave)


def _ordinary(world: World) -> pd.DataFrame:
    rng = stream(world.seed, "admissions")
    people, dx = world.people, world.catalogue.diagnoses
    age = people.age
    risk = people.frailty * np.interp(age, (0, 5, 20, 50, 70, 90), (1.1, 0.5, 0.4, 0.8, 2.4, 3.4))
    risk = risk * (1 + 0.8 * people.conditions.sum(axis=1))
    expected = _RATE_A_YEAR * (world.calendar.n_days + _LEAD_DAYS) / 365 * risk / risk.mean()
    person = np.repeat(np.arange(len(people)), rng.poisson(expected))
    n = len(person)
    weight = dx["stay_weight"].to_numpy(float)
    chosen = rng.choice(len(dx), n, p=weight / weight.sum())
    # Half of the admissions of the chronically ill are for their illness; who has none of it gets an acute one.
    group = dx["group"].to_numpy()
    for place in np.flatnonzero(np.isin(dx["care"], ("chronic", "oncology", "renal"))):
        has = people.conditions[person, CONDITIONS.index(group[place])]
        wrong = (chosen == place) & ~has & (rng.random(n) < 0.9)
        chosen[wrong] = rng.choice(
            world.catalogue.diagnoses_of("acute")[:4], int(wrong.sum()), p=(0.15, 0.25, 0.45, 0.15)
        )
    gender = dx["gender"].fillna("").to_numpy()[chosen]
    unfit = ((gender == "male") & people.female[person]) | ((gender == "female") & ~people.female[person])
    person, chosen = person[~unfit], chosen[~unfit]
    n = len(person)
    shape = rng.lognormal(-0.08, 0.52, n)
    days = np.clip(np.rint(dx["mean_days"].to_numpy(float)[chosen] * shape), 1, _LONGEST).astype(np.int64)
    day = world.calendar.draw_days(rng, n, "admission", wave=0.35, lead=_LEAD_DAYS)
    ward = world.choose(rng, "ward", person, loyalty=0.6)
    cancer = group[chosen] == "oncology"
    ward[cancer] = world.places.oncology_hospital
    high = world.choose(rng, "tertiary", person)
    serious = ~cancer & (dx["drg_weight"].to_numpy(float)[chosen] > 0.9) & (rng.random(n) < 0.6)
    ward[serious] = high[serious]
    sent = (serious | cancer) & (rng.random(n) < _SENT_OUTSIDE)
    outside = world.places.of_kind(OUTSIDE_HOSPITAL)
    return pd.DataFrame(
        {
            "person": person,
            "provider": np.where(sent, outside[rng.integers(0, len(outside), n)], ward),
            "dx1": chosen,
            "day": day,
            "days": days,
            "is_planned": False,
            "filing": np.where(sent, REFERRED, NONE),
        }
    )


def _returns(world: World, stays: pd.DataFrame) -> pd.DataFrame:
    """Unplanned returns after an ordinary stay: a new acute event, seldom the same illness again."""
    rng = stream(world.seed, "admissions/returns")
    base = stays[~stays["is_planned"] & (rng.random(len(stays)) < _RETURNS)].copy()
    n = len(base)
    acute = world.catalogue.diagnoses_of("acute")[:4]
    same = rng.random(n) < _SAME_ILLNESS
    base["dx1"] = np.where(same, base["dx1"], acute[rng.integers(0, len(acute), n)])
    base["day"] = base["day"] + base["days"] + rng.integers(2, 31, n)
    base["days"] = rng.integers(3, 10, n)
    base["filing"] = NONE
    away = base["provider"].isin(world.places.of_kind(OUTSIDE_HOSPITAL)).to_numpy()
    base.loc[away, "provider"] = world.usual["ward"][base["person"].to_numpy()[away]]
    return base


def _apart(stays: pd.DataFrame) -> pd.DataFrame:
    """Keep, in order, the stays that begin at least one day after the one kept before."""
    person, day = stays["person"].to_numpy(), stays["day"].to_numpy()
    last = day + stays["days"].to_numpy()
    keep = np.zeros(len(stays), bool)
    before_person, before_last = -1, -1
    for i in range(len(stays)):
        if person[i] != before_person or day[i] > before_last + 1:
            keep[i] = True
            before_person, before_last = person[i], last[i]
    return stays[keep]


def _deaths(world: World, stays: pd.DataFrame) -> pd.DataFrame:
    """Let a third of those who die do so at the end of their last stay before it; end the others' care in time."""
    death = world.people.death_day
    leaves = (stays["day"] + stays["days"]).to_numpy()
    person = stays["person"].to_numpy()
    stays = stays[leaves < death[person]].copy()
    person = stays["person"].to_numpy()
    last_of_person = np.r_[person[1:] != person[:-1], True] if len(person) else np.zeros(0, bool)
    rng = stream(world.seed, "admissions/deaths")
    here = last_of_person & (death[person] != NEVER) & (rng.random(len(person)) < 0.34)
    stays["is_dead"] = here
    death[person[here]] = (stays["day"] + stays["days"]).to_numpy()[here]
    return stays
