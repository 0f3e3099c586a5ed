"""Follow-up of stays at a big hospital: a referral down, and visits near home to have the wound looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import OUTPATIENT, Bills
from experiments.synthetic.randomness import stream, uniform
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import pandas as pd

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.world import World

_SENT_DOWN = 0.16  # share of stays in tertiary wards after which the patient is seen near home
_DAYS_AFTER = (3, 15)
_WOUNDS = ("K35.800", "K80.200", "K40.900", "S82.201", "M17.900", "O82.900")


def bill_follow_ups(world: World, bills: Bills, stays: pd.DataFrame, month: Month) -> None:
    """Bill the visits near home, under a referral down, that follow a stay at a tertiary hospital in a month."""
    rng = stream(world.seed, f"follow up/{month.name}")
    catalogue, person = world.catalogue, stays["person"].to_numpy()
    number = person * 10_000 + stays["end"].to_numpy() // DAY + 100
    low, high = _DAYS_AFTER
    day = (
        stays["end"].to_numpy() // DAY + low + (uniform(number, world.seed, "follow up/day") * (high - low)).astype(int)
    )
    tertiary = (world.places.providers["kind"] == "tertiary").to_numpy()[stays["provider"].to_numpy()]
    cancer = catalogue.diagnoses["care"].to_numpy()[stays["dx1"]] == "oncology"
    on = tertiary & ~cancer & ~stays["is_dead"].to_numpy(bool)
    on &= uniform(number, world.seed, "follow up") < _SENT_DOWN
    on &= (day >= month.first_day) & (day <= month.last_day)
    person, day, dx1 = person[on], day[on], stays["dx1"].to_numpy()[on]
    n = len(person)
    provider = world.usual["gp"][person]
    time = day * DAY + world.calendar.draw_seconds(rng, n, "clinic")
    doctor = world.places.rota("doctor", provider, day)
    source = f"follow up/{month.name}"
    draft = bills.open(
        source,
        n,
        person=person,
        provider=provider,
        encounter=OUTPATIENT,
        start=time,
        end=time,
        settle=time + rng.integers(300, HOUR, n),
        doctor=doctor,
        dx1=dx1,
        referral=bills.numbers(f"referral/{source}", n),
    )
    bills.charge(draft, catalogue.item("普通门诊诊察"), time, prescriber=doctor)
    wound = np.isin(catalogue.diagnoses["code"].to_numpy()[dx1], _WOUNDS)
    bills.charge(
        draft[wound], catalogue.item("换药"), time[wound] + 900, prescriber=doctor[wound], executor=doctor[wound]
    )
    groups = catalogue.diagnoses["group"].to_numpy()[dx1]
    for name in sorted(set(groups.tolist())):
        mine = np.flatnonzero((groups == name) & (rng.random(n) < 0.6))
        item = rng.choice(catalogue.group(name), len(mine))
        packs = rng.integers(1, 3, len(mine))
        supply = (packs * catalogue.items["days_per_pack"].to_numpy(float)[item]).astype(np.int64)
        bills.charge(draft[mine], item, time[mine] + 1_500, quantity=packs, days_supply=supply, prescriber=doctor[mine])
