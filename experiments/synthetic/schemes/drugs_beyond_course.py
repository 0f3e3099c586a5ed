"""T06: a dear drug is drawn long after the course that the benefit pays, and faster than it can be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.synthetic.care.bills import CENTRE, Bills
from experiments.synthetic.payer import insurer
from experiments.synthetic.schemes.parts.dual_channel import open_fills, trading
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.limits import strictest_limits
from experiments.synthetic.world.people import CONDITIONS

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "T06"
_PEOPLE = {"small": 2, "medium": 5, "large": 14}
_PAUSE, _TWIN_PAUSE = (17, 25), (25, 29)  # days from one fill to the next
_STARTS = 20  # days
_A_FILL = 28  # days of a fill, about
_TWINS = 4
_APPROVED = "goes on after the paid course by an approval on record for each further fill"


class _Fills(NamedTuple):
    """Person, second, item and packs of each fill, its days, and how many of them lie beyond the paid course.

    That holds for whoever gets every fill.
    """

    person: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]
    item: npt.NDArray[np.int64]
    packs: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    beyond: npt.NDArray[np.int64]


def _drugs(stage: Stage) -> npt.NDArray[np.int64]:
    """Return the dual-channel drugs that are paid for a course only."""
    catalogue = stage.world.catalogue
    bound = strictest_limits(catalogue)["max_course_days"].notna().to_numpy()
    return np.flatnonzero(bound & catalogue.items["is_dual_channel"].to_numpy(bool))


def _people(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Draw idle adults without a cancer, whose own fills would count, and never away."""
    adults = stage.idle_adults()
    adults = adults[~stage.world.people.conditions[adults, CONDITIONS.index("oncology")]]
    adults = adults[~stage.absent.meets(adults, 0, stage.world.calendar.n_days)]
    return stage.enlist(rng, adults, n)


def _drawn(stage: Stage, rng: np.random.Generator, people: npt.NDArray[np.int64], pause: tuple[int, int]) -> _Fills:
    """Let people fetch their drug again and again until the window ends."""
    catalogue = stage.world.catalogue
    pack_days = catalogue.items["days_per_pack"].to_numpy(float)
    longest = strictest_limits(catalogue)["max_course_days"].to_numpy(float)
    rows = []
    for who, item in zip(people.tolist(), rng.choice(_drugs(stage), len(people)).tolist(), strict=True):
        packs = max(1, round(_A_FILL / pack_days[item]))
        days, so_far, day = int(packs * pack_days[item]), 0, int(rng.integers(0, _STARTS))
        while day < stage.world.calendar.n_days - 1:
            so_far += days
            time = day * DAY + 10 * HOUR + int(rng.integers(0, 6 * HOUR))
            rows.append((who, time, item, packs, days, min(days, max(0, so_far - int(longest[item])))))
            day += int(rng.integers(*pause))
    return _Fills(*np.array(rows, np.int64).reshape(-1, 6).T)


def _fill(stage: Stage, rng: np.random.Generator, source: str, fills: _Fills, **columns: Any) -> npt.NDArray[np.int64]:
    """Bill fills on scripts of the centre at one dual-channel pharmacy, of people who miss none of theirs.

    Returns
    -------
    array
        The draft of each fill, in their order; -1 for all fills of a person who would have missed one.
    """
    shops = trading(stage)
    if not len(shops):
        raise NoRoomError("no dual-channel pharmacy is left")
    shop, n, bills = int(rng.choice(shops)), len(fills.person), Bills()
    hospital = np.full(n, stage.world.places.oncology_hospital)
    doctor = stage.world.places.rota("doctor", hospital, fills.time // DAY)
    draft = open_fills(stage, bills, rng, source, person=fills.person, shop=shop, time=fills.time, **columns)
    rx = bills.prescribe(
        source,
        n,
        person=fills.person,
        issuer=hospital,
        prescriber=doctor,
        issue_time=fills.time - rng.integers(HOUR // 4, 2 * HOUR, n),
        channel=CENTRE,
        dispenser=shop,
        dispense_time=fills.time,
        draft=draft,
    )
    bills.charge(draft, fills.item, fills.time, quantity=fills.packs, days_supply=fills.days, prescriber=doctor, rx=rx)
    kept = stage.add(bills)
    missing = fills.person[np.isin(draft, kept, invert=True)]
    whole = np.isin(fills.person, missing, invert=True)
    stage.drop(np.intersect1d(draft[~whole], kept))
    return np.where(whole, draft, -1)


def plant(stage: Stage, size: str, number: int) -> None:
    """Let some people draw a drug beyond the paid course."""
    rng = stage.rng(_CODE, str(number))
    fills = _drawn(stage, rng, _people(stage, rng, _PEOPLE[size]), _PAUSE)
    draft = _fill(stage, rng, f"{_CODE}/{number}", fills)
    on = (draft >= 0) & (fills.beyond > 0)
    if not on.any():
        raise NoRoomError("the window is too short for a course")
    lines = stage.lines(draft[on])
    order = np.argsort(draft[on])
    stage.truth.add_lines(
        _CODE,
        lines["draft"].to_numpy(),
        lines["uid"].to_numpy(),
        part=fills.beyond[on][order],
        whole=fills.days[on][order],
    )
    stage.truth.add_patients(_CODE, fills.person[on], fills.time[on] // DAY)


def plant_twin(stage: Stage) -> None:
    """Let some people go on by approval."""
    rng = stage.rng(_CODE, "twin")
    people = _people(stage, rng, _TWINS)
    fills = _drawn(stage, rng, people, _TWIN_PAUSE)
    region = stage.world.geography.townships["region"].to_numpy()[stage.world.people.township[fills.person]]
    decided = insurer.on_duty(np.arange(len(fills.person)), region, stage.world.seed)
    draft = _fill(stage, rng, f"{_CODE}/twin", fills, override_by=np.where(fills.beyond > 0, decided, -1))
    if not (draft >= 0).any():
        raise NoRoomError("nobody could fetch every fill")
    stage.truth.add_twins("patient", np.unique(fills.person[draft >= 0]), _CODE, _APPROVED)


DRUGS_BEYOND_COURSE = Scheme(_CODE, 800, plant, plant_twin)
