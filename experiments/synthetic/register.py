"""What the registers say otherwise than it is: typing slips, pooled numbers, licences, insurances, code maps."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    enrolments : list
        Insurances beside a person's own: person, insurance, region, first and last day.
    """

    wrong_sex: set[int] = field(default_factory=set)
    birth_shift: dict[int, int] = field(default_factory=dict)
    teams: set[int] = field(default_factory=set)
    pooled: set[int] = field(default_factory=set)
    licence_end: dict[int, int] = field(default_factory=dict)
    code_maps: list[tuple[int, int, int]] = field(default_factory=list)
    enrolments: list[tuple[int, int, int, int, int]] = field(default_factory=list)
