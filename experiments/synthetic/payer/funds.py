"""What the payer keeps about itself and its providers: the fund's months, budgets, surveys, complaints."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from experiments.synthetic import arrow
from experiments.synthetic.randomness import opaque_ids, stream, uniform
from experiments.synthetic.world.people import INSURANCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.identity import Identity
    from experiments.synthetic.world.world import World

    Cents = npt.NDArray[np.int64]

# Yuan a head and year; the employees' fund gathers more than it pays, the residents' about what it pays.
_INCOME_A_YEAR = {"employee": 3_100, "resident": 1_780}
# Residents pay for the year in its first months and the budget adds its share in instalments; employees pay monthly.
_RESIDENT_MONTHS = np.array((0.21, 0.15, 0.11, 0.07, 0.06, 0.09, 0.06, 0.05, 0.06, 0.05, 0.04, 0.05))
_RESERVE_MONTHS = {"employee": (9.0, 20.0), "resident": (4.0, 10.0)}  # reserve at the start, in months of income
_BUDGET_OF_PAID = (0.93, 1.1)  # a hospital's budget over what it was paid
_SURVEYED = ("tertiary", "secondary", "township", "community")
_COMPLAINTS_A_YEAR = 0.22  # per provider of middling size
_GUILTY_TIMES = 3.0
_SUBJECTS = (("provider", 0.8), ("practitioner", 0.12), ("patient", 0.08))
_CHANNELS = ("热线", "来信", "网络", "上级转办", "走访")


def fund_paid(world: World, visits: pd.DataFrame) -> Cents:
    """Sum what the fund paid in a settled month.

    Parameters
    ----------
    world : World
        The city.
    visits : DataFrame
        Settled visits of the month: person, fund (cents).

    Returns
    -------
    array
        Cents by insured region (rows) and insurance type (columns).
    """
    person = visits["person"].to_numpy()
    region = world.geography.townships["region"].to_numpy()[world.people.township[person]]
    paid = np.zeros((len(world.geography.regions), len(INSURANCE)), np.int64)
    np.add.at(paid, (region, world.people.insurance[person]), visits["fund"].to_numpy().astype(np.int64))
    return paid


def fund_months_table(world: World, paid: list[Cents]) -> pa.Table:
    """One row per insured region, insurance type and month.

    Parameters
    ----------
    world : World
        The city.
    paid : list of array
        What `fund_paid` returned for every month, in order.
    """
    rng = stream(world.seed, "fund months")
    geography, people, months = world.geography, world.people, world.calendar.months
    region_of = geography.townships["region"].to_numpy()[people.township]
    codes = geography.regions["region_code"].tolist()
    rows = []
    for region in np.unique(region_of).tolist():
        for number, insurance in enumerate(INSURANCE):
            heads = int(((region_of == region) & (people.insurance == number)).sum())
            a_year = heads * _INCOME_A_YEAR[insurance] * 100 * rng.uniform(0.94, 1.08)
            balance = round(a_year / 12 * rng.uniform(*_RESERVE_MONTHS[insurance]))
            for place, month in enumerate(months):
                share = 1 / 12 if insurance == "employee" else _RESIDENT_MONTHS[int(month[5:]) - 1]
                growth = 1.004**place
                income = round(a_year * share * growth * rng.normal(1, 0.015))
                payout = int(paid[place][region, number])
                balance += income - payout
                rows.append((codes[region], insurance, month, income, payout, balance))
    columns = list(zip(*rows, strict=True))
    amounts = ("income_amount", "payout_amount", "cumulative_balance_amount")
    return pa.table(
        {
            "region_code": pa.array(columns[0], pa.string()),
            "insurance_type": pa.array(columns[1], pa.string()),
            "month": pa.array(columns[2], pa.string()),
            **{
                name: arrow.decimals(np.array(values, np.int64), 18, 2)
                for name, values in zip(amounts, columns[3:], strict=True)
            },
        }
    )


def budgets_table(world: World, who: Identity, paid: Cents) -> pa.Table:
    """One row per hospital of the prefecture and year of the window: its budget, set by what it used to be paid.

    Parameters
    ----------
    world, who
        The city.
    paid : array
        Cents that the fund paid to each provider in the whole window.
    """
    frame = world.places.providers
    own = (frame["provider_type"] == "hospital") & (frame["region"] != world.geography.capital)
    hospitals = np.flatnonzero(own.to_numpy())
    years = sorted({int(month[:4]) for month in world.calendar.months})
    hospital, year = np.repeat(hospitals, len(years)), np.tile(years, len(hospitals))
    low, high = _BUDGET_OF_PAID
    factor = low + (high - low) * uniform(hospital, world.seed, "budget")
    growth = 1.03 ** (year - years[0])
    budget = np.rint(paid[hospital] * (365 / world.calendar.n_days) * factor * growth / 1e6) * 1e6  # whole 10,000 yuan
    table = pa.table(
        {
            "provider_id": arrow.codes(who.providers, hospital),
            "year": pa.array(year, pa.int64()),
            "budget_amount": arrow.decimals(np.maximum(budget, 1e6).astype(np.int64), 18, 2),
        }
    )
    return table.sort_by([("provider_id", "ascending"), ("year", "ascending")])


def surveys_table(world: World, who: Identity, visits: pd.DataFrame) -> pa.Table:
    """One row per surveyed provider and month with answers.

    Parameters
    ----------
    world, who
        The city.
    visits : DataFrame
        All visits: provider, start (seconds).
    """
    rng = stream(world.seed, "surveys")
    surveyed = world.places.of_kind(*_SURVEYED)
    months = world.calendar.months
    day = visits["start"].to_numpy() // 86_400
    month = np.clip(np.searchsorted(world.calendar.month_first_day, day, side="right") - 1, 0, len(months) - 1)
    seen = np.zeros((len(world.places.providers), len(months)), np.int64)
    np.add.at(seen, (visits["provider"].to_numpy(), month), 1)
    liking = rng.beta(26, 3, len(surveyed))
    provider, place = np.repeat(surveyed, len(months)), np.tile(np.arange(len(months)), len(surveyed))
    answers = rng.poisson(np.minimum(4 + 0.06 * seen[provider, place], 400))
    content = rng.binomial(answers, np.repeat(liking, len(months)))
    on = answers > 0
    table = pa.table(
        {
            "provider_id": arrow.codes(who.providers, provider[on]),
            "month": arrow.codes(months, place[on]),
            "n_responses": pa.array(answers[on], pa.int64()),
            "satisfied_share": pa.array(np.round(content[on] / answers[on], 4)),
        }
    )
    return table.sort_by([("provider_id", "ascending"), ("month", "ascending")])


def complaints_table(world: World, who: Identity, guilty: Iterable[int]) -> pa.Table:
    """One row per complaint received in the window: most concern innocents, the guilty draw three times their share.

    Parameters
    ----------
    world, who
        The city.
    guilty : iterable of int
        Place numbers of providers that cheat; complaints against the others do not depend on it.
    """
    rng = stream(world.seed, "complaints")
    places, days = world.places, world.calendar.n_days
    n = len(places.providers)
    popular = places.providers["popularity"].to_numpy()
    rate = _COMPLAINTS_A_YEAR * days / 365 * np.clip(np.sqrt(popular), 0.5, 3.0)
    usual, more = rng.poisson(rate), rng.poisson((_GUILTY_TIMES - 1) * rate)
    cheats = np.zeros(n, bool)
    cheats[sorted(set(guilty))] = True
    number = usual + np.where(cheats, more, 0)
    provider = np.repeat(np.arange(n), number)
    rank = np.arange(len(provider)) - np.repeat(np.cumsum(number) - number, number)
    key = provider * 10_000 + rank  # each complaint draws by its own number: the guilty shift nobody else's
    kinds = np.searchsorted(np.cumsum([share for _, share in _SUBJECTS])[:-1], _luck(world, key, "subject"), "right")
    doctor = places.staff("doctor", provider, (_luck(world, key, "doctor") * 1_000).astype(np.int64))
    kinds = np.where((kinds == 1) & (doctor < 0), 0, kinds)
    patient = (_luck(world, key, "patient") * len(world.people)).astype(np.int64)
    subjects = [
        (who.providers[p], who.practitioners[d], who.persons[q])[k]
        for k, p, d, q in zip(kinds.tolist(), provider.tolist(), doctor.tolist(), patient.tolist(), strict=True)
    ]
    day = (_luck(world, key, "day") * days).astype(np.int64)
    received = [world.calendar.first + timedelta(days=d) for d in day.tolist()]
    table = pa.table(
        {
            "complaint_id": opaque_ids(key, world.seed, "complaint", "Q"),
            "received_date": pa.array(received, pa.date32()),
            "subject_type": arrow.codes([name for name, _ in _SUBJECTS], kinds),
            "subject_id": pa.array(subjects, pa.string()),
            "channel": arrow.codes(_CHANNELS, (_luck(world, key, "channel") * len(_CHANNELS)).astype(np.int64)),
        }
    )
    return table.sort_by([("received_date", "ascending"), ("complaint_id", "ascending")])


def _luck(world: World, key: npt.NDArray[np.int64], what: str) -> npt.NDArray[np.float64]:
    return uniform(key, world.seed, f"complaint/{what}")
