"""Plant the honest slips of a city, once its schemes are planted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.slips.bills import (
    leave_diagnoses_out,
    mistype_dates,
    mistype_doctors,
    mistype_quantities,
    send_twice,
)
from experiments.synthetic.slips.open_to import open_to_slips
from experiments.synthetic.slips.persons import mistype_persons
from experiments.synthetic.slips.postings import post_after_death, post_discharges_late

if TYPE_CHECKING:
    from experiments.synthetic.schemes import Stage

_IN_TURN = (send_twice, mistype_quantities, mistype_dates, leave_diagnoses_out, mistype_doctors, post_after_death)


def plant_slips(stage: Stage) -> None:
    """Make a few honest mistakes of each kind, on bills and persons that play no part in a scheme."""
    fit = open_to_slips(stage)
    is_stay = fit["is_stay"].to_numpy(bool)
    visits, stays = fit[~is_stay], fit[is_stay]
    for slip in _IN_TURN:
        slip(stage, visits)
        # What a slip has met is open to none after it.
        visits = visits[~np.isin(visits["draft"].to_numpy(), [draft for draft, *_ in stage.truth.slips])]
    post_discharges_late(stage, stays)
    mistype_persons(stage)
