"""Stays of one person at two providers at once: the one that shows less of the patient violates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.care import care_in_common, principal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_OF_BOTH = ("is_same_group", "is_transfer", "is_left", "is_newborn", "is_psychiatric")


@dataclass(frozen=True)
class Overlap:
    """Two stays with more nights in common than is lawful.

    Aliases for exemptions: `s`, the stay that violates; `o`, the other; the days in common, from
    `greatest(s.admit_date, o.admit_date)` to `least(s.discharge_date, o.discharge_date)`; and `e`, what the claims show
    of both: `is_same_group`, providers of one group; `is_transfer`, the stay that began later names a referral;
    `is_left`, the stay that began first bills nothing on the days in common, as where a discharge is posted late;
    `is_newborn`, one of the two is a birth or a newborn's; `is_psychiatric`, one is psychiatric.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    lawful_nights : str
        Parameter: nights in common up to which nothing is said.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_nights", Unit("night", "nights", "晚")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "s": SETTLEMENT_COLUMNS,
        "o": SETTLEMENT_COLUMNS,
        "e": _OF_BOTH,
    }

    encounter_types: tuple[str, ...]
    lawful_nights: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The nights in common that are lawful."""
        return (self.lawful_nights,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_nights` are the most nights in common with one other stay.

        Of the two stays the one violates at whose bedside fewer of the days in common show care; where both show as
        many, or one of them does not tell days apart, the one settled later. Where it has lines dated on the days in
        common, these violate in full; else each of its lines violates by its share of the nights. Of these days the
        first does not count where it may have been that of leaving for the other stay, nor the last where it may have
        been that of arriving from there. The pair is found in the month in which the later of both was settled.
        """
        nights = dialect.days_between("p.first_day", "p.last_day")
        stay_nights = dialect.days_between("s.admit_date", "s.discharge_date")
        return f"""
        with stays as (
          select * from rule_settlements
          where encounter_type in {quoted_list(self.encounter_types)} and discharge_date > admit_date
        ), met as (
          select s.settlement_key as later_key, o.settlement_key as earlier_key,
                 greatest(s.admit_date, o.admit_date) as first_day,
                 least(s.discharge_date, o.discharge_date) as last_day
          from stays s
          join stays o on o.person_key = s.person_key and o.provider_key <> s.provider_key
           and o.admit_date < s.discharge_date and s.admit_date < o.discharge_date
          where s.month = '{month}'
            and (o.settled_at < s.settled_at
                 or (o.settled_at = s.settled_at
                     and (o.admit_date < s.admit_date
                          or (o.admit_date = s.admit_date and o.settlement_id < s.settlement_id))))
        ), long as (
          select p.*, {nights} as nights from met p where {nights} > {values[self.lawful_nights]}
        ), {self._evidence()}
        , pairs as (
          select s.settlement_key, o.settlement_key as other_key, s.provider_key, s.person_key, s.is_dated,
                 e.nights, {stay_nights} as stay_nights,
                 case when s.admit_date < e.first_day then e.first_day + 1 else e.first_day end as from_day,
                 case when s.discharge_date < o.discharge_date then e.last_day else e.last_day - 1 end as to_day
          from evidence e
          join stays s on s.settlement_key = e.settlement_key
          join stays o on o.settlement_key = e.other_key
          where not {lawful}
        ), lines as (
          select p.*, l.line_number, l.fee_date, l.in_scope,
                 case when p.is_dated and l.fee_date between p.from_day and p.to_day then 1 else 0 end as is_inside
          from rule_lines l join pairs p on p.settlement_key = l.settlement_key
        ), counted as (
          select *, sum(is_inside) over (partition by settlement_key, other_key) as n_inside from lines
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, fee_date as service_date, in_scope,
               max(case when is_inside = 1 then stay_nights else nights end) as part, stay_nights as whole,
               max(nights) as most_nights
        from counted where is_inside = 1 or n_inside = 0
        group by settlement_key, line_number, provider_key, person_key, fee_date, in_scope, stay_nights
        union all
        select distinct other_key, cast(null as bigint), 'involved', provider_key, person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0
        from counted
        """

    @staticmethod
    def _evidence() -> str:
        """Return SQL of `evidence`, one row per pair of `long`: which of the two violates, and what they show."""
        return f"""
        both_stays as (
          select later_key as settlement_key, earlier_key as other_key, first_day, last_day from long
          union all
          select earlier_key, later_key, first_day, last_day from long
        ), shown as ({care_in_common("both_stays")}
        ), diagnosed as ({principal("both_stays")}
        ), judged as (
          select p.*, coalesce(a.n_cared, 0) as n_later, coalesce(b.n_cared, 0) as n_earlier,
                 coalesce(a.n_billed, 0) as billed_later, coalesce(b.n_billed, 0) as billed_earlier,
                 coalesce(da.diagnosis_code, '') as dx_later, coalesce(db.diagnosis_code, '') as dx_earlier
          from long p
          left join shown a on a.settlement_key = p.later_key and a.other_key = p.earlier_key
          left join shown b on b.settlement_key = p.earlier_key and b.other_key = p.later_key
          left join diagnosed da on da.settlement_key = p.later_key
          left join diagnosed db on db.settlement_key = p.earlier_key
        ), evidence as (
          select j.*, is_earlier_named,
                 case when is_earlier_named then earlier_key else later_key end as settlement_key,
                 case when is_earlier_named then later_key else earlier_key end as other_key,
                 coalesce(va.group_id = vb.group_id, false) as is_same_group,
                 case when a.admit_date >= b.admit_date then a.referral_id else b.referral_id end is not null
                   as is_transfer,
                 case when a.admit_date >= b.admit_date then b.is_dated and j.billed_earlier = 0
                      else a.is_dated and j.billed_later = 0 end as is_left,
                 a.encounter_type = 'maternity' or b.encounter_type = 'maternity'
                   or starts_with(j.dx_later, 'P') or starts_with(j.dx_earlier, 'P') as is_newborn,
                 starts_with(j.dx_later, 'F') or starts_with(j.dx_earlier, 'F') as is_psychiatric
          from (
            select j.*, a.is_dated and b.is_dated and j.n_earlier < j.n_later as is_earlier_named
            from judged j
            join stays a on a.settlement_key = j.later_key
            join stays b on b.settlement_key = j.earlier_key
          ) j
          join stays a on a.settlement_key = j.later_key
          join stays b on b.settlement_key = j.earlier_key
          left join sound_providers va on va.provider_key = a.provider_key
          left join sound_providers vb on vb.provider_key = b.provider_key
        )"""
