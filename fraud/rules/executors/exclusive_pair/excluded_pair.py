"""Two items of which only one may be billed: on one day or in one encounter the excluded one violates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import in_force, is_in_force
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import REFERENCE_COLUMNS, with_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class ExcludedPair:
    """Lines of an excluded item beside one that stands for it, of one person and provider, as `ref_item_pairs` say.

    Where a pair excludes each other both ways, the cheaper line violates, of equal ones the later. Aliases for
    exemptions: `l`, the excluded line, `s`, its settlement, and `r`, its item in the version of the day; `i`, the line
    that may stay, `o` and `q` likewise; `v`, the pair in force on the day of the excluded line.
    """

    family: ClassVar[str] = "exclusive_pair"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_beside", Unit("line", "lines", "条明细")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "i": LINE_COLUMNS,
        "o": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
        "q": REFERENCE_COLUMNS,
        "v": ("item_key", "excluded_item_key", "scope", "modifier_allowed"),
    }

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """None: the reference says it all."""
        return ()

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_beside` are the lines that may stand beside one that may not.

        A pair is found in the month in which the later settled of both was settled.
        """
        versions = in_force("ref_item_pairs", "item_key, excluded_item_key, scope", "modifier_allowed")
        return f"""
        with versions as (
{versions}
        ), mutual as (
          select v.*, exists (
            select 1 from ref_item_pairs w where w.item_key = v.excluded_item_key
              and w.excluded_item_key = v.item_key and w.scope = v.scope
          ) as is_mutual
          from versions v
        ), paired as (
          select l.* from rule_lines l
          join (select item_key from versions union select excluded_item_key from versions) p on p.item_key = l.item_key
        ), asked as (
          select person_key, provider_key from paired group by person_key, provider_key
          having max(month) = '{month}' and min(item_key) < max(item_key)
        ), known as (
          select l.* from paired l
          join asked a on a.person_key = l.person_key and a.provider_key = l.provider_key
        ), bills as (
          select * from rule_settlements where settlement_key in (select settlement_key from known)
        ), met as (
          select l.settlement_key, l.line_number, l.provider_key, l.person_key, l.prescriber_key, l.fee_date,
                 l.in_scope,
                 i.settlement_key as other_key, i.line_number as other_number, i.prescriber_key as other_prescriber,
                 i.fee_date as other_date, case when i.month > l.month then i.month else l.month end as complete_month
          from known l
          join mutual v on v.excluded_item_key = l.item_key and {is_in_force("v", "l.fee_date")}
          join known i on i.person_key = l.person_key and i.provider_key = l.provider_key and i.item_key = v.item_key
          join bills s on s.settlement_key = l.settlement_key
          join bills o on o.settlement_key = i.settlement_key
          {with_version()}
          {with_version("q", "i")}
          where case when v.scope = 'same_day' then i.fee_date = l.fee_date
                     else i.settlement_key = l.settlement_key or coalesce(s.encounter_id = o.encounter_id, false) end
            and (not v.is_mutual or l.in_scope < i.in_scope or (l.in_scope = i.in_scope
                 and (i.fee_time < l.fee_time or (i.fee_time = l.fee_time and (o.settlement_id < s.settlement_id
                      or (o.settlement_id = s.settlement_id and i.line_number < l.line_number))))))
            and not {lawful}
        ), lines as (
          select settlement_key, line_number, provider_key, person_key, prescriber_key, fee_date, in_scope,
                 count(*) as most_beside
          from met
          group by settlement_key, line_number, provider_key, person_key, prescriber_key, fee_date, in_scope
          having min(complete_month) = '{month}'
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               prescriber_key as practitioner_key, fee_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, most_beside
        from lines
        union all
        select distinct p.other_key, p.other_number, 'involved', p.provider_key, p.person_key, p.other_prescriber,
               p.other_date, 0, 1, 1, 0
        from met p join lines l on l.settlement_key = p.settlement_key and l.line_number = p.line_number
        """
