"""What tells an innocent line from a guilty one beyond its row: slips of the register, clashes of code maps, pools.

All are looked up for the lines that rules of one line single out, and only where an exemption asks:

`c`, the use of the line's item by its provider in the month: `n_lines`; `n_other_name`, those whose billed name is not
the catalogue's; `is_other_code`, most are, while elsewhere most bear the catalogue's name or nobody bills it: the
code stands for something else there (where nobody bears the name, `fraud.rules.search.other_names` tells that the limit
is silent); `n_hits`, lines that the rule itself singles out before its exemptions; and over all items of the provider
`n_provider_hits` of `n_provider_lines`.

`e`, what the window says of the person: `n_male` and `n_female`, providers with an item or a diagnosis that only one
sex can have; `n_age_fits` and `n_age_conflicts`, providers with items that are limited to an age which the person's
registered date of birth fits, or does not. A register that is wrong shows at every provider, a lent card at one.

`w`, the line's practitioner: `is_pooled`, whether the identifier stands for many (`fraud.rules.relations.pooled`).

`b`, the rest of the stay's bill: `n_days_after`, days after that of discharge on which it bills what cannot be done
without the patient, specimens apart, and `last_day_after`, the last of them. What was forgotten is entered in one
sitting; somebody who went home is not treated on day after day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.in_force import is_in_force
from fraud.rules.executors.any_family.line_rows import COMPUTED, ONE_SEX_DIAGNOSES
from fraud.rules.relations.care import needs_presence
from fraud.rules.relations.pooled import POOLED

if TYPE_CHECKING:
    from collections.abc import Mapping

EVIDENCE_ALIASES: Mapping[str, tuple[str, ...]] = {
    "c": (*("n_lines", "n_other_name", "is_other_code", "n_hits", "n_provider_hits", "n_provider_lines"),),
    "e": ("n_male", "n_female", "n_age_fits", "n_age_conflicts"),
    "w": ("is_pooled",),
    "b": ("n_days_after", "last_day_after"),
}


def code_use_sql(candidates: str, month: str) -> str:
    """Return SQL of the use of items that lines of a relation bill, by provider: one row per provider and item."""
    return f"""
    with used as (
      select provider_key, item_key, item_name, count(*) as n_lines from window_lines
      where month = '{month}' and item_key in (select item_key from {candidates})
      group by provider_key, item_key, item_name
    ), named as (
      select item_key, max(item_name) as item_name from rule_items group by item_key
    ), counted as (
      select u.provider_key, u.item_key, sum(u.n_lines) as n_lines,
             sum(case when is_other_name(u.item_name, n.item_name) then u.n_lines else 0 end) as n_other_name
      from used u left join named n on n.item_key = u.item_key
      group by u.provider_key, u.item_key
    )
    select provider_key, item_key, cast(n_lines as bigint) as n_lines, cast(n_other_name as bigint) as n_other_name,
           2 * n_other_name > n_lines
             and 2 * (sum(n_other_name) over (partition by item_key) - n_other_name)
               <= sum(n_lines) over (partition by item_key) - n_lines as is_other_code
    from counted
    """


def provider_lines_sql(candidates: str, month: str) -> str:
    """Return SQL of the lines of a month of the providers of a relation's lines: one row per provider."""
    return f"""
    select provider_key, count(*) as n_provider_lines from rule_lines
    where month = '{month}' and provider_key in (select provider_key from {candidates}) group by provider_key
    """


def pooled_sql(candidates: str, month: str) -> str:  # noqa: ARG001 - one signature for all evidence
    """Return SQL of the identifiers that stand for many: one row per identifier."""
    return f"select practitioner_key, true as is_pooled from {POOLED}"


def after_discharge_sql(candidates: str, month: str) -> str:
    """Return SQL of what bills say of the days after the discharge: one row per bill that dates care there."""
    return f"""
    select l.settlement_key, count(distinct l.fee_date) as n_days_after, max(l.fee_date) as last_day_after
    from rule_lines l
    join rule_settlements s on s.settlement_key = l.settlement_key
    where l.month = '{month}' and l.settlement_key in (select settlement_key from {candidates})
      and l.fee_date > s.discharge_date and {needs_presence("l")}
    group by l.settlement_key
    """


def person_evidence_sql(candidates: str, month: str) -> str:  # noqa: ARG001 - one signature for all evidence
    """Return SQL of what else is known of the persons of lines of a relation: one row per person."""
    return f"""
    with who as (
      select distinct person_key from {candidates}
    ), limited as (
      select item_key, from_date, to_date, next_date, gender_limit, min_age_years, max_age_years from rule_items
      where gender_limit is not null or min_age_years is not null or max_age_years is not null
    ), used as (
      select l.person_key, l.provider_key, i.gender_limit as sex,
             case when i.min_age_years is not null or i.max_age_years is not null
               then {COMPUTED["p.age_years"]} between coalesce(i.min_age_years, 0) and coalesce(i.max_age_years, 999)
             end as is_of_age
      from window_lines l
      join limited i on i.item_key = l.item_key and {is_in_force("i", "l.fee_date")}
      join who w on w.person_key = l.person_key
      left join sound_persons p on p.person_key = l.person_key
    ), told as (
      select person_key, provider_key, sex, is_of_age from used
      union all
      select s.person_key, s.provider_key, g.sex, cast(null as boolean) from window_settlements s
      join who w on w.person_key = s.person_key
      join (
        select t.settlement_key, x.sex from diagnoses t
        join ({ONE_SEX_DIAGNOSES}) x on x.diagnosis_key = t.diagnosis_key
      ) g on g.settlement_key = s.settlement_key
    )
    select person_key,
           count(distinct case when sex = 'male' then provider_key end) as n_male,
           count(distinct case when sex = 'female' then provider_key end) as n_female,
           count(distinct case when is_of_age then provider_key end) as n_age_fits,
           count(distinct case when not is_of_age then provider_key end) as n_age_conflicts
    from told group by person_key
    """
