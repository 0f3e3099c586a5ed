"""Limits of items: for whom, where, how often and at what price they may be billed, in dated versions."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from experiments.synthetic.world.catalogue import Catalogue
    from experiments.synthetic.world.geography import Geography

_HERE = Path(__file__).parent
_SINCE = date(2020, 1, 1)
_LONG_PRESCRIPTION_DAYS = 84  # twelve weeks; the policy maximum of one fill
_LEAST_PACKS = 4
NUMBERS = (
    "max_daily_quantity",
    "max_fill_quantity",
    "max_course_days",
    "min_days_between",
    "frequency_max_count",
    "frequency_window_days",
    "min_age_years",
    "max_age_years",
    "max_weekly_sessions",
    "device_minutes",
)
WORDS = ("gender_limit", "diagnosis_prefixes", "min_provider_level", "insurance_types", "encounter_types")
MARKS = ("is_internet_allowed", "herbal_use", "is_controlled", "is_hourly")

# Ceilings of a quarter of the drugs fall at each round of volume-based procurement.
_ROUNDS = (date(2024, 11, 1), date(2025, 7, 1), date(2026, 3, 1), date(2027, 4, 1))
_ROUND_FACTOR = 0.97
# Limits that became stricter: since when, item, column, what was allowed before.
_TIGHTENED: tuple[tuple[date, str, str, Any], ...] = (
    (date(2026, 3, 1), "糖化血红蛋白", "min_days_between", 30.0),
    (date(2026, 3, 1), "磁共振平扫", "frequency_max_count", 4.0),
    (date(2025, 7, 1), "血液透析", "frequency_max_count", 15.0),
    (date(2026, 4, 1), "塞来昔布胶囊", "diagnosis_prefixes", None),
    (date(2026, 2, 1), "右佐匹克隆片", "max_fill_quantity", 6.0),
    (date(2025, 10, 1), "百令胶囊", "insurance_types", None),
    (date(2026, 5, 1), "电子胃镜检查", "min_days_between", 30.0),
    (date(2026, 3, 1), "左氧氟沙星注射液", "max_course_days", 21.0),
)
_SECOND_LINE = {"依折麦布片": ("阿托伐他汀钙片", "瑞舒伐他汀钙片"), "利拉鲁肽注射液": ("二甲双胍缓释片",)}
_PACKAGES = (  # the package, how many of its parts together mean it, the parts
    ("全腹CT平扫", 2, ("上腹部CT平扫", "中腹部CT平扫", "下腹部CT平扫")),
    ("肝功能组合", 3, ("丙氨酸氨基转移酶测定", "天门冬氨酸氨基转移酶测定", "总胆红素测定", "血清白蛋白测定")),
    ("肾功能组合", 2, ("肌酐测定", "尿素测定", "尿酸测定")),
    ("血脂组合", 2, ("总胆固醇测定", "甘油三酯测定", "低密度脂蛋白胆固醇测定")),
    ("甲状腺功能组合", 2, ("促甲状腺激素测定", "游离甲状腺素测定")),
)
# First may be billed, second not with it; scope; lawful at two sites of the body; since when.
_EXCLUSIVE_PAIRS = (
    ("一级护理", "二级护理", "same_day", False, None),
    ("专家诊察", "主治医师诊察", "same_encounter", False, None),
    ("运动疗法", "推拿治疗", "same_day", True, None),
    ("全腹CT平扫", "上腹部CT平扫", "same_day", False, date(2025, 1, 1)),
    ("全腹CT平扫", "中腹部CT平扫", "same_day", False, date(2025, 1, 1)),
    ("全腹CT平扫", "下腹部CT平扫", "same_day", False, date(2025, 1, 1)),
    ("肾功能组合", "肌酐测定", "same_encounter", False, date(2026, 2, 1)),
)
# Regional ceilings of services, as shares of the catalogue's price; the prefecture's regions differ by some percent.
_REGIONAL = ("CT平扫", "磁共振平扫", "彩色多普勒超声", "糖化血红蛋白", "普通针刺", "推拿治疗", "静脉输液", "血液透析")
_REGIONAL_FACTORS = {"tertiary": 1.11, "secondary": 1.04, "primary": 0.98, "ungraded": 1.11}
_REGIONAL_SINCE = (date(2024, 7, 1), date(2026, 3, 1))
_REGIONAL_CUT = 0.98


def strictest_limits(catalogue: Catalogue) -> pd.DataFrame:
    """Return the strictest limits that ever held, NaN or None where there is none.

    Parameters
    ----------
    catalogue : Catalogue
        Items to look limits up for.

    Returns
    -------
    DataFrame
        One row per item in the catalogue's order: NUMBERS, WORDS and MARKS.
    """
    return _strictest(catalogue).copy()


@cache
def _strictest(catalogue: Catalogue) -> pd.DataFrame:
    items = catalogue.items
    table = pd.read_csv(_HERE / "limits.csv", dtype=dict.fromkeys((*WORDS, *MARKS), object))
    names = [*NUMBERS, *WORDS, *MARKS]
    limits = pd.DataFrame({name: np.nan if name in NUMBERS else None for name in names}, index=range(len(items)))
    limits["max_daily_quantity"] = items["max_daily_quantity"].to_numpy(float)
    taken = np.isin(items["item_type"], ("western_drug", "chinese_patent_drug")) & ~np.isin(
        items["group"], ("inpatient", "infusion_chemo", "ward_dear")
    )
    packs = np.ceil(_LONG_PRESCRIPTION_DAYS / items["days_per_pack"].to_numpy(float))
    limits["max_fill_quantity"] = np.where(taken, np.maximum(packs, _LEAST_PACKS), np.nan)
    base, group = items["base_name"].to_numpy(), items["group"].to_numpy()
    for row in table.to_dict("records"):
        name = str(row.pop("item"))
        on = group == name.removeprefix("group:") if name.startswith("group:") else base == name
        if not on.any():
            raise KeyError(name)
        for column, value in row.items():
            if not pd.isna(value):
                limits.loc[on, column] = value
    return limits


def second_line(catalogue: Catalogue) -> dict[int, tuple[int, ...]]:
    """Return the items paid only after one of others: place number of the item, and of those others."""
    items = catalogue.items
    base = items["base_name"].to_numpy()
    return {
        int(item): tuple(int(p) for name in before for p in np.flatnonzero(base == name))
        for drug, before in _SECOND_LINE.items()
        for item in np.flatnonzero(base == drug)
    }


def item_versions(catalogue: Catalogue) -> pd.DataFrame:
    """Return all versions of all items.

    Returns
    -------
    DataFrame
        One row per item and version, neither overlapping nor leaving gaps: item (place number), valid_from, valid_to
        (None while in force), ceiling_factor, and the limits.
    """
    items = catalogue.items
    limits = strictest_limits(catalogue)
    drug = items["item_type"].isin(["western_drug", "chinese_patent_drug"]).to_numpy()
    base = items["base_name"].tolist()
    rows = []
    for item, limit in enumerate(limits.to_dict("records")):
        changes = [change for change in _TIGHTENED if change[1] == base[item]]
        cut = _ROUNDS[item % len(_ROUNDS)] if drug[item] and item % 8 < len(_ROUNDS) else None
        starts = sorted({_SINCE, *(change[0] for change in changes), *([cut] if cut else [])})
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            before = {column: value for since, _, column, value in changes if start < since}
            until = following - timedelta(days=1) if following else None
            factor = _ROUND_FACTOR if cut is not None and start >= cut else 1.0
            version = {"item": item, "valid_from": start, "valid_to": until, "ceiling_factor": factor}
            rows.append({**version, **limit, **before})
    return pd.DataFrame(rows)


def exclusive_pairs(catalogue: Catalogue) -> pd.DataFrame:
    """Return the pairs of items of which only the first may be billed: place numbers, scope, modifier, dates."""
    item = catalogue.item
    rows = [(item(a), item(b), scope, modifier, since) for a, b, scope, modifier, since in _EXCLUSIVE_PAIRS]
    return pd.DataFrame(rows, columns=["item", "excluded", "scope", "modifier_allowed", "valid_from"])


def packages(catalogue: Catalogue) -> pd.DataFrame:
    """Return the parts of packages: place numbers of the package and the part, and how many parts mean it."""
    item = catalogue.item
    rows = [(item(whole), item(part), least) for whole, least, parts in _PACKAGES for part in parts]
    return pd.DataFrame(rows, columns=["package", "component", "min_components"])


def regional_ceilings(catalogue: Catalogue, geography: Geography) -> pd.DataFrame:
    """Return ceilings that regions set themselves.

    Returns
    -------
    DataFrame
        One row per item, region, level and version: item and region (place numbers), level, valid_from, valid_to,
        cents (per unit, rounded up).
    """
    cents = catalogue.items["price_cents"].to_numpy()
    rows = []
    for region in range(geography.capital):
        own = 1 + 0.01 * (region % 5)
        for name in _REGIONAL:
            item = catalogue.item(name)
            for level, factor in _REGIONAL_FACTORS.items():
                for number, since in enumerate(_REGIONAL_SINCE):
                    later = _REGIONAL_SINCE[number + 1 : number + 2]
                    until = later[0] - timedelta(days=1) if later else None
                    price = int(np.ceil(cents[item] * factor * own * _REGIONAL_CUT**number))
                    rows.append((item, region, level, since, until, price))
    return pd.DataFrame(rows, columns=["item", "region", "level", "valid_from", "valid_to", "cents"])
