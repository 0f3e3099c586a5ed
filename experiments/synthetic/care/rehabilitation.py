"""Rehabilitation: two to five weeks on a small hospital's ward after a stroke or an operation, weekends at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import INPATIENT, Bills
from experiments.synthetic.care.stay_days import StayDays, beginning, draw_beds
from experiments.synthetic.randomness import stream, uniform
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.world import World

REHABILITATION = 2  # kind of stay, beside admissions.WARD
_AFTER = {"I63.900": 0.22, "S82.201": 0.16, "M17.900": 0.16, "M51.202": 0.06}  # share that goes on to rehabilitation
_LONG_ENOUGH = 5  # nights of the first stay
_WEEKEND_AT_HOME = 0.62  # of the weekends of those who go home at all
_GO_HOME = 0.7


def rehabilitation_stays(world: World, stays: pd.DataFrame) -> pd.DataFrame:
    """Draw stays that follow on a stay for a stroke, a fracture, a new knee or a bad back.

    Parameters
    ----------
    world : World
        The city.
    stays : DataFrame
        The stays they may follow, with person, dx1, day, days, is_planned.

    Returns
    -------
    DataFrame
        One row per stay: person, provider, dx1, dx2 (what it follows on), day, days, is_planned, kind.
    """
    rng = stream(world.seed, "rehabilitation")
    code = world.catalogue.diagnoses["code"].to_numpy()
    share = pd.Series(code[stays["dx1"]]).map(_AFTER).fillna(0).to_numpy()
    luck = rng.random(len(stays))
    base = stays[(luck < share) & (stays["days"].to_numpy() >= _LONG_ENOUGH) & ~stays["is_planned"].to_numpy(bool)]
    n, person = len(base), base["person"].to_numpy()
    return pd.DataFrame(
        {
            "person": person,
            "provider": world.choose(rng, "secondary", person),
            "dx1": int(world.catalogue.diagnoses_of("rehabilitation")[0]),
            "dx2": base["dx1"].to_numpy(),
            "day": base["day"].to_numpy() + base["days"].to_numpy() + rng.integers(2, 6, n),
            "days": rng.integers(14, 36, n),
            "is_planned": True,
            "kind": REHABILITATION,
        }
    )


def _weekends(
    world: World, start: npt.NDArray[np.int64], end: npt.NDArray[np.int64], person: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the stay and the Saturday of each weekend spent at home, well inside the stay."""
    first, last = start // DAY, end // DAY
    saturday = first + (5 - (first + world.calendar.first.weekday())) % 7
    row, number = np.nonzero(saturday[:, None] + 7 * np.arange(6) + 1 < last[:, None] - 1)
    day = saturday[row] + 7 * number
    late = day > first[row] + 2  # nobody goes home in the first days
    row, day = row[late], day[late]
    goes = uniform(person[row], world.seed, "rehabilitation/goes home") < _GO_HOME
    goes &= uniform(person[row] * 5_000 + day + 2_000, world.seed, "rehabilitation/weekend") < _WEEKEND_AT_HOME
    return row[goes], day[goes]


def bill_rehabilitation(world: World, bills: Bills, stays: pd.DataFrame, month: Month) -> None:
    """Bill the rehabilitation stays that begin in a month; on leave only the bed is kept and charged."""
    rng = stream(world.seed, f"rehabilitation/{month.name}")
    ours = beginning(stays, REHABILITATION, month)
    n, catalogue = len(ours), world.catalogue
    person, provider = ours["person"].to_numpy(), ours["provider"].to_numpy()
    start, end = ours["start"].to_numpy(), ours["end"].to_numpy()
    doctor, technician = (world.places.rota(role, provider, start // DAY) for role in ("doctor", "technician"))
    draft = bills.open(
        f"rehabilitation/{month.name}",
        n,
        person=person,
        provider=provider,
        encounter=INPATIENT,
        start=start,
        end=end,
        settle=np.minimum(end + rng.integers(600, 3 * HOUR, n), world.calendar.end - 60),
        is_stay=True,
        doctor=doctor,
        dx1=ours["dx1"].to_numpy(),
        dx2=ours["dx2"].to_numpy(),
        is_planned=ours["is_planned"].to_numpy(),
        bed=draw_beds(world, rng, provider),
    )
    leave, saturday = _weekends(world, start, end, person)
    bills.leave(draft[leave], saturday, saturday + 1)
    for name, share in (("血细胞分析", 0.9), ("尿常规分析", 0.7), ("肝功能组合", 0.6), ("肾功能组合", 0.6)):
        on = rng.random(n) < share
        time = start[on] + rng.integers(1_200, 4_000, int(on.sum()))
        bills.charge(draft[on], catalogue.item(name), time, prescriber=doctor[on], executor=technician[on])
    days = StayDays.spread(bills, rng, draft=draft, doctor=doctor, start=start, end=end)
    home = np.concatenate([leave * 100_000 + saturday, leave * 100_000 + saturday + 1])
    _bill_days(world, days, provider=provider, present=~np.isin(days.of * 100_000 + days.day, home))


def _bill_days(
    world: World, days: StayDays, *, provider: npt.NDArray[np.int64], present: npt.NDArray[np.bool_]
) -> None:
    """Bill bed, nursing, rounds and exercise, and drugs by drip in the first days."""
    catalogue, rng, n, of = world.catalogue, days.rng, len(days.draft), days.of
    nurse = world.places.rota("nurse", provider[of], days.day)
    days.charge(catalogue.item("普通床位费"), days.every, 20.0)
    days.charge(catalogue.item("二级护理"), present, 7.5, nurse)
    days.charge(catalogue.item("住院诊查"), present, 8.2, days.doctor[of])
    working = present & ((days.day + world.calendar.first.weekday()) % 7 < 6)
    for name, share in (("运动疗法", 0.9), ("普通针刺", 0.6), ("中频脉冲电治疗", 0.7)):
        prescribed = rng.random(n) < share
        days.charge(catalogue.item(name), prescribed[of] & working & (days.luck() < 0.88), 14.5, nurse)
    shelf = catalogue.group("inpatient")
    drug = shelf[np.argsort(rng.random((n, len(shelf))), axis=1)[:, :2]]
    drip_days = rng.integers(4, 11, n)
    for j in range(2):
        given = np.flatnonzero(present & (days.number < drip_days[of]) & (days.luck() < 0.7))
        rows = of[given]
        time = days.within(rows, days.day[given] * DAY + int(9.6 * HOUR) + 600 * j)
        days.bills.charge(days.draft[rows], drug[rows, j], time, quantity=2, prescriber=days.doctor[rows])
