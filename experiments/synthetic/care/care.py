"""Honest care, drawn month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.admissions import draw_stays
from experiments.synthetic.care.bills import Bills
from experiments.synthetic.care.checkups import (
    bill_checkups,
    bill_childrens_colds,
    bill_decoctions,
    bill_pain_relief,
    bill_scopies,
)
from experiments.synthetic.care.chronic import bill_cancer_drugs, bill_dialysis, bill_refills
from experiments.synthetic.care.clinics import bill_acute
from experiments.synthetic.care.closing import closed
from experiments.synthetic.care.cover import Cover
from experiments.synthetic.care.day_surgery import bill_day_surgery
from experiments.synthetic.care.follow_ups import bill_follow_ups
from experiments.synthetic.care.maternity import bill_antenatal, bill_deliveries
from experiments.synthetic.care.out_of_area import away, bill_out_of_area, misplaced
from experiments.synthetic.care.outreach import bill_outreach
from experiments.synthetic.care.pharmacies import bill_purchases
from experiments.synthetic.care.prechecks import Prechecks
from experiments.synthetic.care.refunds import with_refunds
from experiments.synthetic.care.rehabilitation import bill_rehabilitation
from experiments.synthetic.care.travel import reached
from experiments.synthetic.care.wards import bill_wards
from experiments.synthetic.world.agreements import after_agreement, prescribed_after
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.people import NEVER
from experiments.synthetic.world.presence import Presence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from experiments.synthetic.care.bills import Ledger
    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.world import World

    Stays = Callable[[World, Bills, pd.DataFrame, Month], None]
    Pathway = Callable[[World, Bills, Presence, Month], None]

# What comes of stays: each bills those of all stays that are its own and begin in a month, or what follows them.
STAYS: tuple[Stays, ...] = (bill_wards, bill_deliveries, bill_rehabilitation, bill_follow_ups)
# Ways of being cared for without a bed; each bills the visits that start in a month.
PATHWAYS: tuple[Pathway, ...] = (
    bill_acute,
    bill_refills,
    bill_cancer_drugs,
    bill_dialysis,
    bill_antenatal,
    bill_day_surgery,
    bill_out_of_area,
    bill_outreach,
    bill_checkups,
    bill_scopies,
    bill_childrens_colds,
    bill_decoctions,
    bill_pain_relief,
    bill_purchases,
)


class Care:
    """Honest care of a city: its stays, and who is where.

    Parameters
    ----------
    world : World
        Stays decide the day of some deaths, which they note in its people.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._stays = draw_stays(world)
        self.absent = away(world)
        self.presence = Presence.of(_headers(self._stays), world.people.death_day)

    def months(self) -> Iterator[Ledger]:
        """Bill the care that starts in each month, refunds included."""
        world = self._world
        prechecks, cover = Prechecks(world), self._cover()
        for month in world.calendar.spans:
            bills = Bills()
            for stays in STAYS:
                stays(world, bills, self._stays, month)
            for pathway in PATHWAYS:
                pathway(world, bills, self.presence, month)
            ledger = self._possible(bills.ledger(first_uid=(month.number + 1) << 40))
            yield with_refunds(world, reached(world, closed(prechecks.heeded(cover.covered(ledger)))))

    def _cover(self) -> Cover:
        people = self._world.people
        may_fail = (people.death_day != NEVER) | (self.absent.first_day != NEVER)
        may_fail[self._stays["person"].to_numpy()] = True
        return Cover(self._world.places, self._can_work, may_fail)

    def _can_work(self, person: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        return self.presence.is_free(person, day) & ~self.absent.covers(person, day)

    def _possible(self, ledger: Ledger) -> Ledger:
        """Leave out what cannot be: care of who is in hospital, away or dead, after the window, under no agreement."""
        visits = ledger.visits
        free = self.presence.is_free(visits["person"].to_numpy(), visits["start"].to_numpy() // DAY)
        free |= visits["is_stay"].to_numpy(bool)
        free &= ~misplaced(self._world, self.absent, visits)
        free &= (visits["end"].to_numpy() < self._world.calendar.end) & ~after_agreement(self._world, visits)
        unfilled = prescribed_after(self._world, ledger.prescriptions)
        return ledger.without(np.union1d(visits["draft"].to_numpy()[~free], unfilled))


def _headers(stays: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {name: stays[name].to_numpy() for name in ("person", "start", "end")}
        | {"is_stay": np.ones(len(stays), bool), "reverses": np.full(len(stays), -1)}
    )
