"""Minutes of one machine beyond what a calendar day holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import LARGEST_QUANTITY, REFERENCE_COLUMNS, billed_items, item_versions
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# Minutes times ten-thousandths of a unit.
_MINUTE = 10_000


@dataclass(frozen=True)
class DeviceDay:
    """Lines of one provider's machine that pass the day's limit, in the order in which they were settled and given.

    Aliases for exemptions: `l`, the line, with `day_minutes` of its machine, `day_persons` on it, `n_machines` that its
    provider names for the item that month, and `is_mostly_full`: on at least half of the days of these machines the
    limit is passed; `s`, its settlement; `r`, the item's reference in force.

    Parameters
    ----------
    limit : str
        Parameter: minutes that a machine's day holds.
    """

    family: ClassVar[str] = "limit_frequency"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_minutes", Unit("minute", "minutes", "分钟")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": (*LINE_COLUMNS, "day_minutes", "day_persons", "n_machines", "is_mostly_full"),
        "s": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
    }

    limit: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The minutes that a day holds."""
        return (self.limit,)

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one provider, whose machines are counted."""
        return ("provider_key",)

    def anchor(self, values: Mapping[str, int]) -> str:  # noqa: ARG002 - one signature for all executors
        """Return SQL of the items that carry the limit."""
        return billed_items("r.device_minutes > 0")

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_minutes` are the machine's day. The line that crosses the limit violates by its excess."""
        limit = values[self.limit] * _MINUTE
        return f"""
        with versions as (
{item_versions("device_minutes > 0")}
        ), measured as (
          select l.*, r.device_minutes * least(l.net_quantity, {LARGEST_QUANTITY}) as effort from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where l.device_id is not null and l.fee_date >= (select min(fee_date) from rule_lines where month = '{month}')
        ), machine_days as (
          select provider_key, device_id, fee_date, sum(effort) as effort, count(distinct person_key) as day_persons
          from measured group by provider_key, device_id, fee_date having max(month) = '{month}'
        ), days as (
          select provider_key, device_id, fee_date, cast(floor(effort / {_MINUTE}) as bigint) as day_minutes,
                 day_persons
          from machine_days where effort > {limit}
        ), uses as (
          select distinct provider_key, item_key, device_id, fee_date from measured
          where provider_key in (select provider_key from days)
        ), machines as (
          select u.provider_key, u.item_key, count(distinct u.device_id) as n_machines,
                 count(*) filter (d.effort > {limit}) * 2 >= count(*) as is_mostly_full
          from uses u
          join machine_days d
            on d.provider_key = u.provider_key and d.device_id = u.device_id and d.fee_date = u.fee_date
          group by u.provider_key, u.item_key
        ), candidates as (
          select m.*, d.day_minutes, d.day_persons, n.n_machines, n.is_mostly_full from measured m
          join machines n on n.provider_key = m.provider_key and n.item_key = m.item_key
          join days d on d.provider_key = m.provider_key and d.device_id = m.device_id and d.fee_date = m.fee_date
        ), work as (
          select l.*, s.settlement_id from candidates l
          join rule_settlements s on s.settlement_key = l.settlement_key
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where not {lawful}
        ), ordered as (
          select *, cast(sum(effort) over (
                   partition by provider_key, device_id, fee_date
                   order by month, fee_time, settlement_id, line_number
                   rows between unbounded preceding and current row
                 ) as bigint) as effort_so_far
          from work
        ), judged as (
          select *, executor_key as practitioner_key, fee_date as service_date,
                 least(effort_so_far - {limit}, effort) as part, effort as whole, day_minutes as most_minutes,
                 case when month = '{month}' and effort_so_far > {limit} then 1 else 0 end as is_violating
          from ordered
        )
{hits_of_judged("judged", ("provider_key", "device_id", "fee_date"), ["most_minutes"])}
        """
