"""H23: drugs of a stay are billed outside it, so that the group's payment covers less than was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import NONE, OUTPATIENT, PHARMACY, Bills
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H23"
_HOSPITALS = {"small": 1, "medium": 2, "large": 4}
_HOSTS = ("tertiary", "secondary", "township")
_SHIFTED_LINES = (0.12, 0.22)  # share of the drug lines of a stay that moves
_STAYS = (0.45, 0.75)  # share of a hospital's stays of which lines move
_AT_A_SHOP = 0.3  # share of the moved lines' bills that a shop next door writes
_FEWEST_STAYS = 12  # of the window
_WITHIN = 7  # days before admission or after discharge
_DAY_HOSPITAL = "a new day hospital treats before and after the stay; the drugs of the stay stay on its bill"


def plant(stage: Stage, size: str, number: int) -> None:
    """Shift drugs of one hospital, or of several of one owner."""
    rng = stage.rng(_CODE, str(number))
    wanted = _HOSPITALS[size]
    first, last = stage.window(rng)
    hospitals = [stage.host(rng, *_HOSTS, among=_busy(stage))]
    while len(hospitals) < wanted and len(np.intersect1d(stage.idle(*_HOSTS), _busy(stage))):
        hospitals.append(stage.host(rng, *_HOSTS, among=_busy(stage)))
    guilty = []
    for place, hospital in enumerate(hospitals):
        drafts = _shift(stage, rng, f"{_CODE}/{number}/{place}", hospital=hospital, span=(first, last))
        if len(drafts):
            guilty.append((hospital, stage.visits[np.isin(stage.visits["draft"].to_numpy(), drafts)]))
    if not guilty:
        raise NoRoomError("no hospital with stays enough is left")
    # The size on record is that of the hospitals which found something to shift.
    reached = "small" if len(guilty) == 1 else "medium" if len(guilty) < _HOSPITALS["large"] else "large"
    for hospital, visits in guilty:
        day = visits["start"].to_numpy() // DAY
        stage.truth.add_provider(hospital, _CODE, int(day.min()), int(day.max()), reached)
        stage.truth.add_settlements(_CODE, visits["draft"].to_numpy())
        stage.truth.add_patients(_CODE, visits["person"].to_numpy(), day)


def _busy(stage: Stage) -> npt.NDArray[np.int64]:
    """Return hospitals with stays enough to shift something."""
    visits = stage.visits
    stays = visits["provider"].to_numpy()[visits["is_stay"].to_numpy(bool)]
    n_stays = np.bincount(stays, minlength=len(stage.world.places.providers))
    return np.flatnonzero(n_stays >= min(_FEWEST_STAYS, int(n_stays[stage.idle(*_HOSTS)].max(initial=_FEWEST_STAYS))))


def _stays(stage: Stage, hospital: int, span: tuple[int, int]) -> pd.DataFrame:
    visits = stage.visits
    day = visits["start"].to_numpy() // DAY
    mine = (visits["provider"].to_numpy() == hospital) & visits["is_stay"].to_numpy(bool)
    mine &= (day >= max(span[0], _WITHIN)) & (day <= span[1]) & ~visits["is_dead"].to_numpy(bool)
    return visits[mine]


def _drug_lines(stage: Stage, drafts: npt.NDArray[np.int64]) -> pd.DataFrame:
    """Return what was given on the ward: drugs that nothing cancels and that are not to take home."""
    lines = stage.lines(drafts)
    drug = np.isin(lines["item"].to_numpy(), stage.world.catalogue.group("inpatient"))
    free = (lines["cancels"].to_numpy() < 0) & ~np.isin(lines["uid"].to_numpy(), lines["cancels"].to_numpy())
    return lines[drug & free & ~lines["is_discharge_drug"].to_numpy(bool) & (lines["quantity"].to_numpy() > 0)]


def _day_outside(rng: np.random.Generator, stays: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Draw a day shortly before admission or after discharge."""
    n = len(stays)
    gap = rng.integers(1, _WITHIN + 1, n)
    after = rng.random(n) < 0.55
    day: npt.NDArray[np.int64] = np.where(
        after, stays["end"].to_numpy() // DAY + gap, stays["start"].to_numpy() // DAY - gap
    )
    return day


def _shift(
    stage: Stage, rng: np.random.Generator, source: str, *, hospital: int, span: tuple[int, int]
) -> npt.NDArray[np.int64]:
    world = stage.world
    stays = _stays(stage, hospital, span)
    stays = stays[rng.random(len(stays)) < rng.uniform(*_STAYS)].reset_index(drop=True)
    lines = _drug_lines(stage, stays["draft"].to_numpy())
    lines = lines[rng.random(len(lines)) < rng.uniform(*_SHIFTED_LINES)]
    stays = stays[stays["draft"].isin(lines["draft"])].reset_index(drop=True)
    n = len(stays)
    time = _day_outside(rng, stays) * DAY + world.calendar.draw_seconds(rng, n, "hospital")
    shop = _shop_next_door(stage, hospital)
    at_shop = (rng.random(n) < _AT_A_SHOP) & (shop >= 0)
    bills = Bills()
    draft = bills.open(
        source,
        n,
        person=stays["person"].to_numpy(),
        provider=np.where(at_shop, shop, hospital),
        encounter=np.where(at_shop, PHARMACY, OUTPATIENT),
        start=time,
        end=time,
        settle=time + rng.integers(300, 2 * HOUR, n),
        doctor=np.where(at_shop, NONE, stays["doctor"].to_numpy()),
        dx1=stays["dx1"].to_numpy(),
    )
    row = np.searchsorted(np.sort(stays["draft"].to_numpy()), lines["draft"].to_numpy())
    row = np.argsort(stays["draft"].to_numpy(), kind="stable")[row]
    # What a ward hands out every day is billed outside once, all of it.
    drugs = pd.DataFrame({"row": row, "item": lines["item"].to_numpy(), "quantity": lines["quantity"].to_numpy()})
    drugs = drugs.groupby(["row", "item"], as_index=False)["quantity"].sum()
    billed = drugs["row"].to_numpy()
    bills.charge(
        draft[billed],
        drugs["item"].to_numpy(),
        time[billed] + 60,
        quantity=drugs["quantity"].to_numpy(),
        prescriber=stays["doctor"].to_numpy()[billed],
    )
    kept = stage.add(bills)
    gone = lines["uid"].to_numpy()[np.isin(draft[row], kept)]
    touched = stage.lines(stays["draft"].to_numpy()[np.isin(draft, kept)])
    stage.revise(lines=touched[~np.isin(touched["uid"].to_numpy(), gone)])
    return kept


def _shop_next_door(stage: Stage, hospital: int) -> int:
    """Return the nearest pharmacy that plays no part yet, and give it none: it only rings up what is sent to it."""
    frame = stage.world.places.providers
    shops = stage.idle("pharmacy")
    shops = shops[frame["region"].to_numpy()[shops] == frame["region"].to_numpy()[hospital]]
    if not len(shops):
        return NONE
    east, north = (
        frame[axis].to_numpy()[shops] - frame[axis].to_numpy()[hospital] for axis in ("longitude", "latitude")
    )
    return int(shops[np.argmin(np.hypot(east, north))])


def plant_twin(stage: Stage) -> None:
    """Open a day hospital: treatments before and after stays, with nothing taken off the stays' bills."""
    rng = stage.rng(_CODE, "twin")
    hospital = stage.host(rng, *_HOSTS)
    world, catalogue = stage.world, stage.world.catalogue
    opens = int(world.calendar.n_days * rng.uniform(0.15, 0.35))
    stays = _stays(stage, hospital, (opens, world.calendar.n_days))
    stays = stays[rng.random(len(stays)) < 0.4].reset_index(drop=True)
    n = len(stays)
    time = _day_outside(rng, stays) * DAY + world.calendar.draw_seconds(rng, n, "hospital")
    bills = Bills()
    doctor = world.places.rota("doctor", np.full(n, hospital), time // DAY)
    draft = bills.open(
        f"{_CODE}/day hospital",
        n,
        person=stays["person"].to_numpy(),
        provider=hospital,
        encounter=OUTPATIENT,
        start=time,
        end=time,
        settle=time + rng.integers(3 * HOUR, 5 * HOUR, n),
        doctor=doctor,
        dx1=stays["dx1"].to_numpy(),
    )
    bills.charge(draft, catalogue.item("普通门诊诊察"), time, prescriber=doctor)
    nurse = world.places.rota("nurse", np.full(n, hospital), time // DAY)
    for name, share, later in (("静脉输液", 0.7, 900), ("雾化吸入", 0.35, 1_800), ("中频脉冲电治疗", 0.45, 2_700)):
        on = rng.random(n) < share
        bills.charge(draft[on], catalogue.item(name), time[on] + later, prescriber=doctor[on], executor=nurse[on])
    stage.add(bills)
    stage.truth.add_twins("provider", [hospital], _CODE, _DAY_HOSPITAL)


COST_SHIFTING = Scheme(_CODE, 400, plant, plant_twin)
