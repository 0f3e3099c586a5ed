"""What tells an innocent line from a guilty one beyond its own row: slips of the register, clashes of code maps.

Both are looked up for the lines that rules of one line single out, and only where an exemption asks:

`c`, the use of the line's item by its provider in the window: `n_lines`; `n_other_name`, lines whose billed name is
not the catalogue's; `is_other_code`, most are, while elsewhere most bear the catalogue's name: the code stands for
something else there; and `n_hits`, lines of the month that the rule itself singles out before its exemptions.

`e`, what else the window says of the person: `n_male` and `n_female`, settlements with an item or a diagnosis that only
one sex can have; `n_age_fits` and `n_age_conflicts`, settlements with items that are limited to an age which the
person's registered date of birth fits, or does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.in_force import is_in_force
from fraud.rules.line_rows import COMPUTED

if TYPE_CHECKING:
    from collections.abc import Mapping

EVIDENCE_ALIASES: Mapping[str, tuple[str, ...]] = {
    "c": ("n_lines", "n_other_name", "is_other_code", "n_hits"),
    "e": ("n_male", "n_female", "n_age_fits", "n_age_conflicts"),
}
# ICD-10: male and female genital cancers, diseases of male and of female genital organs, pregnancy.
MALE_DIAGNOSES = (("C60", "C63"), ("N40", "N51"))
FEMALE_DIAGNOSES = (("C51", "C58"), ("N70", "N98"), ("O00", "O99"))


def _within(ranges: tuple[tuple[str, str], ...]) -> str:
    return " or ".join(f"left(diagnosis_code, 3) between '{first}' and '{last}'" for first, last in ranges)


def code_use_sql(candidates: str) -> str:
    """Return SQL of the use of items that lines of a relation bill, by provider: one row per provider and item."""
    billed, listed = (f"lower(replace({name}, ' ', ''))" for name in ("u.item_name", "n.item_name"))
    return f"""
    with used as (
      select provider_key, item_key, item_name, count(*) as n_lines from window_lines
      where item_key in (select item_key from {candidates}) group by provider_key, item_key, item_name
    ), named as (
      select item_key, max(item_name) as item_name from rule_items group by item_key
    ), counted as (
      select u.provider_key, u.item_key, sum(u.n_lines) as n_lines,
             sum(case when not (contains({billed}, {listed}) or contains({listed}, {billed})) then u.n_lines else 0 end)
               as n_other_name
      from used u left join named n on n.item_key = u.item_key
      group by u.provider_key, u.item_key
    )
    select provider_key, item_key, cast(n_lines as bigint) as n_lines, cast(n_other_name as bigint) as n_other_name,
           2 * n_other_name > n_lines
             and 2 * (sum(n_other_name) over (partition by item_key) - n_other_name)
               <= sum(n_lines) over (partition by item_key) - n_lines as is_other_code
    from counted
    """


def person_evidence_sql(candidates: str) -> str:
    """Return SQL of what else is known of the persons of lines of a relation: one row per person."""
    return f"""
    with who as (
      select distinct person_key from {candidates}
    ), limited as (
      select item_key, from_date, to_date, next_date, gender_limit, min_age_years, max_age_years from rule_items
      where gender_limit is not null or min_age_years is not null or max_age_years is not null
    ), used as (
      select l.person_key, l.settlement_key, i.gender_limit as sex,
             case when i.min_age_years is not null or i.max_age_years is not null
               then {COMPUTED["p.age_years"]} between coalesce(i.min_age_years, 0) and coalesce(i.max_age_years, 999)
             end as is_of_age
      from window_lines l
      join limited i on i.item_key = l.item_key and {is_in_force("i", "l.fee_date")}
      join who w on w.person_key = l.person_key
      left join sound_persons p on p.person_key = l.person_key
    ), told as (
      select person_key, settlement_key, sex, is_of_age from used
      union all
      select s.person_key, s.settlement_key, g.sex, cast(null as boolean) from window_settlements s
      join who w on w.person_key = s.person_key
      join (
        select settlement_key, case when {_within(MALE_DIAGNOSES)} then 'male' else 'female' end as sex
        from diagnoses where {_within(MALE_DIAGNOSES + FEMALE_DIAGNOSES)}
      ) g on g.settlement_key = s.settlement_key
    )
    select person_key,
           count(distinct case when sex = 'male' then settlement_key end) as n_male,
           count(distinct case when sex = 'female' then settlement_key end) as n_female,
           count(distinct case when is_of_age then settlement_key end) as n_age_fits,
           count(distinct case when not is_of_age then settlement_key end) as n_age_conflicts
    from told group by person_key
    """
