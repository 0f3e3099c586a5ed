"""Dialysis outside of stays: who had sessions where, on which day and machine, and the centres that give most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import CHRONIC
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import pandas as pd

    from experiments.synthetic.schemes.scheme import Stage


def sessions_of(stage: Stage) -> pd.DataFrame:
    """Return all sessions of the city outside of stays, with `day` and `machine`."""
    visits, renal = stage.visits, int(stage.world.catalogue.diagnoses_of("renal")[0])
    asked = (visits["encounter"].to_numpy() == CHRONIC) & (visits["dx1"].to_numpy() == renal)
    asked &= (visits["reverses"].to_numpy() < 0) & (visits["same_encounter_as"].to_numpy() < 0)
    visits = visits[asked]
    lines = stage.lines(visits["draft"].to_numpy())
    lines = lines[lines["item"].to_numpy() == stage.world.catalogue.item("血液透析")].drop_duplicates("draft")
    machine = lines.set_index("draft")["device"].reindex(visits["draft"]).to_numpy()
    sessions = visits.assign(day=visits["start"] // DAY, machine=machine)[~np.isnan(machine)]
    return sessions.sort_values(["person", "start"], kind="stable")


def centre_of(stage: Stage, rng: np.random.Generator, sessions: pd.DataFrame) -> int:
    """Draw one of the centres that treat most, or any hospital where none is left."""
    n = np.bincount(sessions["provider"].to_numpy(), minlength=len(stage.world.places.providers))
    idle = stage.idle("secondary", "tertiary")
    return stage.host(rng, "secondary", "tertiary", among=idle[2 * n[idle] >= n[idle].max(initial=0)])
