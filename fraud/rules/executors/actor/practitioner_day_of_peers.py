"""Bills of a practitioner's day that holds far more standard minutes than peers of the specialty work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from features.vocabulary.care import DRUGS
from fraud.rules.executors.actor.practitioner_day import PractitionerDay, worked
from fraud.rules.relations.practitioner_days import MINUTE, PRACTITIONER_DAYS
from fraud.rules.relations.whose_line import done_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_FEWEST_DAYS = 30  # days of a specialty below which nobody knows what is usual
_NOT_BY_HAND = ("laboratory", "examination")
_GOODS = (*DRUGS, "consumable")


@dataclass(frozen=True)
class PractitionerDayOfPeers(PractitionerDay):
    """All of a day's bills on which the practitioner's minutes stand, where the day is unlike those of peers.

    Standard minutes are no legal requirement, so a limit below a whole day needs this support. A day that cannot have
    been says not which of its visits were invented: all are in question, fees for being seen too. Goods and tests are
    not: others dispensed and made them. Peers are practitioners of one specialty. Aliases as `PractitionerDay`.

    Parameters
    ----------
    peer_multiple : str
        Parameter: how many times the median working day of the peers in the month.
    """

    is_graded: ClassVar[bool] = False

    peer_multiple: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The minutes, and the multiple."""
        return (self.limit, self.peer_multiple)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_minutes` are the day's minutes. Lines settled before are involved.

        Peers are read from all lines of the month, whatever the piece.
        """
        limit = values[self.limit] * MINUTE
        return f"""
        with {worked(lawful, limit)}, long_days as (
          select practitioner_key, fee_date, day_effort from all_days
          where day_effort > {limit} and last_month = '{month}'
        ), days as (
          select d.* from long_days d
          where exists (
            select 1
            from sound_practitioners me
            join (
              select coalesce(p.specialty, '') as specialty, median(a.month_effort) as usual
              from {PRACTITIONER_DAYS} a
              join sound_practitioners p on p.practitioner_key = a.practitioner_key
              where a.month_effort is not null
              group by coalesce(p.specialty, '') having count(*) >= {_FEWEST_DAYS}
            ) peers on peers.specialty = coalesce(me.specialty, '')
            where me.practitioner_key = d.practitioner_key
              and d.day_effort > {values[self.peer_multiple]} * peers.usual)
        ), bills as (
          select distinct w.settlement_key, d.practitioner_key, d.fee_date, d.day_effort
          from work w join days d on d.practitioner_key = w.practitioner_key and d.fee_date = w.fee_date
        ), billed as (
          select l.*, {done_by("l", "s")} as practitioner_key
          from rule_settlements s
          join (
            select * from rule_lines where settlement_key in (select settlement_key from bills)
          ) l on l.settlement_key = s.settlement_key
        ), in_question as (
          select l.settlement_key, l.line_number, l.month, l.provider_key, l.person_key, l.practitioner_key,
                 l.fee_date, l.in_scope, d.day_effort
          from rule_settlements s
          join billed l on l.settlement_key = s.settlement_key
          join bills d on d.settlement_key = l.settlement_key and d.practitioner_key = l.practitioner_key
           and d.fee_date = l.fee_date
          where not {lawful} and l.item_type not in {quoted_list(_GOODS)}
            and coalesce(l.charge_category, '') not in {quoted_list(_NOT_BY_HAND)}
        )
        select settlement_key, line_number, case when month = '{month}' then 'violating' else 'involved' end as role,
               provider_key, person_key, practitioner_key, fee_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole,
               cast(floor(day_effort / {MINUTE}) as bigint) as most_minutes
        from in_question
        """
