"""The catalogue: the city's items, diagnoses, limits and groups, read from its CSV files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

_HERE = Path(__file__).parent
_SPECIFICATIONS = (("", 1.0), ("(薄膜衣)", 1.18), ("(大规格)", 1.55))  # the same substance as sold by three makers
_BRANDED = 1  # the maker whose form is the original brand
WHOLLY_IN_SCOPE = 10_000
_IN_SCOPE = {"A": WHOLLY_IN_SCOPE, "B": 9_000, "C": 0}  # ten-thousandths: full, after first self-payment, not listed
_CHINESE_PATENT = ("膏", "颗粒", "清", "丸", "银杏", "百令", "丹", "参", "云南", "阿胶", "健胃", "藿香")

_ONE_MAKER = ("herbal",)  # groups without branded or larger forms
_DUAL_CHANNEL = ("奥希替尼片", "阿比特龙片", "安罗替尼胶囊", "呋喹替尼胶囊")  # negotiated, filled at dual-channel shops
_SENTINEL = ("premium", "ward_dear")  # drugs that are resold


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Items and diagnoses with their place numbers.

    Attributes
    ----------
    items : DataFrame
        One row per item: code, name, base_name (without the maker's form), group, item_type, category, unit,
        price_cents, in_scope (ten-thousandths), generic_code, standard_minutes, max_daily_quantity, units_per_pack,
        days_per_pack, is_sentinel, is_brand, is_dual_channel. Limits are in `limits`.
    diagnoses : DataFrame
        One row per diagnosis: code, name, care, group, weights, mean_days, drg_weight, gender.
    """

    items: pd.DataFrame
    diagnoses: pd.DataFrame

    def group(self, name: str) -> npt.NDArray[np.int64]:
        """Place numbers of the items of a group."""
        return self._groups[name].copy()

    @cached_property
    def _groups(self) -> dict[str, npt.NDArray[np.int64]]:
        names = self.items["group"].to_numpy()
        return {str(name): np.flatnonzero(names == name) for name in np.unique(names.astype(str))}

    def item(self, name: str) -> int:
        """Place number of the item of that name."""
        return self._items[name]

    @cached_property
    def _items(self) -> dict[str, int]:
        return {name: place for place, name in reversed(list(enumerate(self.items["item_name"].tolist())))}

    def diagnoses_of(self, care: str) -> npt.NDArray[np.int64]:
        """Place numbers of the diagnoses of one kind of care."""
        return np.flatnonzero((self.diagnoses["care"] == care).to_numpy())


def _drugs() -> pd.DataFrame:
    base = pd.read_csv(_HERE / "drugs.csv")
    parts = []
    for number, (suffix, factor) in enumerate(_SPECIFICATIONS):
        part = base.assign(
            item_name=base["name"] + suffix,
            base_name=base["name"],
            price=base["price"] * factor,
            item_code=[f"X{i:04d}{number}" for i in range(len(base))],
            generic_code=[f"G{i:04d}" for i in range(len(base))],
            is_brand=number == _BRANDED,
        )
        parts.append(part[~part["group"].isin(_ONE_MAKER)] if number else part)
    drugs = pd.concat(parts, ignore_index=True)
    chinese = np.array([any(mark in name for mark in _CHINESE_PATENT) for name in drugs["name"]]) & (
        drugs["class"] == "C"
    )
    herbal = drugs["group"] == "herbal"
    drugs["item_type"] = np.select([herbal, chinese], ["herbal", "chinese_patent_drug"], "western_drug")
    drugs["category"] = drugs["item_type"]
    ampoule = drugs["group"].isin(["inpatient", "infusion_chemo", "ward_dear"])
    drugs["unit"] = np.select([herbal, ampoule], ["付", "支"], "盒")
    drugs["is_sentinel"] = drugs["group"].isin(_SENTINEL)
    drugs["is_dual_channel"] = drugs["base_name"].isin(_DUAL_CHANNEL)
    return drugs


def _services() -> pd.DataFrame:
    base = pd.read_csv(_HERE / "services.csv")
    consumable = base["category"] == "consumable"
    return base.assign(
        item_name=base["name"],
        base_name=base["name"],
        item_code=[f"{'C' if c else 'S'}{i:05d}" for i, c in enumerate(consumable)],
        generic_code=[f"F{i:04d}" for i in range(len(base))],
        item_type=np.where(consumable, "consumable", "service"),
        unit=np.where(base["category"] == "bed", "日", "次"),
        is_sentinel=False,
        is_brand=False,
        is_dual_channel=False,
    )


@cache
def load_catalogue() -> Catalogue:
    """Read the city's catalogue; it is public and the same for every seed."""
    items = pd.concat([_drugs(), _services()], ignore_index=True)
    items["price_cents"] = (items["price"] * 100).round().astype(np.int64)
    listed = items["class"].map(_IN_SCOPE)
    items["in_scope"] = np.where(items["item_type"] == "chinese_patent_drug", 8_000, listed)
    items.loc[(items["group"] == "otc") & (items["class"] == "C"), "in_scope"] = 0
    diagnoses = pd.read_csv(_HERE / "diagnoses.csv")
    diagnoses["drg_code"] = [f"DR{i:02d}" for i in range(len(diagnoses))]
    return Catalogue(items, diagnoses)
