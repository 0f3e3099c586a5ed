"""Refunds: whole settlements reversed, some scanned again, and single drugs returned during a stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import INPATIENT, NONE, Ledger
from experiments.synthetic.randomness import uniform
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    from experiments.synthetic.world.world import World

_REVERSED = 0.008  # share of settlements without a bed
_SCANNED_AGAIN = 0.4  # of these, within two minutes: the till had failed
_RETURNED = 0.004  # share of inpatient drug lines returned to the ward's pharmacy


def with_refunds(world: World, ledger: Ledger) -> Ledger:
    """Add refunds to a ledger; which rows they meet depends on their numbers alone."""
    visits, lines = ledger.visits, ledger.lines
    draft = visits["draft"].to_numpy()
    chosen = (uniform(draft, world.seed, "reversed") < _REVERSED) & (visits["encounter"] != INPATIENT).to_numpy()
    chosen &= (visits["settle"] < world.calendar.end - 4 * DAY).to_numpy()
    original = visits[chosen]
    number = original["draft"].to_numpy()
    again = uniform(number, world.seed, "scanned again") < _SCANNED_AGAIN
    lag = np.where(again, 45, 300 + (3 * DAY * uniform(number, world.seed, "refund lag") ** 3)).astype(np.int64)
    # The top bits of a draft number are free: they tell a reversal and a second scan from the original.
    reversal = original.assign(
        draft=number + (np.int64(1) << 62),
        settle=original["settle"] + lag,
        reverses=number,
        same_encounter_as=number,
    )
    second = original[again].assign(
        draft=number[again] + (np.int64(1) << 61),
        settle=original["settle"][again]
        + 45
        + 20
        + (60 * uniform(number[again], world.seed, "again")).astype(np.int64),
        same_encounter_as=number[again],
    )
    theirs = lines[lines["draft"].isin(number)]
    negative = theirs.assign(
        draft=theirs["draft"] + (np.int64(1) << 62), quantity=-theirs["quantity"], cancels=theirs["uid"]
    )
    repeated = lines[lines["draft"].isin(number[again])]
    repeated = repeated.assign(draft=repeated["draft"] + (np.int64(1) << 61))
    returned = _returned_drugs(world, ledger)
    more = pd.concat([negative, repeated, returned], ignore_index=True)
    more["uid"] = int(lines["uid"].max()) + 1 + np.arange(len(more))
    return Ledger(
        pd.concat([visits, reversal, second], ignore_index=True),
        pd.concat([lines, more], ignore_index=True),
        ledger.prescriptions,
        ledger.leaves,
    )


def _returned_drugs(world: World, ledger: Ledger) -> pd.DataFrame:
    lines, visits = ledger.lines, ledger.visits
    stays = visits[visits["is_stay"].to_numpy()].set_index("draft")["end"]
    drugs = world.catalogue.group("inpatient")
    chosen = lines[lines["item"].isin(drugs) & lines["draft"].isin(stays.index)]
    chosen = chosen[uniform(chosen["uid"].to_numpy(), world.seed, "returned") < _RETURNED]
    part = (chosen["quantity"] + 1) // 2
    time = np.minimum(chosen["time"].to_numpy() + 5_400, stays.reindex(chosen["draft"]).to_numpy() - 300)
    return chosen.assign(
        quantity=-part, time=np.maximum(time, chosen["time"]), cancels=chosen["uid"], prescriber=NONE, executor=NONE
    )
