"""Negotiated drugs at dual-channel pharmacies: the shops that fill them, and their bills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.synthetic.care.bills import SPECIAL_DRUG

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.care.bills import Bills
    from experiments.synthetic.schemes.scheme import Stage

_ILLNESS = "C18.900"  # for which any of these drugs may be given, to either sex


def trading(stage: Stage) -> npt.NDArray[np.int64]:
    """Return the idle dual-channel pharmacies that fill scripts of the centre."""
    return np.intersect1d(stage.idle("dual_channel"), stage.prescriptions["dispenser"].to_numpy())


def open_fills(
    stage: Stage,
    bills: Bills,
    rng: np.random.Generator,
    source: str,
    *,
    person: npt.NDArray[np.int64],
    shop: int,
    time: npt.NDArray[np.int64],
    **columns: Any,
) -> npt.NDArray[np.int64]:
    """Open the visits at which a shop hands such drugs out; return the draft of each.

    Parameters
    ----------
    stage, bills, rng, source
        The city, where the visits are written, the luck, the name that numbers them.
    person, shop, time : array, int, array
        Who, where, second.
    **columns
        Further columns of the visits.
    """
    n = len(person)
    return bills.open(
        source,
        n,
        person=person,
        provider=shop,
        encounter=SPECIAL_DRUG,
        start=time,
        end=time,
        settle=time + rng.integers(20, 240, n),
        dx1=stage.world.catalogue.diagnoses["code"].tolist().index(_ILLNESS),
        **columns,
    )
