"""People who have a therapy given by schedule on full machine days only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.executors.limit_frequency.full_machines import ALIASES, MINUTE, full_machine_days
from fraud.rules.relations.item_versions import LARGEST_QUANTITY, billed_items, item_versions
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# So many weeks that lack a third of their sessions at most are a course, as one whole week is.
_WEEKS = 3
_IS_SCHEDULED = "device_minutes > 0 and max_weekly_sessions > 0"


@dataclass(frozen=True)
class FullMachineOnly:
    """Bills of people whom a provider treats on full machine days only.

    A therapy that is given by schedule is no single session: who is ill has another on a day like any other, or weeks
    of it. One who begins may have neither yet, so several of them have to meet on one machine.

    Aliases for exemptions: `l`, the line, as `full_machine_days` gives it; `s`, its settlement; `r`, the item's
    reference in force.

    Parameters
    ----------
    limit : str
        Parameter: minutes that a machine's day holds.
    persons : str
        Parameter: how many such people have to be on one machine that day.
    """

    family: ClassVar[str] = "limit_frequency"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_minutes", Unit("minute", "minutes", "分钟")),
        Measure("most_persons", Unit("person", "persons", "人")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = ALIASES

    limit: str
    persons: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The minutes that a day holds, and how many people."""
        return (self.limit, self.persons)

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one provider, whose machines and patients are known by it."""
        return ("provider_key",)

    def anchor(self, values: Mapping[str, int]) -> str:  # noqa: ARG002 - one signature for all executors
        """Return SQL of the items that are given on a machine by schedule."""
        return billed_items("r.device_minutes > 0 and r.max_weekly_sessions > 0")

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits: all of their bills that day; other lines of the machine are involved."""
        limit = values[self.limit] * MINUTE
        return f"""
        with {full_machine_days(month, limit)}, {_strangers(limit)}, work as (
          select l.*, t.settlement_key is not null and p.person_key is not null as is_stranger from candidates l
          join rule_settlements s on s.settlement_key = l.settlement_key
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          left join treated t on t.settlement_key = l.settlement_key and t.line_number = l.line_number
          left join strangers p on p.provider_key = l.provider_key and p.person_key = l.person_key
          where not {lawful}
        ), meetings as (
          select provider_key, device_id, fee_date, count(distinct person_key) as most_persons
          from work where is_stranger group by provider_key, device_id, fee_date
          having count(distinct person_key) >= {values[self.persons]}
        ), met as (
          select w.*, m.most_persons from work w
          join meetings m on m.provider_key = w.provider_key and m.device_id = w.device_id and m.fee_date = w.fee_date
        ), of_bills as (
          select l.settlement_key, l.line_number, b.provider_key, b.person_key, l.executor_key, b.fee_date, l.month,
                 l.in_scope, b.device_id, b.day_minutes, b.most_persons, true as is_stranger
          from (
            select settlement_key, provider_key, person_key, fee_date, min(device_id) as device_id,
                   max(day_minutes) as day_minutes, max(most_persons) as most_persons
            from met where is_stranger group by settlement_key, provider_key, person_key, fee_date
          ) b
          join rule_lines l on l.settlement_key = b.settlement_key and l.fee_date = b.fee_date
          union all
          select settlement_key, line_number, provider_key, person_key, executor_key, fee_date, month, in_scope,
                 device_id, day_minutes, most_persons, is_stranger
          from met where not is_stranger
        ), judged as (
          select *, executor_key as practitioner_key, fee_date as service_date, 1 as part, 1 as whole,
                 day_minutes as most_minutes,
                 case when is_stranger and month = '{month}' then 1 else 0 end as is_violating
          from of_bills
        )
{hits_of_judged("judged", ("provider_key", "device_id", "fee_date"), ["most_minutes", "most_persons"])}
        """


def _strangers(limit: int) -> str:
    """Return `strangers`, whom a provider treats on full machine days alone, and `treated`, by which it is told."""
    return f"""full_days as (
          select l.provider_key, l.device_id, l.fee_date from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where l.provider_key in (select provider_key from days) and l.device_id is not null
          group by l.provider_key, l.device_id, l.fee_date
          having sum(r.device_minutes * least(l.net_quantity, {LARGEST_QUANTITY})) > {limit}
        ), scheduled as (
{item_versions(_IS_SCHEDULED)}
        ), treated as (
          select l.settlement_key, l.line_number, l.provider_key, l.person_key, l.fee_date,
                 r.max_weekly_sessions as most, d.fee_date is not null as is_full
          from rule_lines l
          join scheduled r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          left join full_days d
            on d.provider_key = l.provider_key and d.device_id = l.device_id and d.fee_date = l.fee_date
          where l.provider_key in (select provider_key from days)
        ), weeks as (
          select provider_key, person_key, bool_and(is_full) as is_full,
                 count(distinct fee_date) >= max(most) as is_whole,
                 3 * count(distinct fee_date) >= 2 * max(most) as is_nearly_whole
          from treated group by provider_key, person_key, date_trunc('week', fee_date)
        ), strangers as (
          select provider_key, person_key from weeks group by provider_key, person_key
          having bool_and(is_full) and not bool_or(is_whole) and count(*) filter (is_nearly_whole) < {_WEEKS}
        )"""
