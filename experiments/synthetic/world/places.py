"""Providers: hospitals, clinics, village doctors and pharmacies, with the people who work there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.randomness import stream
from experiments.synthetic.world.people import CATEGORIES, NEVER
from experiments.synthetic.world.rosters import Rosters

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.geography import Geography
    from experiments.synthetic.world.people import People

# kind: share of providers, at least, contract type, level, name, price factor low and high, doctors per 1,000 persons
_KINDS = (
    ("tertiary", 0.015, 2, "hospital", "tertiary", "市人民医院", 0.97, 1.03),
    ("secondary", 0.045, 2, "hospital", "secondary", "医院", 0.9, 0.97),
    ("township", 0.07, 2, "hospital", "primary", "卫生院", 0.82, 0.9),
    ("community", 0.07, 2, "community_center", "primary", "社区卫生服务中心", 0.82, 0.9),
    ("village", 0.16, 3, "village_clinic", "ungraded", "村卫生室", 0.82, 0.95),
    ("clinic", 0.23, 6, "clinic", "ungraded", "诊所", 0.9, 1.05),
    ("dual_channel", 0.02, 2, "dual_channel_pharmacy", "ungraded", "双通道药店", 0.96, 1.04),
    ("pharmacy", 0.39, 10, "retail_pharmacy", "ungraded", "大药房", 0.95, 1.2),
)
KINDS = tuple(row[0] for row in _KINDS)
CEILING_FACTORS = {"tertiary": 1.12, "secondary": 1.08, "primary": 1.02, "pharmacy": 1.35}
_SPECIALTIES = ("internal", "surgery", "paediatrics", "gynaecology", "traditional", "orthopaedics", "neurology")
_TEAM_KINDS = ("tertiary", "secondary", "community")
_TEAM_DOCTORS, _TEAM_SHARE = 4, 0.25  # places with so many doctors may bill under a team's common number
_ROLES = ("doctor", "nurse", "technician")
_EMPLOYED = CATEGORIES.index("employed")
_COMMUTE = 0.4  # share of practitioners who live in another township than they work in
_STAFF_PERSONS = {"tertiary": 420, "secondary": 700, "township": 1_500, "community": 1_800, "clinic": 0, "village": 0}


@dataclass(frozen=True)
class Places:
    """Providers and practitioners.

    Attributes
    ----------
    providers : DataFrame
        One row per provider: kind, contract columns, township, popularity, price_factor, first_doctor, n_doctors,
        first_nurse, n_nurses, first_technician, n_technicians, n_terminals, has_team; agreement_last_day from
        `with_agreements` on.
    practitioners : DataFrame
        One row per practitioner: provider (place number), role, specialty, title, licence_years_before, is_team (the
        common number of a team), person (place number as an insured person; -1 for teams and until `housed`).
    """

    providers: pd.DataFrame
    practitioners: pd.DataFrame

    def of_kind(self, *kinds: str) -> npt.NDArray[np.int64]:
        """Place numbers of the providers of these kinds."""
        return np.flatnonzero(self.providers["kind"].isin(kinds).to_numpy())

    @property
    def oncology_hospital(self) -> int:
        """Place number of the hospital that treats the city's cancers."""
        return int(np.flatnonzero((self.providers["specialty"] == "oncology").to_numpy())[0])

    def staff(self, role: str, provider: npt.NDArray[np.int64], turn: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return one practitioner of each provider, taking turns; -1 where it has none of that role."""
        first = self.providers[f"first_{role}"].to_numpy()[provider]
        number = self.providers[f"n_{role}s"].to_numpy()[provider]
        return np.where(number > 0, first + turn % np.maximum(number, 1), -1)

    @cached_property
    def _rosters(self) -> Rosters:
        return Rosters.up_to(int(self.providers[[f"n_{role}s" for role in _ROLES]].to_numpy().max()))

    def on_duty(
        self, role: str, provider: npt.NDArray[np.int64], day: npt.NDArray[np.int64], turn: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Return one practitioner of each provider who works that day, taking turns; -1 where it has none."""
        first = self.providers[f"first_{role}"].to_numpy()[provider]
        number = self.providers[f"n_{role}s"].to_numpy()[provider]
        return np.where(number > 0, first + self._rosters.pick(number, day, turn), -1)

    def rota(self, role: str, provider: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Share each provider's day evenly among its practitioners of a role who work that day."""
        order = np.lexsort((day, provider))
        key = provider[order] * 100_000 + day[order] + 1_000
        starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.zeros(0, np.int64)
        rank = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
        turn = np.empty(len(key), np.int64)
        turn[order] = rank + key * 7  # begin with another colleague each day
        if role != "doctor":
            return self.on_duty(role, provider, day, turn)
        # A team's common number takes every other patient, the other doctors on duty share the rest.
        first, number = (self.providers[name].to_numpy()[provider] for name in ("first_doctor", "n_doctors"))
        others = first + 1 + self._rosters.pick(np.maximum(number - 1, 0), day, turn // 2)
        shared = np.where(turn % 2 == 0, first, others)
        return np.where(
            self.providers["has_team"].to_numpy()[provider], shared, self.on_duty(role, provider, day, turn)
        )


def _counts(n_providers: int) -> dict[str, int]:
    counts = {kind: max(least, round(n_providers * share)) for kind, share, least, *_ in _KINDS}
    counts["pharmacy"] = max(2, counts["pharmacy"] + n_providers - sum(counts.values()))
    return counts


def _seats(counts: dict[str, int], geography: Geography, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Choose a township for every provider; the village keeps exactly one clinic and one shop."""
    towns = geography.townships.groupby("region").head(1).index.to_numpy()
    others = np.setdiff1d(np.arange(geography.village), towns)
    share = geography.townships["people_share"].to_numpy()[: geography.village]
    seats = []
    for kind in KINDS:
        n = counts[kind]
        if kind == "tertiary":
            seat = towns[np.arange(n) % max(1, len(towns) // 2)]
        elif kind == "secondary":
            seat = towns[np.arange(n) % len(towns)]
        elif kind in {"township", "village"}:
            seat = np.resize(rng.permutation(others), n)
        else:
            seat = rng.choice(geography.village, n, p=share / share.sum())
        if kind in {"village", "pharmacy"}:
            seat[-1] = geography.village
        seats.append(seat)
    return np.concatenate(seats)


def make_places(n_providers: int, n_persons: int, geography: Geography, seed: int) -> Places:
    """Invent the providers under agreement and their practitioners."""
    rng = stream(seed, "places")
    counts = _counts(n_providers)
    kind = np.repeat(KINDS, [counts[k] for k in KINDS])
    row = {k: r for k, *r in _KINDS}
    seat = _seats(counts, geography, rng)
    towns = geography.townships
    spread = np.where(np.isin(kind, ("pharmacy", "clinic", "community")), 0.012, 0.006)
    longitude = towns["longitude"].to_numpy()[seat] + rng.normal(0, spread)
    latitude = towns["latitude"].to_numpy()[seat] + rng.normal(0, spread)
    hospitals = np.flatnonzero(kind == "tertiary")
    beside = hospitals[::-1][np.arange(counts["dual_channel"]) % len(hospitals)]  # the oncology hospital first
    dual = np.flatnonzero(kind == "dual_channel")
    seat[dual] = seat[beside]
    longitude[dual], latitude[dual] = longitude[beside] + 0.0012, latitude[beside] + 0.0006
    n = len(kind)
    region = towns["region"].to_numpy()[seat]
    public = np.isin(kind, ("tertiary", "township", "community", "village")) | (
        (kind == "secondary") & (rng.random(n) < 0.6)
    )
    beds = np.select(
        [kind == "tertiary", kind == "secondary", kind == "township"],
        [rng.integers(60, 140, n), rng.integers(30, 80, n), rng.integers(12, 35, n)],
        default=0,
    )
    chain = (kind == "pharmacy") & (rng.random(n) < 0.55)
    chain_name = np.array([f"GRP{i:03d}" for i in range(max(3, n // 60))])
    specialty = np.where(np.isin(kind, ("tertiary", "secondary")), "general", "").astype("U16")
    specialty[hospitals[-1]] = "oncology"
    low, high = (np.array([row[k][i] for k in kind]) for i in (5, 6))
    providers = pd.DataFrame(
        {
            "kind": kind,
            "provider_name": [
                f"城{r + 1}区{row[k][4]}{i + 1}" for i, (k, r) in enumerate(zip(kind, region, strict=True))
            ],
            "provider_type": [row[k][2] for k in kind],
            "provider_level": [row[k][3] for k in kind],
            "ownership": np.where(public, "public", "private"),
            "region": region,
            "township": seat,
            "longitude": longitude.round(5),
            "latitude": latitude.round(5),
            "group_id": np.where(chain, chain_name[rng.integers(0, len(chain_name), n)], ""),
            "licensed_beds": beds,
            "specialty": specialty,
            "popularity": rng.lognormal(0, 0.7, n) * np.where(chain, 1.3, 1.0),
            "price_factor": low + (high - low) * rng.random(n),
            "agreement_days_before": rng.integers(200, 4_000, n),
            "n_terminals": np.select([kind == "tertiary", kind == "secondary"], [6, 3], default=1)
            + (rng.random(n) < 0.4),
        }
    )
    return _with_staff(providers, n_persons, counts, rng)


def _with_staff(providers: pd.DataFrame, n_persons: int, counts: dict[str, int], rng: np.random.Generator) -> Places:
    kind = providers["kind"].to_numpy()
    doctors = np.zeros(len(kind), np.int64)
    for name, persons in _STAFF_PERSONS.items():
        each = max(3, n_persons // counts[name] // persons) if persons else 1
        doctors[kind == name] = each
    doctors[kind == "clinic"] += rng.integers(0, 3, counts["clinic"])
    doctors += ((kind == "clinic") | (kind == "village")) * (n_persons // 60_000 // 3)
    in_hospital = np.isin(kind, ("tertiary", "secondary", "township"))
    numbers = {
        "doctor": doctors,
        "nurse": np.where(in_hospital, doctors + doctors // 2, 0),
        "technician": np.where(in_hospital | (kind == "community"), np.maximum(2, doctors // 3), 0),
    }
    parts, start = [], 0
    for role, number in numbers.items():
        providers[f"n_{role}s"] = number
        providers[f"first_{role}"] = start + np.cumsum(number) - number
        start += int(number.sum())
        parts.append(pd.DataFrame({"provider": np.repeat(np.arange(len(kind)), number), "role": role}))
    practitioners = pd.concat(parts, ignore_index=True)
    n = len(practitioners)
    specialty = np.asarray(_SPECIALTIES)[rng.integers(0, len(_SPECIALTIES), n)]
    small = ~in_hospital[practitioners["provider"].to_numpy()]
    specialty = np.where(small, "general_practice", specialty)
    role = practitioners["role"].to_numpy()
    practitioners["specialty"] = np.select([role == "nurse", role == "technician"], ["nursing", "technical"], specialty)
    titles = np.asarray(("住院医师", "主治医师", "副主任医师", "主任医师"))[rng.integers(0, 4, n)]
    practitioners["title"] = np.select([role == "nurse", role == "technician"], ["护师", "技师"], titles)
    practitioners["licence_years_before"] = rng.integers(1, 30, n)
    many = np.isin(kind, _TEAM_KINDS) & (doctors >= _TEAM_DOCTORS)
    providers["has_team"] = many & (rng.random(len(kind)) < _TEAM_SHARE)
    practitioners["is_team"] = np.isin(np.arange(n), providers.loc[providers["has_team"], "first_doctor"])
    practitioners["person"] = -1
    return Places(providers, practitioners)


def housed(places: Places, people: People, geography: Geography, seed: int) -> Places:
    """Make each practitioner of the city one of its employed, living mostly in the township of work, else nearby."""
    rng = stream(seed, "practitioners at home")
    staff = places.practitioners
    provider = staff["provider"].to_numpy()
    township, region = (places.providers[name].to_numpy()[provider] for name in ("township", "region"))
    waiting = rng.permutation(np.flatnonzero((region < geography.capital) & ~staff["is_team"].to_numpy(bool)))
    able = (people.age >= 23) & (people.age < 58) & (people.category == _EMPLOYED) & (people.death_day == NEVER)
    free = rng.permutation(np.flatnonzero(able))
    home_region = geography.townships["region"].to_numpy()[people.township]
    person = np.full(len(staff), -1)
    commutes = rng.random(len(staff)) < _COMMUTE
    # First those who live where they work, then those who commute within the region, then whoever is left.
    everywhere = np.zeros(len(staff), np.int64), np.zeros(len(people), np.int64)
    for work, home, stays in ((township, people.township, ~commutes), (region, home_region, None), (*everywhere, None)):
        rows = waiting if stays is None else waiting[stays[waiting]]
        at, who = _matched(work[rows], home[free])
        person[rows[at]] = free[who]
        waiting, free = waiting[person[waiting] < 0], np.delete(free, who)
    return Places(places.providers, staff.assign(person=person))


def _matched(
    left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pair the first of each key on the left with the first of that key on the right, and so on."""
    span = len(left) + len(right) + 1
    keys = []
    for side in (left, right):
        order = np.argsort(side, kind="stable")
        starts = np.searchsorted(side[order], side[order], side="left")
        key = np.empty(len(side), np.int64)
        key[order] = side[order] * span + np.arange(len(side)) - starts
        keys.append(key)
    _, at, who = np.intersect1d(keys[0], keys[1], assume_unique=True, return_indices=True)
    return at, who
