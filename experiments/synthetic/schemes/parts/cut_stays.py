"""Long stays cut in two: a discharge and a readmission on paper, the care going on in the second case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import INPATIENT, Bills
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.schemes.scheme import Stage

STAYS = {"small": 10, "medium": 50, "large": 200}
_HOSTS = ("tertiary", "secondary", "township")
_AT_MOST = 0.6  # share of a hospital's long stays that is cut: the others are honest
_SHORTEST = 5  # nights; a shorter stay is not worth cutting


def reached(n: int) -> str:
    """Return the size that so many cut stays make, by the geometric means of the sizes.

    A small city has few long stays: the size on record is the one reached.
    """
    return "small" if n < 22 else "medium" if n < 100 else "large"


def draw_long_stays(
    stage: Stage, rng: np.random.Generator, wanted: int, *, longest_gap: int
) -> tuple[int, pd.DataFrame]:
    """Draw a hospital and those of its long stays that are to be cut.

    Parameters
    ----------
    stage : Stage
        The city; the hospital is given its part.
    rng : Generator
        Of the scheme.
    wanted : int
        Stays to cut; fewer come back from a small hospital.
    longest_gap : int
        Days at home, at most, between the two cases.
    """
    first, last = stage.window(rng)
    stays = _long_stays(stage, rng, first, last, longest_gap)
    idle = stage.idle(*_HOSTS)
    counts = stays["provider"].value_counts().reindex(idle).fillna(0).astype(int)
    # Hospitals with enough long stays for this size; else the one with the most.
    able = counts.index[(counts * _AT_MOST >= wanted).to_numpy()].to_numpy()
    most = counts.index[counts == counts.max()].to_numpy()
    hospital = stage.host(rng, *_HOSTS, among=able if len(able) else most)
    mine = stays[stays["provider"] == hospital]
    n = min(wanted, int(np.ceil(len(mine) * _AT_MOST)))
    return hospital, mine.iloc[np.sort(rng.choice(len(mine), n, replace=False))].reset_index(drop=True)


def _long_stays(stage: Stage, rng: np.random.Generator, first: int, last: int, longest_gap: int) -> pd.DataFrame:
    """Return stays that could be cut, and the days between both cases.

    They are long, unplanned, and followed by no other stay of the person until the second case would be over.
    """
    visits = stage.visits
    stays = visits[visits["is_stay"].to_numpy(bool) & (visits["reverses"] < 0).to_numpy()].copy()
    stays = stays.sort_values(["person", "start"], kind="stable")
    person, start = stays["person"].to_numpy(), stays["start"].to_numpy()
    same = np.r_[person[1:] == person[:-1], False]
    stays["next_start"] = np.where(same, np.r_[start[1:], 0], np.int64(1) << 50)
    nights = stays["end"] // DAY - stays["start"] // DAY
    stays["gap"] = rng.integers(2, longest_gap + 1, len(stays))
    room = stays["end"] + (stays["gap"] + 3) * DAY
    fit = (stays["encounter"] == INPATIENT) & ~stays["is_dead"].to_numpy(bool)
    fit &= (nights >= _SHORTEST) & ~stays["is_planned"].to_numpy(bool) & (stays["surgery"] < 0)
    fit &= (room < stays["next_start"]) & (room < stage.world.calendar.end)
    fit &= room // DAY < stage.world.people.death_day[person]
    fit &= (stays["start"] // DAY >= first) & (stays["start"] // DAY <= last)
    fit &= ~np.isin(person, sorted(stage.busy_persons)) & ~stage.is_staff(person)
    fit &= ~stage.absent.meets(person, stays["start"].to_numpy() // DAY, room.to_numpy() // DAY)
    found = stays[fit.to_numpy()]
    return found[~found["person"].duplicated().to_numpy()]


def cut_in_two(
    stage: Stage, rng: np.random.Generator, source: str, stays: pd.DataFrame, *, repeat_tests: float
) -> npt.NDArray[np.int64]:
    """Discharge patients on paper and bill the rest of their care as a new case.

    Parameters
    ----------
    stage : Stage
        The city; the stays are revised, their persons' visits during the new case dropped.
    rng : Generator
        Of the scheme.
    source : str
        Name that gives the new drafts their numbers.
    stays : DataFrame
        Rows of `draw_long_stays`; columns `dx1_again`, `dx2_again` and `dx3_again` are the new case's diagnoses.
    repeat_tests : float
        Share of the tests of the first days that the new case repeats; it has the basic ones anyway.

    Returns
    -------
    array
        Drafts of the new cases.
    """
    world, n = stage.world, len(stays)
    nights = (stays["end"] // DAY - stays["start"] // DAY).to_numpy()
    kept = np.clip(np.rint(nights * rng.uniform(0.4, 0.65, n)), 2, nights - 2).astype(np.int64)
    gap = stays["gap"].to_numpy()
    cut = (stays["start"].to_numpy() // DAY + kept) * DAY + (9 * HOUR + 3 * HOUR * rng.random(n)).astype(np.int64)
    back = (cut // DAY + gap) * DAY + (8.2 * HOUR + 3 * HOUR * rng.random(n)).astype(np.int64)
    shift = gap * DAY
    bills = Bills()
    doctor = np.where(
        rng.random(n) < 0.8, stays["doctor"], world.places.rota("doctor", stays["provider"].to_numpy(), back // DAY)
    )
    end = stays["end"].to_numpy() + shift
    # Who was meant to stay on gets a new case.
    draft = bills.open(
        source,
        n,
        person=stays["person"].to_numpy(),
        provider=stays["provider"].to_numpy(),
        encounter=stays["encounter"].to_numpy(),
        start=back,
        end=end,
        settle=np.minimum(end + rng.integers(600, 3 * HOUR, n), world.calendar.end - 60),
        is_stay=True,
        doctor=doctor,
        dx1=stays["dx1_again"].to_numpy(),
        dx2=stays["dx2_again"].to_numpy(),
        dx3=stays["dx3_again"].to_numpy(),
        bed=np.where(rng.random(n) < 0.5, stays["bed"], rng.integers(1, 20, n)),
    )
    technician = world.places.rota("technician", stays["provider"].to_numpy(), back // DAY)
    basic = world.catalogue.group("lab_basic")
    for item in basic:  # an admission on paper needs its tests
        bills.charge(draft, int(item), back + 1_800 + int(item), prescriber=doctor, executor=technician)
    old = stays["draft"].to_numpy()
    visits = stage.visits[np.isin(stage.visits["draft"].to_numpy(), old)]
    match = pd.Series(np.arange(n), index=old).reindex(visits["draft"]).to_numpy()
    lines = stage.lines(old)
    if repeat_tests:
        row, item = _tests(stage, rng, lines, old, cut, share=repeat_tests)
        again = ~np.isin(item, basic)
        row, item = row[again], item[again]
        bills.charge(draft[row], item, back[row] + 2_400 + item % 600, prescriber=doctor[row], executor=technician[row])
    stage.revise(visits=visits.assign(end=cut[match], settle=cut[match] + 2_400))
    stage.drop(_visits_during(stage.visits, stays["person"].to_numpy(), back, end))
    added = stage.add(bills)
    moved = _moved(lines, old, draft, cut=cut, back=back, shift=shift, end=end)
    stage.revise(lines=pd.concat([moved, stage.lines(added)], ignore_index=True))
    return added


def _tests(
    stage: Stage,
    rng: np.random.Generator,
    lines: pd.DataFrame,
    old: npt.NDArray[np.int64],
    cut: npt.NDArray[np.int64],
    *,
    share: float,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Draw which stay repeats which of its tests before the cut: each once."""
    order = np.argsort(old)
    row = order[np.searchsorted(old[order], lines["draft"].to_numpy())]
    category = stage.world.catalogue.items["category"].to_numpy()[lines["item"].to_numpy()]
    is_test = np.isin(category, ("laboratory", "examination")) & (lines["quantity"].to_numpy() == 1)
    is_test &= lines["time"].to_numpy() // DAY < cut[row] // DAY
    pairs = np.unique(np.stack([row[is_test], lines["item"].to_numpy()[is_test]], axis=1), axis=0)
    pairs = pairs[rng.random(len(pairs)) < share]
    return pairs[:, 0], pairs[:, 1]


def _moved(
    lines: pd.DataFrame,
    old: npt.NDArray[np.int64],
    new: npt.NDArray[np.int64],
    *,
    cut: npt.NDArray[np.int64],
    back: npt.NDArray[np.int64],
    shift: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Move what was given after the cut to the new stay; what cancels a line goes where the line went."""
    order = np.argsort(old)
    row = order[np.searchsorted(old[order], lines["draft"].to_numpy())]
    time = lines["time"].to_numpy()
    later = time // DAY >= cut[row] // DAY
    uid, cancels = lines["uid"].to_numpy(), lines["cancels"].to_numpy()
    later = np.where(cancels >= 0, np.isin(cancels, uid[later]), later)
    # A refund given after the cut for a line before it is dated to the first stay.
    stays_put = np.minimum(time, cut[row] - 300)
    time = np.where(later, np.clip(time + shift[row], back[row] + 600, end[row] - 300), stays_put)
    return lines.assign(draft=np.where(later, new[row], lines["draft"].to_numpy()), time=time)


def _visits_during(
    visits: pd.DataFrame, person: npt.NDArray[np.int64], back: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Drafts of outpatient visits that the new stays make impossible."""
    start_of = pd.Series(back // DAY, index=person)
    end_of = pd.Series(end // DAY, index=person)
    day = visits["start"].to_numpy() // DAY
    who = visits["person"].to_numpy()
    start, stop = start_of.reindex(who).to_numpy(), end_of.reindex(who).to_numpy()
    inside = ~visits["is_stay"].to_numpy(bool) & (day >= start) & (day <= stop)
    drafts: npt.NDArray[np.int64] = visits["draft"].to_numpy()[inside]
    return drafts
