"""Visits without a bed that schemes and their look-alikes invent: who is seen when, where and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.synthetic.care.bills import NONE, OUTPATIENT
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.care.bills import Bills
    from experiments.synthetic.schemes.stage import Stage


@dataclass(frozen=True)
class Seen:
    """One element per visit: its draft, the second at which it begins, who is seen, by which doctor."""

    bills: Bills
    draft: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]
    person: npt.NDArray[np.int64]
    doctor: npt.NDArray[np.int64]

    def charge(
        self, item: Any, on: Any, later: int, *, quantity: Any = 1, days: Any = NONE, executor: Any = NONE
    ) -> None:
        """Write one line on each visit that is on, so many seconds after it began.

        Parameters
        ----------
        item, quantity, days, executor : int or array
            For all visits or one by one; executor -2 is the doctor.
        on : array of bool or True
            Visits that get the line.
        later : int
            Seconds.
        """
        rows = np.flatnonzero(np.broadcast_to(np.asarray(on, bool), len(self.draft)))
        columns = {"item": item, "quantity": quantity, "days_supply": days, "executor": executor}
        mine = {name: np.broadcast_to(np.asarray(v, np.int64), len(self.draft))[rows] for name, v in columns.items()}
        mine["executor"] = np.where(mine["executor"] == THE_DOCTOR, self.doctor[rows], mine["executor"])
        chosen = mine.pop("item")
        self.bills.charge(self.draft[rows], chosen, self.time[rows] + later, prescriber=self.doctor[rows], **mine)


THE_DOCTOR = -2


def see(
    stage: Stage,
    bills: Bills,
    rng: np.random.Generator,
    source: str,
    *,
    person: npt.NDArray[np.int64],
    provider: Any,
    day: npt.NDArray[np.int64],
    dx1: Any,
    second: npt.NDArray[np.int64] | None = None,
    encounter: int = OUTPATIENT,
    **columns: Any,
) -> Seen:
    """Open visits with the fee for being seen, where a doctor on duty sees them.

    Parameters
    ----------
    stage, bills, rng, source
        The city, where the visits are written, the luck, the name that numbers them.
    person, provider, day, dx1 : array or int
        Who, where, when, with what; `day` counts from the window's first.
    second : array, optional
        Second of the day; drawn within opening hours when absent.
    encounter : int
        Kind of care.
    **columns
        Further columns of the visits.
    """
    world, n = stage.world, len(person)
    where = np.broadcast_to(np.asarray(provider, np.int64), n)
    time = day * DAY + (world.calendar.draw_seconds(rng, n, "hospital") if second is None else second)
    doctor = columns.pop("doctor", None)
    doctor = world.places.rota("doctor", where, day) if doctor is None else np.broadcast_to(doctor, n)
    draft = bills.open(
        source,
        n,
        person=person,
        provider=where,
        encounter=encounter,
        start=time,
        end=time,
        settle=time + rng.integers(600, HOUR, n),
        doctor=doctor,
        dx1=dx1,
        **columns,
    )
    bills.charge(draft, world.catalogue.item("普通门诊诊察"), time, prescriber=doctor)
    return Seen(bills, draft, time, person, doctor)
