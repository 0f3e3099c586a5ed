"""Pharmacy sales: prescriptions filled, and what people buy for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import NONE, PHARMACY, Bills
from experiments.synthetic.randomness import stream
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.care.visits import Prescribed
    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.presence import Presence
    from experiments.synthetic.world.world import World

_PURCHASES_A_YEAR = 2.6
_WINTER = 0.5
_DOORSTEP = 0.35  # share of scripts filled at a shop near the issuer; the rest near home
_SHELVES = (
    ("otc", 0.44),
    ("respiratory", 0.23),
    ("digestive", 0.12),
    ("pain", 0.1),
    ("hypertension", 0.09),
    ("premium", 0.02),
)


def fill_prescriptions(
    world: World,
    bills: Bills,
    rng: np.random.Generator,
    source: str,
    prescribed: Prescribed,
    *,
    pharmacy: npt.NDArray[np.int64] | None = None,
    encounter: int = PHARMACY,
    channel: int = NONE,
) -> npt.NDArray[np.int64]:
    """Write one prescription per visit that prescribes something, and bill its fill at a pharmacy.

    Parameters
    ----------
    prescribed : Prescribed
        Drugs, and the visits they come from.
    pharmacy : array, optional
        One element per visit; drawn near the issuer or near home when absent.
    encounter : int
        Kind of settlement of the fill; all but an ordinary purchase carry the visit's diagnosis.

    channel : int
        Place in CHANNELS; drawn when absent.

    Returns
    -------
    array
        Draft numbers of the fills, in the order of the visits that prescribed something.
    """
    visits, item, packs = prescribed.visits, prescribed.item, prescribed.packs
    visit, place = np.unique(prescribed.row, return_inverse=True)
    n = len(visit)
    who, where, doctor = visits.person[visit], visits.provider[visit], visits.doctor[visit]
    shop = _near(world, rng, who, where) if pharmacy is None else pharmacy[visit]
    issue = visits.time[visit] + prescribed.later
    fill = _filled(rng, issue)
    # A script is dropped when its fill would fall past the window, into a stay, or after death: never filled.
    draft = bills.open(
        f"fill/{source}",
        n,
        person=who,
        provider=shop,
        encounter=encounter,
        start=fill,
        end=fill,
        settle=fill + rng.integers(20, 240, n),
        dx1=NONE if encounter == PHARMACY else visits.dx1[visit],
    )
    rx = bills.prescribe(
        source,
        n,
        person=who,
        issuer=where,
        prescriber=doctor,
        issue_time=issue,
        channel=rng.choice(3, n, p=(0.62, 0.25, 0.13)) if channel == NONE else channel,
        dispenser=shop,
        dispense_time=fill,
        draft=draft,
    )
    days = (packs * world.catalogue.items["days_per_pack"].to_numpy(float)[item]).astype(np.int64)
    bills.charge(
        draft[place], item, fill[place], quantity=packs, days_supply=days, prescriber=doctor[place], rx=rx[place]
    )
    return draft


def _near(
    world: World, rng: np.random.Generator, person: npt.NDArray[np.int64], issuer: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Draw a shop on the issuer's doorstep or near home."""
    near_issuer = world.choosers["pharmacy"].draw(rng, world.places.providers["township"].to_numpy()[issuer])
    doorstep = rng.random(len(person)) < _DOORSTEP
    shop: npt.NDArray[np.int64] = np.where(doorstep, near_issuer, world.choose(rng, "pharmacy", person, loyalty=0.8))
    return shop


def _filled(rng: np.random.Generator, issue: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Draw when scripts are filled: some hours later, or in the next day's opening hours."""
    n = len(issue)
    fill = issue + (rng.exponential(2.2 * HOUR, n) + 600).astype(np.int64)
    shut = (fill % DAY > 21.5 * HOUR) | (fill // DAY != issue // DAY)
    next_day = (issue // DAY + 1) * DAY + (9 * HOUR + 9 * HOUR * rng.random(n)).astype(np.int64)
    filled: npt.NDArray[np.int64] = np.where(shut, next_day, fill)
    return filled


def bill_purchases(world: World, bills: Bills, presence: Presence, month: Month) -> None:
    """Over-the-counter purchases, paid from the personal account or in cash."""
    rng = stream(world.seed, f"purchases/{month.name}")
    people = world.people
    years = world.calendar.share_of(month, "pharmacy", wave=_WINTER)
    rate = _PURCHASES_A_YEAR * years * (0.5 + 0.5 * people.frailty) * np.where(people.insurance == 0, 1.35, 0.75)
    person = np.repeat(np.arange(len(people)), rng.poisson(rate))
    day = world.calendar.draw_days(rng, len(person), "pharmacy", wave=_WINTER, month=month)
    here = presence.is_free(person, day)
    person, day = person[here], day[here]
    n = len(person)
    shop = world.choose(rng, "pharmacy", person, loyalty=0.68)
    time = day * DAY + world.calendar.draw_seconds(rng, n, "pharmacy")
    draft = bills.open(
        f"purchase/{month.name}",
        n,
        person=person,
        provider=shop,
        encounter=PHARMACY,
        start=time,
        end=time,
        settle=time + rng.integers(5, 90, n),
    )
    wanted = 1 + (rng.random((n, 3)) < (0.5, 0.35, 0.25)).cumprod(axis=1).sum(axis=1)
    shelf = rng.choice(len(_SHELVES), (n, 4), p=[share for _, share in _SHELVES])
    before = np.full((n, 4), NONE)
    for j in range(4):
        for place, (name, _) in enumerate(_SHELVES):
            rows = np.flatnonzero((wanted > j) & (shelf[:, j] == place))
            item = rng.choice(world.catalogue.group(name), len(rows))
            fresh = (before[rows] != item[:, None]).all(axis=1)
            rows, item = rows[fresh], item[fresh]
            before[rows, j] = item
            bills.charge(draft[rows], item, time[rows], quantity=rng.choice((1, 2, 3), len(rows), p=(0.68, 0.24, 0.08)))
