"""Tests that an illness or a complication is known by and followed with: whoever treats it orders them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import NONE

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.care.stay_days import StayDays
    from experiments.synthetic.world.world import World

_ORDERED = 0.99  # share of the stays for an illness that have its test; a complication is always followed
_AGAIN = 2  # days from one test of a complication to the next
_OF_ILLNESS = {
    "J18.900": "痰细菌培养及鉴定",
    "I25.100": "肌钙蛋白测定",
    "K80.200": "淀粉酶测定",
    "M51.202": "腰椎磁共振平扫",
}
COMPLICATION_TESTS = {
    "E87.600": "24小时尿钾测定",
    "D64.900": "铁蛋白测定",
    "E46.x00": "前白蛋白测定",
    "J98.414": "降钙素原测定",
    "I50.900": "B型钠尿肽前体测定",
    "J96.000": "血气分析",
    "A41.900": "血培养及鉴定",
}


def bill_illness_tests(
    world: World,
    days: StayDays,
    *,
    illness: npt.NDArray[np.int64],
    complication: npt.NDArray[np.int64],
    technician: npt.NDArray[np.int64],
) -> None:
    """Bill the test of the main illness on the first day, that of a complication on every other.

    Parameters
    ----------
    world, days : World, StayDays
        The city, and the stays spread over their days.
    illness, complication : array
        Diagnoses of each stay, by place number; NONE where there is no complication.
    technician : array
        On duty, for each of the days.
    """
    ordered = days.rng.random(len(illness)) < _ORDERED
    codes = world.catalogue.diagnoses["code"].tolist()
    for tests, diagnosis, on in (
        (_OF_ILLNESS, np.where(ordered, illness, NONE), days.number == 0),
        (COMPLICATION_TESTS, complication, days.number % _AGAIN == 0),
    ):
        for code, name in tests.items():
            has = (diagnosis == codes.index(code))[days.of]
            days.charge(world.catalogue.item(name), has & on, 7.2, technician)
