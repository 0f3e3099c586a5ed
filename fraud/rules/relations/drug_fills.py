"""Fills of drugs before anything is asked of them: what rules of days in hand, early refills and sources all read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.in_force import is_in_force
from features.engine import quoted_list
from features.vocabulary.care import BOXED_DRUGS
from fraud.rules.relations.item_versions import LARGEST_DAYS, drug_versions
from fraud.rules.relations.sent_twice import once, sent_again

if TYPE_CHECKING:
    from features.engine import DuckDBEngine

DRUG_FILLS = "drug_fills"
# What rules ask of fills, their exemptions too; whoever names another column of the line looks it up.
FILL_COLUMNS = (
    *("settlement_key", "line_number", "provider_key", "person_key", "item_key", "item_name", "fee_date", "month"),
    *("prescriber_key", "department_code", "refill_number", "net_quantity", "in_scope"),
)


def create_drug_fills(engine: DuckDBEngine, month: str) -> None:
    """Create `drug_fills`: lines of drugs in packs whose persons got the same drug in the month, over the window.

    One row per line with `FILL_COLUMNS`, `drug` and `days`, for all rules that ask how long fills last; of a bill
    sent twice the first one.
    """
    kept = ", ".join(f"l.{name}" for name in FILL_COLUMNS)
    days = "coalesce(l.days_supply, l.net_quantity // nullif(r.max_daily_quantity, 0))"
    is_fill = f"l.item_type in {quoted_list(BOXED_DRUGS)} and {days} > 0"
    sql = f"""
        with versions as (
{drug_versions()}
        ), asked as (
          select distinct l.person_key, r.drug from window_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where l.month = '{month}' and {is_fill}
        ), fills as (
          select {kept}, l.fee_time, l.prescription_key, r.drug, least({days}, {LARGEST_DAYS}) as days
          from window_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where {is_fill} and (l.person_key, r.drug) in (select person_key, drug from asked)
        ), {sent_again("fills")}
        select {", ".join(f"f.{name}" for name in FILL_COLUMNS)}, f.drug, f.days from fills f where {once("f")}
    """
    engine.create_table(DRUG_FILLS, sql)
