"""Dialysis outside of stays: who had sessions where, on which day and machine; centres that give most; its bills."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, Bills
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt
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


def bill_sessions(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    sessions: pd.DataFrame,
    *,
    centre: int,
    consumables: bool = True,
) -> npt.NDArray[np.int64]:
    """Bill sessions at a centre as its honest ones are billed; return the drafts kept.

    Parameters
    ----------
    stage, rng, source : Stage, Generator, str
        Where, with which luck, under which name.
    sessions : DataFrame
        One row each: `person`, `time` (second), `machine`.
    centre : int
        A hospital.
    consumables : bool
        Whether a dialyser is opened and heparin given.
    """
    world, bills, n = stage.world, Bills(), len(sessions)
    time = sessions["time"].to_numpy()
    doctor, nurse = (world.places.rota(role, np.full(n, centre), time // DAY) for role in ("doctor", "nurse"))
    draft = bills.open(
        source,
        n,
        person=sessions["person"].to_numpy(),
        provider=centre,
        encounter=CHRONIC,
        start=time,
        end=time,
        settle=np.minimum(time + 4 * HOUR + rng.integers(300, 2_400, n), world.calendar.end - 60),
        doctor=doctor,
        dx1=int(world.catalogue.diagnoses_of("renal")[0]),
    )
    item, machine = world.catalogue.item, sessions["machine"].to_numpy().astype(np.int64)
    bills.charge(draft, item("血液透析"), time, prescriber=doctor, executor=nurse, device=machine)
    if consumables:
        bills.charge(draft, item("透析器"), time, prescriber=doctor)
        bills.charge(draft, item("低分子肝素注射液"), time + 300, prescriber=doctor)
    return stage.add(bills)
