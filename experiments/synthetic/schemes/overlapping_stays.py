"""H06: a hospital bills stays of people who lie in another hospital."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import Bills
from experiments.synthetic.schemes.parts.standing import busy_host
from experiments.synthetic.schemes.parts.stays import Admissions, plant_stays
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage, size_reached
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "H06"
_STAYS = {"small": 4, "medium": 12, "large": 40}
_REACHED = (("large", 22), ("medium", 7), ("small", 0))
_HOSTS = ("secondary", "township")
_SHORTEST = 6  # nights of the true stay
_TWINS = 8
_LONGEST_AFTER = 6  # nights of the stay after a transfer, at the most
_MOVED = "taken over from another hospital on the day of discharge there: the stays touch and share no night"


def _elsewhere(
    stage: Stage, rng: np.random.Generator, hospital: int, span: tuple[int, int], *, least: int
) -> pd.DataFrame:
    """Return stays at other hospitals, of idle people, in random order; one a person, followed by no other soon."""
    visits = stage.visits
    stays = visits[visits["is_stay"].to_numpy(bool) & (visits["reverses"].to_numpy() < 0)]
    stays = stays.sort_values(["person", "start"], kind="stable")
    person, first, last = stays["person"].to_numpy(), stays["start"].to_numpy() // DAY, stays["end"].to_numpy() // DAY
    follows = np.r_[np.where(person[1:] == person[:-1], first[1:], 1 << 20), 1 << 20]
    fit = (last - first >= least) & (first >= span[0]) & (last <= span[1]) & (follows > last + 14)
    fit &= (stays["provider"].to_numpy() != hospital) & np.isin(person, stage.idle_adults())
    fit &= ~stays["is_dead"].to_numpy(bool) & ~np.isin(stays["provider"].to_numpy(), sorted(stage.busy))
    fit &= ~stage.absent.meets(person, first, last + 14) & ~stage.is_staff(person)
    found = stays[fit].drop_duplicates("person")
    return found.iloc[rng.permutation(len(found))]


def _seen_after(stage: Stage, rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell who is seen without a bed in the days after a stay."""
    visits = stage.visits
    seen = visits[np.isin(visits["person"].to_numpy(), rows["person"].to_numpy()) & ~visits["is_stay"].to_numpy(bool)]
    left = rows.set_index("person")["end"].reindex(seen["person"]).to_numpy() // DAY
    day = seen["start"].to_numpy() // DAY
    after = seen["person"].to_numpy()[(day >= left) & (day <= left + _LONGEST_AFTER)]
    held: npt.NDArray[np.bool_] = np.isin(rows["person"].to_numpy(), after)
    return held


def _admitted(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    hospital: int,
    rows: pd.DataFrame,
    start: npt.NDArray[np.int64],
    nights: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Bill stays from given seconds on; return the visits that stand."""
    where = np.full(len(rows), hospital)
    doctor = stage.world.places.rota("doctor", where, start // DAY)
    dx = stage.world.catalogue.diagnoses_of("acute")[:2]
    stays = Admissions(rows["person"].to_numpy(), hospital, start, nights, dx[rng.integers(0, 2, len(rows))], doctor)
    bills = Bills()
    plant_stays(stage, bills, rng, source, stays)
    return stage.book.visits_of(stage.add(bills, even_in_hospital=True))


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one hospital bill people who lie elsewhere."""
    rng = stage.rng(_CODE, str(number))
    hospital = busy_host(stage, rng, *_HOSTS)
    span = stage.window(rng)
    rows = _elsewhere(stage, rng, hospital, (span[0], span[1] - 2), least=_SHORTEST)[: _STAYS[size]]
    if not len(rows):
        raise NoRoomError("hardly anyone lies in hospital long enough")
    first, last = rows["start"].to_numpy() // DAY, rows["end"].to_numpy() // DAY
    nights = np.clip(rng.integers(3, 7, len(rows)), 3, last - first - 2)
    start = (first + 1) * DAY + (10.5 * HOUR + 4 * HOUR * rng.random(len(rows))).astype(np.int64)
    kept = _admitted(stage, rng, f"{_CODE}/{number}", hospital=hospital, rows=rows, start=start, nights=nights)
    if not len(kept):
        raise NoRoomError("hardly anyone lies in hospital long enough")
    # The papers follow when the other hospital has settled.
    other = rows.set_index("person")["settle"].reindex(kept["person"]).to_numpy()
    stage.revise(visits=kept.assign(settle=np.maximum(kept["settle"].to_numpy(), other + HOUR)))
    day = kept["start"].to_numpy() // DAY
    reached = size_reached(size, len(kept), _REACHED)
    stage.truth.add_provider(hospital, _CODE, int(day.min()), int(kept["end"].max()) // DAY, reached)
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), day)
    stage.busy_persons.update(kept["person"].tolist())


def plant_twin(stage: Stage) -> None:
    """Let one hospital take patients over on the day on which they leave another."""
    rng = stage.rng(_CODE, "twin")
    hospital = busy_host(stage, rng, *_HOSTS)
    rows = _elsewhere(stage, rng, hospital, (0, stage.world.calendar.n_days - 8), least=2)
    rows = rows[~_seen_after(stage, rows)][:_TWINS]
    if not len(rows):
        raise NoRoomError("nobody could be taken over")
    nights = rng.integers(3, _LONGEST_AFTER, len(rows))
    start = rows["end"].to_numpy() + HOUR + rng.integers(0, 2 * HOUR, len(rows))
    kept = _admitted(stage, rng, f"{_CODE}/moved", hospital=hospital, rows=rows, start=start, nights=nights)
    stage.busy_persons.update(kept["person"].tolist())
    stage.truth.add_twins("provider", [hospital], _CODE, _MOVED)
    stage.truth.add_twins("patient", np.unique(kept["person"].to_numpy()), _CODE, _MOVED)


OVERLAPPING_STAYS = Scheme(_CODE, 800, plant, plant_twin)
