"""Cover for practitioners in hospital, away or dead: colleagues on duty step in; who is alone closes for the day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import NONE
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from experiments.synthetic.care.bills import Ledger
    from experiments.synthetic.world.places import Places

    Numbers = npt.NDArray[np.int64]
    Free = Callable[[Numbers, Numbers], npt.NDArray[np.bool_]]

_ROLES = ("doctor", "nurse", "technician")


class Cover:
    """Finds who works in the place of those who cannot.

    Parameters
    ----------
    places : Places
        Providers and who works there.
    can_work : callable
        Tells for each person (place number) and day whether the person is alive, at home and out of hospital.
    may_fail : array of bool
        By person: whether there is any day on which `can_work` may say no.
    """

    def __init__(self, places: Places, can_work: Free, may_fail: npt.NDArray[np.bool_]) -> None:
        self._places = places
        self._can_work = can_work
        self._person = places.practitioners["person"].to_numpy()
        self._provider = places.practitioners["provider"].to_numpy()
        self._role = places.practitioners["role"].map({name: i for i, name in enumerate(_ROLES)}).to_numpy(np.int64)
        self._may_fail = (self._person >= 0) & may_fail[self._person]

    def covered(self, ledger: Ledger) -> Ledger:
        """Return the ledger with nobody at work who cannot be.

        Visits that nobody can see, and scripts that nobody can write, are left out.
        """
        visits, lines, scripts = ledger.visits, ledger.lines, ledger.prescriptions
        start = visits["start"].to_numpy() // DAY
        doctor = self._instead(visits["doctor"].to_numpy(), start)
        closed = visits["draft"].to_numpy()[(doctor == NONE) & (visits["doctor"].to_numpy() != NONE)]
        operated = visits["surgery_time"].to_numpy() // DAY
        surgeon = self._instead(visits["surgeon"].to_numpy(), np.where(operated > 0, operated, start))
        day = lines["time"].to_numpy() // DAY
        signs = scripts["prescriber"].to_numpy(np.int64)
        signed = self._instead(signs, scripts["issue_time"].to_numpy(np.int64) // DAY)
        unwritten = scripts["draft"].to_numpy()[(signed == NONE) & (signs != NONE)]
        mended = replace(
            ledger,
            visits=visits.assign(doctor=doctor, surgeon=surgeon),
            lines=lines.assign(
                prescriber=self._instead(lines["prescriber"].to_numpy(), day),
                executor=self._instead(lines["executor"].to_numpy(), day),
            ),
            prescriptions=scripts.assign(prescriber=signed),
        )
        return mended.without(np.union1d(closed, unwritten))

    def _instead(self, practitioner: Numbers, day: Numbers) -> Numbers:
        """Return for each practitioner and day who works: themselves, a colleague on duty, or NONE."""
        asked = np.flatnonzero((practitioner >= 0) & self._may_fail[np.maximum(practitioner, 0)])
        asked = asked[~self._can_work(self._person[practitioner[asked]], day[asked])]
        found = practitioner.copy()
        if not len(asked):
            return found
        # One answer for a practitioner and a day, so that a visit stays in one pair of hands.
        pairs, of = np.unique(np.stack([practitioner[asked], day[asked]]), axis=1, return_inverse=True)
        found[asked] = np.array([self._colleague(int(who), int(when)) for who, when in pairs.T], np.int64)[of.ravel()]
        return found

    def _colleague(self, who: int, day: int) -> int:
        provider, role = self._provider[who], _ROLES[self._role[who]]
        n = int(self._places.providers[f"n_{role}s"].to_numpy()[provider])
        turns = np.arange(who, who + n)
        candidates = self._places.on_duty(role, np.full(n, provider), np.full(n, day), turns)
        persons = self._person[candidates]
        # A team's common number belongs to no person and can always sign.
        able = (candidates >= 0) & (candidates != who)
        able &= (persons < 0) | self._can_work(np.maximum(persons, 0), np.full(n, day))
        return int(candidates[np.argmax(able)]) if able.any() else NONE
