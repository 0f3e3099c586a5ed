"""What the registers say otherwise than it is: typing slips, pooled numbers, licences, insurances, code maps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

OLD = 55  # years: a birth year of theirs that is decades off makes them younger, of others older
_DECADE = 3_652  # days


def birth_shift(age: npt.NDArray[np.int64], decades: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return by how many days births are registered too late, or too early where negative; nobody becomes unborn."""
    return np.where(age >= OLD, 1, -1) * decades * _DECADE


@dataclass
class Register:
    """Edits to the registers behind the claims, by place number; days count from the window's first.

    Attributes
    ----------
    wrong_sex : set of int
        Persons registered with the other sex.
    birth_shift : dict of int
        Days by which a person's registered birth is later than the true one.
    teams : set of int
        Practitioners registered as the identifier of a team.
    pooled : set of int
        Practitioner numbers under which an interface writes everyone whose name it does not know: nobody's own.
    licence_end : dict of int
        Last day of a practitioner's licence.
    code_maps : list
        Provider, item that is done there, item whose national code its system writes for it.
    agreement_end : dict of int
        Last day of a provider's agreement.
    enrolments : list
        Insurances beside a person's own: person, insurance, region, first and last day.
    """

    wrong_sex: set[int] = field(default_factory=set)
    birth_shift: dict[int, int] = field(default_factory=dict)
    teams: set[int] = field(default_factory=set)
    pooled: set[int] = field(default_factory=set)
    licence_end: dict[int, int] = field(default_factory=dict)
    code_maps: list[tuple[int, int, int]] = field(default_factory=list)
    agreement_end: dict[int, int] = field(default_factory=dict)
    enrolments: list[tuple[int, int, int, int, int]] = field(default_factory=list)
