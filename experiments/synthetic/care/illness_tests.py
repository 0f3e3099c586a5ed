"""Tests that an illness or a complication is known by and followed with: whoever treats it orders them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import NONE

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.care.stay_days import StayDays
    from experiments.synthetic.world.world import World

_ORDERED = (0.99, 0.97)  # share of the stays for an illness that have its tests; a complication is always followed
_AGAIN = 2  # days from one test of a complication to the next
_OF_ILLNESS = {
    "J18.900": ("痰细菌培养及鉴定", "肺炎支原体抗体测定"),
    "I25.100": ("肌钙蛋白测定", "动态心电图"),
    "K80.200": ("淀粉酶测定", "胆囊收缩功能超声测定"),
    "M51.202": ("腰椎磁共振平扫", "肌电图检查"),
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
    """Bill the tests of the main illness on the first day, that of a complication on every other.

    Parameters
    ----------
    world, days : World, StayDays
        The city, and the stays spread over their days.
    illness, complication : array
        Diagnoses of each stay, by place number; NONE where there is no complication.
    technician : array
        On duty, for each of the days.
    """
    codes = world.catalogue.diagnoses["code"].tolist()
    for place, share in enumerate(_ORDERED):
        ordered = np.where(days.rng.random(len(illness)) < share, illness, NONE)
        for code, names in _OF_ILLNESS.items():
            has = (ordered == codes.index(code))[days.of]
            days.charge(world.catalogue.item(names[place]), has & (days.number == 0), 7.2, technician)
    for code, name in COMPLICATION_TESTS.items():
        has = (complication == codes.index(code))[days.of]
        days.charge(world.catalogue.item(name), has & (days.number % _AGAIN == 0), 7.2, technician)
