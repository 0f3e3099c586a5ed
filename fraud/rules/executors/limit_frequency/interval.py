"""The same item again for one person before the days between have passed, at whichever provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import REFERENCE_COLUMNS, check_items, item_versions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_WHERE = {
    "anywhere": "true",
    "elsewhere": "i.provider_key <> l.provider_key",
}
# Categories of diagnoses are their first three characters.
_CATEGORIES = """left join (
            select d.settlement_key, list(distinct left(c.diagnosis_code, 3)) as categories
            from diagnoses d join codes_diagnosis c on c.diagnosis_key = d.diagnosis_key
            where d.settlement_key in (select settlement_key from known) group by d.settlement_key
          ) g on g.settlement_key = b.settlement_key"""


@dataclass(frozen=True)
class Interval:
    """Lines of one person, item and body site on two days closer than a minimum; the later day violates.

    Lines of one day are one, unless they are given elsewhere. Aliases for exemptions: `l`, the later line; `s`, its
    settlement; `i`, the earlier line; `o`, its settlement; `r`, the item's reference on the later day; `e`, of lines
    elsewhere: `is_other_illness`, both bills name diagnoses, and none of a category in common.

    Parameters
    ----------
    least_days : str
        `min_days_between` of the reference, or the name of a parameter.
    where : str
        `anywhere`, or `elsewhere`: at another provider than the earlier line.
    items : str
        Predicate over `r`: of which items it speaks.
    """

    family: ClassVar[str] = "limit_frequency"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_days_early", Unit("day early", "days early", "天提前")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "i": LINE_COLUMNS,
        "o": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
        "e": ("is_other_illness",),
    }

    least_days: str
    where: str
    items: str

    def __post_init__(self) -> None:
        check_choice("where", [self.where], _WHERE)
        check_items("items", self.items)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The minimum, where it is none of the reference."""
        return () if self.least_days == "min_days_between" else (self.least_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_days_early` are the days that were lacking.

        A pair is found in the month in which the later settled of both was settled.
        """
        least = "r.min_days_between" if self.least_days == "min_days_between" else str(values[self.least_days])
        gap = dialect.days_between("i.fee_date", "l.fee_date")
        asks = self.where == "elsewhere" and "e.is_other_illness" in lawful
        same_day = "0" if self.where == "elsewhere" else "1"
        earlier = """(i.fee_date < l.fee_date or (i.fee_time < l.fee_time
                 or (i.fee_time = l.fee_time and o.settlement_id < s.settlement_id)))"""
        return f"""
        with versions as (
{item_versions()}
        ), limited as (
          select l.* from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where ({check_items("items", self.items)}) and {least} > 0
        ), asked as (
          select distinct person_key, item_key from limited where month = '{month}'
        ), known as (
          select m.* from limited m join asked a on a.item_key = m.item_key and a.person_key = m.person_key
        ), bills as (
          select b.*, {"g.categories" if asks else "null::varchar[] as categories"}
          from rule_settlements b {_CATEGORIES if asks else ""}
          where b.settlement_key in (select settlement_key from known)
        ), pairs as (
          select l.settlement_key, l.line_number, l.provider_key, l.person_key, l.prescriber_key, l.fee_date,
                 l.in_scope,
                 i.settlement_key as other_key, i.line_number as other_number, i.fee_date as other_date,
                 i.prescriber_key as other_prescriber, {least} - {gap} as days_early,
                 case when i.month > l.month then i.month else l.month end as complete_month
          from known l
          join known i on i.person_key = l.person_key and i.item_key = l.item_key
           and i.body_site is not distinct from l.body_site
          join bills s on s.settlement_key = l.settlement_key
          join bills o on o.settlement_key = i.settlement_key
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          join (values (true), (false)) e(is_other_illness)
            on e.is_other_illness = coalesce(not list_has_any(s.categories, o.categories), false)
          where {gap} >= {same_day} and {gap} < {least} and {_WHERE[self.where]} and {earlier} and not {lawful}
        ), lines as (
          select settlement_key, line_number, provider_key, person_key, prescriber_key, fee_date, in_scope,
                 cast(max(days_early) as bigint) as days_early
          from pairs
          group by settlement_key, line_number, provider_key, person_key, prescriber_key, fee_date, in_scope
          having min(complete_month) = '{month}'
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               prescriber_key as practitioner_key, fee_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, days_early as most_days_early
        from lines
        union all
        select distinct p.other_key, p.other_number, 'involved', p.provider_key, p.person_key, p.other_prescriber,
               p.other_date, 0, 1, 1, 0
        from pairs p
        join lines l on l.settlement_key = p.settlement_key and l.line_number = p.line_number
        """
