"""Slips on bills: sent twice, a date, a quantity or a doctor's number typed wrong, the diagnosis left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import NONE
from experiments.synthetic.goods.boxes import is_boxed
from experiments.synthetic.randomness import uniform
from experiments.synthetic.schemes.parts.corrections import take_back, take_back_copies, upload_again
from experiments.synthetic.slips.open_to import drawn, luck
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    from experiments.synthetic.schemes import Stage

_TWICE, _DATE, _QUANTITY, _DIAGNOSIS, _DOCTOR = 0.0003, 0.0008, 0.001, 0.0003, 0.0002  # shares of visits without a bed
_NOTICED = 0.5  # share of double uploads and wrong quantities that are put right within days
_SERVICES = ("laboratory", "examination", "treatment", "consumable")
_DAYS_OFF = np.array((30, 31, 365))  # the month or the year typed wrong
_ZEROS = 10
_SENT_TWICE = "the bill was sent twice by the interface; nobody has taken the second back"
_SENT_TWICE_BACK = "the bill was sent twice by the interface; the second was reversed some days later"
_WRONG_DATE = "the month or the year of the service was typed wrong"
_ONE_ZERO = "a zero too many was typed; nobody has noticed"
_ONE_ZERO_BACK = "a zero too many was typed; the bill was reversed and settled again as it should be"
_NO_DIAGNOSIS = "the interface left the diagnosis out"
_WRONG_DOCTOR = "the number of a doctor who works elsewhere was typed"


def send_twice(stage: Stage, visits: pd.DataFrame) -> None:
    """Let the interface send some bills twice; half of the second ones are taken back."""
    chosen = drawn(stage, visits, "twice", _TWICE)
    if not len(chosen):
        return
    later = 60 + (600 * luck(stage, chosen, "twice/later")).astype(np.int64)
    copies = upload_again(stage, chosen, later)
    noticed = luck(stage, chosen, "twice/noticed") < _NOTICED
    back, lag = copies[noticed], (3 * DAY * luck(stage, chosen[noticed], "twice/back")).astype(np.int64)
    if len(back):
        order = np.argsort(back)
        take_back_copies(stage, back[order], 3_600 + lag[order])
    stage.truth.add_slips("double_upload", copies[~noticed], None, _SENT_TWICE)
    stage.truth.add_slips("double_upload_reversed", back, None, _SENT_TWICE_BACK)


def _one_line(stage: Stage, visits: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return one line of each visit that has a service or material not boxed, drawn by number."""
    lines = stage.lines(visits["draft"].to_numpy())
    item = lines["item"].to_numpy()
    fit = np.isin(stage.world.catalogue.items["category"].to_numpy()[item], _SERVICES) & ~is_boxed(stage.world)[item]
    lines = lines[fit & (lines["quantity"].to_numpy() > 0)]
    order = np.argsort(uniform(lines["uid"].to_numpy(), stage.world.seed, f"slip/{kind}/line"), kind="stable")
    return lines.iloc[order].drop_duplicates("draft").sort_values("uid")


def mistype_dates(stage: Stage, visits: pd.DataFrame) -> None:
    """Let some services carry a date a month or a year before the true one."""
    chosen = _one_line(stage, drawn(stage, visits, "date", _DATE), "date")
    if not len(chosen):
        return
    lines = stage.lines(chosen["draft"].to_numpy())
    on = np.isin(lines["uid"].to_numpy(), chosen["uid"].to_numpy())
    off = _DAYS_OFF[(3 * uniform(lines["uid"].to_numpy(), stage.world.seed, "slip/date/off")).astype(np.int64)]
    stage.revise(lines=lines.assign(time=lines["time"] - np.where(on, off * DAY, 0)))
    stage.truth.add_slips("wrong_date", chosen["draft"].to_numpy(), chosen["uid"].to_numpy(), _WRONG_DATE)


def mistype_quantities(stage: Stage, visits: pd.DataFrame) -> None:
    """Type a zero too many on some lines; half of the bills are reversed and settled again."""
    chosen = drawn(stage, visits, "quantity", _QUANTITY)
    picked = _one_line(stage, chosen, "quantity")
    if not len(picked):
        return
    chosen = chosen[np.isin(chosen["draft"].to_numpy(), picked["draft"].to_numpy())]
    right = stage.lines(chosen["draft"].to_numpy())
    on = np.isin(right["uid"].to_numpy(), picked["uid"].to_numpy())
    stage.revise(lines=right.assign(quantity=right["quantity"] * np.where(on, _ZEROS, 1)))
    noticed = chosen[luck(stage, chosen, "quantity/noticed") < _NOTICED]
    if len(noticed):
        lag = 1_800 + (2 * DAY * luck(stage, noticed, "quantity/back")).astype(np.int64)
        mine = right[np.isin(right["draft"].to_numpy(), noticed["draft"].to_numpy())]
        take_back(stage, noticed, lag, right=mine)
    put_right = np.isin(picked["draft"].to_numpy(), noticed["draft"].to_numpy())
    for kind, some, note in (
        ("wrong_quantity", picked[~put_right], _ONE_ZERO),
        ("wrong_quantity_reversed", picked[put_right], _ONE_ZERO_BACK),
    ):
        stage.truth.add_slips(kind, some["draft"].to_numpy(), some["uid"].to_numpy(), note)


def leave_diagnoses_out(stage: Stage, visits: pd.DataFrame) -> None:
    """Send some bills without diagnosis."""
    chosen = drawn(stage, visits[visits["dx1"].to_numpy() >= 0], "diagnosis", _DIAGNOSIS)
    if len(chosen):
        stage.revise(visits=chosen.assign(dx1=NONE, dx2=NONE, dx3=NONE))
        stage.truth.add_slips("missing_diagnosis", chosen["draft"].to_numpy(), None, _NO_DIAGNOSIS)


def mistype_doctors(stage: Stage, visits: pd.DataFrame) -> None:
    """Write the number of another provider's doctor on some bills."""
    places = stage.world.places
    chosen = drawn(stage, visits[visits["doctor"].to_numpy() >= 0], "doctor", _DOCTOR)
    if not len(chosen):
        return
    role = places.practitioners["role"].to_numpy()
    doctors = np.flatnonzero(role == "doctor")
    meant = chosen["doctor"].to_numpy()
    turn = (luck(stage, chosen, "doctor/other") * len(doctors)).astype(np.int64)
    typed = doctors[turn]
    same = places.practitioners["provider"].to_numpy()[typed] == chosen["provider"].to_numpy()
    chosen, meant, typed = chosen[~same], meant[~same], typed[~same]
    lines = stage.lines(chosen["draft"].to_numpy())
    place = pd.Series(np.arange(len(chosen)), index=chosen["draft"].to_numpy()).reindex(lines["draft"]).to_numpy()
    mine = {name: lines[name].to_numpy() == meant[place] for name in ("prescriber", "executor")}
    stage.revise(
        visits=chosen.assign(doctor=typed),
        lines=lines.assign(**{name: np.where(on, typed[place], lines[name]) for name, on in mine.items()}),
    )
    stage.truth.add_slips("wrong_doctor", chosen["draft"].to_numpy(), None, _WRONG_DOCTOR)
