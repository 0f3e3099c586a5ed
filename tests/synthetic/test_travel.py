"""Of visits too close in time for the way between them the later is left out, and judges no other."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from experiments.synthetic.care.bills import OUTPATIENT, Bills
from experiments.synthetic.care.travel import reached

_X, _Y = 0, 1  # a fifth of a degree apart, half an hour by road
_WORLD = SimpleNamespace(
    places=SimpleNamespace(providers=pd.DataFrame({"longitude": [112.0, 112.2], "latitude": [30.0, 30.0]}))
)
_MORNING = 9 * 3_600


def made(*visits):
    """The visits of one person and day that stand, each a provider and a minute."""
    provider, minute = (np.array(values, np.int64) for values in zip(*visits, strict=True))
    bills, time = Bills(), _MORNING + minute * 60
    bills.open(
        "walk", len(visits), person=7, provider=provider, encounter=OUTPATIENT, start=time, end=time, settle=time
    )
    kept = reached(_WORLD, bills.ledger()).visits
    return [*zip(kept["provider"], (kept["settle"] - _MORNING) // 60, strict=True)]


@pytest.mark.parametrize(
    ("visits", "stand"),
    [
        ([(_X, 0), (_Y, 40)], [(_X, 0), (_Y, 40)]),
        ([(_X, 0), (_Y, 3), (_Y, 10)], [(_X, 0)]),
        ([(_X, 0), (_Y, 3), (_X, 6)], [(_X, 0), (_X, 6)]),
        ([(_X, 0), (_Y, 3), (_X, 6), (_Y, 9), (_Y, 40)], [(_X, 0), (_X, 6), (_Y, 40)]),
    ],
)
def test_a_visit_is_judged_by_the_last_that_was_made(visits, stand):
    assert made(*visits) == stand
