"""Slips in the register of persons: the other sex, a birth year decades off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import uniform
from experiments.synthetic.register import OLD, birth_shift

if TYPE_CHECKING:
    from experiments.synthetic.schemes import Stage

_SEX, _BIRTH = 0.0003, 0.0003  # shares of persons
_YOUNG = 35  # years; between this and OLD a birth year that is decades off can hardly be
_WRONG_SEX = "the sex was typed wrong when the person was registered"
_WRONG_BIRTH = "the birth year was typed wrong by decades when the person was registered"


def mistype_persons(stage: Stage) -> None:
    """Register some persons with the other sex, some with a birth year that is decades off; nobody of any part."""
    people, truth, register, seed = stage.world.people, stage.truth, stage.register, stage.world.seed
    every = np.arange(len(people))
    named = {person for person, *_ in truth.patients} | {s for kind, s, *_ in truth.twins if kind == "patient"}
    free = ~np.isin(every, sorted(named))
    sex = every[free & (uniform(every, seed, "slip/sex") < _SEX)]
    fit = free & ((people.age >= OLD) | (people.age < _YOUNG)) & ~np.isin(every, sex)
    born = every[fit & (uniform(every, seed, "slip/birth") < _BIRTH)]
    decades = 2 + (3 * uniform(born, seed, "slip/decades")).astype(np.int64)
    register.wrong_sex.update(sex.tolist())
    register.birth_shift.update(zip(born.tolist(), birth_shift(people.age[born], decades).tolist(), strict=True))
    visits = stage.visits
    person, draft = visits["person"].to_numpy(), visits["draft"].to_numpy()
    truth.add_slips("wrong_sex", draft[np.isin(person, sex)], None, _WRONG_SEX)
    truth.add_slips("wrong_birth_year", draft[np.isin(person, born)], None, _WRONG_BIRTH)
