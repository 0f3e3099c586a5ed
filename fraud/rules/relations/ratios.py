"""Ratios of a provider in a month: what is counted, over what, and one pass over the claims for all of them.

A ratio is the sum of a part over the sum of a whole, over the rows of one relation: charge lines, bills, stays, or
items of a provider. `ratio_values` has one row per ratio and provider, `ratio_cells` what its peers' values are like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.engine.dialect import quoted_list
from features.vocabulary.care import DRUGS
from fraud.rules.relations.peer_fences import cells_sql, values_sql
from fraud.rules.relations.ratio_relations import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from features.engine import DuckDBEngine

RATIO_VALUES, RATIO_CELLS = "ratio_values", "ratio_cells"
# A relation that many ratios of money look into again: made once.
_READ_AGAIN = "month_lines"
_DRUGS = f"item_type in {quoted_list(DRUGS)}"
_CARE = ("hospital", "clinic", "community_center", "village_clinic", "internet_hospital")
_HOSPITAL = ("hospital", "community_center")
_PHARMACY = ("retail_pharmacy", "dual_channel_pharmacy")
# What somebody else is liable for is no payment of the patient's.
_OWN_CARE = "not coalesce(is_third_party_injury, false)"


@dataclass(frozen=True)
class Ratio:
    """Part over whole.

    Parameters
    ----------
    relation : str
        Of `RELATIONS`: what is summed.
    part, whole : str
        SQL of a number of a row of it.
    provider_types : tuple of str
        Who has this ratio.
    is_money : bool
        Whether the part is money of lines, an excess of which can be named in currency.
    """

    relation: str
    part: str
    whole: str
    provider_types: tuple[str, ...]
    is_money: bool = False


def _amount(condition: str) -> Ratio:
    return Ratio("month_lines", f"case when {condition} then amount else 0 end", "amount", _CARE, is_money=True)


def _stays(condition: str, among: str = "1 = 1") -> Ratio:
    part = f"case when ({among}) and ({condition}) then 1 else 0 end"
    return Ratio("month_stays", part, f"case when {among} then 1 else 0 end", _HOSPITAL)


RATIOS: Mapping[str, Ratio] = {
    "drug_share": _amount(_DRUGS),
    "test_share": _amount("charge_category in ('examination', 'laboratory')"),
    "consumable_share": _amount("item_type = 'consumable'"),
    "treatment_share": _amount("charge_category in ('treatment', 'surgery')"),
    "ct_share": _amount("imaging_kind = 'ct'"),
    "mri_share": _amount("imaging_kind = 'mri'"),
    "infection_rate": _stays("has_infection", "has_known_onset"),
    "readmission_rate": _stays("is_readmission"),
    "top_severity_share": _stays("severity in ('1', '3')", "severity is not null"),
    "ungroupable_rate": _stays("is_ungroupable", "group_code is not null"),
    "free_stay_share": _stays("is_free and not is_aided", "not is_aided"),
    "self_pay_share": Ratio(
        "month_bills",
        f"case when {_OWN_CARE} then cash_paid_amount end",
        f"case when {_OWN_CARE} and cash_paid_amount is not null then total_amount end",
        _HOSPITAL,
    ),
    "out_of_scope_share": Ratio("month_bills", "total_amount - in_scope", "total_amount", _HOSPITAL),
    "round_account_share": Ratio(
        "month_bills",
        "case when is_round_account then 1 else 0 end",
        "case when is_by_account then 1 else 0 end",
        _PHARMACY,
    ),
    "account_bills_per_resident": Ratio("month_tills", "n_bills", "residents", _PHARMACY),
    "top_items_share": Ratio(
        "month_items", "case when place <= 3 then amount else 0 end", "amount", _PHARMACY, is_money=True
    ),
    "volume_push": Ratio("provider_months", "month_amount", "usual_amount", _CARE),
}


def create_ratio_values(engine: DuckDBEngine, month: str) -> None:
    """Create `ratio_values` and `ratio_cells` (`fraud.rules.relations.peer_fences`), and the relations behind them.

    Each relation is read once, for all ratios over it.
    """
    found = []
    for relation, sql in RELATIONS.items():
        own = {name: ratio for name, ratio in RATIOS.items() if ratio.relation == relation}
        sums = ", ".join(
            f"cast(sum({each.part}) as bigint) as part_{name}, cast(sum({each.whole}) as bigint) as whole_{name}"
            for name, each in own.items()
        )
        create = engine.create_spilled if relation == _READ_AGAIN else engine.create_view
        create(relation, sql(engine.dialect, month))
        engine.create_table(
            f"sums_of_{relation}",
            f"select provider_key, cast(sum(cases) as bigint) as n, {sums} from {relation} group by provider_key",
        )
        found += [_of_ratio(name, each.provider_types, relation) for name, each in own.items()]
    engine.create_table(RATIO_VALUES, values_sql(f"({' union all '.join(found)})"))
    engine.create_table(RATIO_CELLS, cells_sql(engine.dialect, RATIO_VALUES))


def _of_ratio(name: str, provider_types: Iterable[str], relation: str) -> str:
    return f"""
    select '{name}' as ratio, provider_key, part_{name} as part, whole_{name} as whole, n
    from sums_of_{relation}
    where whole_{name} > 0 and provider_key in (
      select provider_key from providers where provider_type in {quoted_list(provider_types)})
    """
