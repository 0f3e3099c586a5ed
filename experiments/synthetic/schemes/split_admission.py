"""H04: a long stay is cut in two, so that two cases are paid; on paper the patient goes home for some days."""

from __future__ import annotations

import numpy as np

from experiments.synthetic.care.bills import NONE
from experiments.synthetic.schemes.parts.cut_stays import STAYS, cut_in_two, draw_long_stays, reached
from experiments.synthetic.schemes.scheme import Scheme, Stage
from experiments.synthetic.world.clock import DAY

_CODE = "H04"
_LONGEST_GAP = 14  # days at home on paper
_CYCLE_NOTE = "planned cycles of chemotherapy every 14 to 21 days"


def plant(stage: Stage, size: str, number: int) -> None:
    """Split stays of one hospital; patients come back with the old illness."""
    rng = stage.rng(_CODE, str(number))
    hospital, mine = draw_long_stays(stage, rng, STAYS[size], longest_gap=_LONGEST_GAP)
    if not len(mine):
        return
    again = mine.assign(**{f"{dx}_again": mine[dx] for dx in ("dx1", "dx2", "dx3")})
    second = cut_in_two(stage, rng, f"{_CODE}/{number}", again, repeat_tests=0.0)
    visits = stage.visits.set_index("draft").loc[second]
    stage.truth.add_provider(
        hospital, _CODE, int(mine["end"].min()) // DAY, int(visits["settle"].max()) // DAY, reached(len(mine))
    )
    stage.truth.add_settlements(_CODE, second)
    stage.truth.add_patients(_CODE, visits["person"].to_numpy(), visits["start"].to_numpy() // DAY)


def plant_twin(stage: Stage) -> None:
    """Name the hospital and the patients of planned chemotherapy."""
    hospital = stage.world.places.oncology_hospital
    visits = stage.visits
    cycles = visits[visits["is_planned"].to_numpy(bool) & (visits["reverses"] == NONE)]
    stage.truth.add_twins("provider", [hospital], _CODE, _CYCLE_NOTE)
    stage.truth.add_twins("patient", np.unique(cycles["person"].to_numpy()), _CODE, _CYCLE_NOTE)
    stage.busy.add(hospital)


SPLIT_ADMISSION = Scheme(_CODE, 400, plant, plant_twin)
