"""Minutes of one machine beyond what a calendar day holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.executors.limit_frequency.full_machines import ALIASES, MINUTE, full_machine_days
from fraud.rules.relations.item_versions import billed_items
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class DeviceDay:
    """Lines of one provider's machine that pass the day's limit, in the order in which they were settled and given.

    Aliases for exemptions: `l`, the line, as `full_machine_days` gives it; `s`, its settlement; `r`, the item's
    reference in force.

    Parameters
    ----------
    limit : str
        Parameter: minutes that a machine's day holds.
    """

    family: ClassVar[str] = "limit_frequency"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_minutes", Unit("minute", "minutes", "分钟")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = ALIASES

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
        limit = values[self.limit] * MINUTE
        return f"""
        with {full_machine_days(month, limit)}, work as (
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
