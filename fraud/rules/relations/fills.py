"""Fills of drugs: what one person got of one active substance, over all providers, and how many days it lasts."""

from __future__ import annotations

import re

from features.claims.in_force import is_in_force
from fraud.rules.relations.base import LINE_COLUMNS
from fraud.rules.relations.drug_fills import DRUG_FILLS, FILL_COLUMNS
from fraud.rules.relations.item_versions import REFERENCE_COLUMNS, check_items, drug_versions

FILL_ALIASES = {"l": (*LINE_COLUMNS, "drug", "days"), "r": REFERENCE_COLUMNS}
# In the order of fills of one person and drug.
IN_ORDER = "partition by person_key, drug order by fee_date, month, settlement_id"
BEFORE = f"{IN_ORDER} rows between unbounded preceding and 1 preceding"


def fills_sql(month: str, encounter_types: tuple[str, ...], items: str, first_day: str, lawful: str) -> str:
    """Return CTEs that end in `fills`: what persons of the month got of each drug, back to a first day.

    Parameters
    ----------
    month : str
        The month whose findings are wanted.
    encounter_types : tuple of str
        Kinds of care in which drugs are taken home.
    items : str
        Predicate over `r`: of which items it speaks.
    first_day : str
        SQL of the first day that counts, over `e`, which has the month's `last_day`.
    lawful : str
        Over `l`, `s` and `r`: fills that do not count.

    Returns
    -------
    str
        Reads `drug_fills`. `fill_lines` has its columns, those of `rule_lines` that exemptions name besides,
        `settlement_id`, `department`, `drug` (a number: the active substance, else the item) and `days`: those of the
        prescription, else as many as the daily maximum lets the quantity last.
        `fills` has one row per settlement and drug: its days are those of the item that lasts longest, for two
        strengths of one substance may be taken together.
    """
    kinds = ", ".join(f"'{kind}'" for kind in encounter_types)
    # All lines of a settlement agree in these.
    of_settlement = ", ".join(
        f"any_value({name}) as {name}" for name in ("settlement_id", "person_key", "provider_key", "month")
    )
    named = [name for name in LINE_COLUMNS if name not in FILL_COLUMNS and re.search(rf"\bl\.{name}\b", lawful)]
    more = "".join(f", w.{name}" for name in named)
    of_line = "w.settlement_key = l.settlement_key and w.line_number = l.line_number"
    looked_up = f"join rule_lines w on {of_line}" if named else ""
    in_time = f"l.fee_date > (select {first_day} from ends e)"
    return f"""
        versions as (
{drug_versions()}
        ), ends as (
          -- A line dated ahead by a slip moves no span.
          select least(max(fee_date), last_day(cast('{month}-01' as date))) as last_day
          from window_lines where month = '{month}'
        ), drugs as (
          select l.* from {DRUG_FILLS} l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where l.person_key in (select person_key from rule_settlements) and {in_time}
            and ({check_items("items", items)})
        ), asked as (
          select distinct person_key, drug from drugs where month = '{month}'
        ), known as (
          select l.*{more} from drugs l join asked a on a.person_key = l.person_key and a.drug = l.drug
          {looked_up}
        ), fill_lines as (
          select l.*, s.settlement_id, coalesce(l.department_code, s.department_code, '') as department
          from rule_settlements s
          join known l on l.settlement_key = s.settlement_key
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where s.encounter_type in ({kinds}) and not {lawful}
        ), of_items as (
          select settlement_key, drug, item_key, {of_settlement}, min(department) as department,
                 min(fee_date) as fee_date, cast(sum(days) as bigint) as days
          from fill_lines group by settlement_key, drug, item_key
        ), fills as (
          select settlement_key, drug, {of_settlement}, min(department) as department, min(fee_date) as fee_date,
                 max(days) as days
          from of_items group by settlement_key, drug
        )
    """


def judged_fills(relation: str, measures: tuple[str, ...], part: str, whole: str, violating: str) -> str:
    """Return SQL with the lines of fills, each judged as its fill is; see `fraud.rules.relations.judged`.

    Parameters
    ----------
    relation : str
        Fills, with the measures.
    measures : tuple of str
        The executor's.
    part, whole, violating : str
        SQL over `f`, a row of the relation.
    """
    own = "".join(f", f.{name}" for name in measures)
    return f"""
          select l.settlement_key, l.line_number, l.provider_key, l.person_key, l.drug, l.in_scope,
                 l.prescriber_key as practitioner_key, l.fee_date as service_date,
                 {part} as part, {whole} as whole{own},
                 case when {violating} then 1 else 0 end as is_violating
          from fill_lines l join {relation} f on f.settlement_key = l.settlement_key and f.drug = l.drug
    """
