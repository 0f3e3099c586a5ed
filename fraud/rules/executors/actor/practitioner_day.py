"""Standard minutes of one practitioner beyond what a calendar day holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import in_force, is_in_force
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.pooled import is_pooled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# Minutes are summed as integers, in millionths: hundredths of a standard minute times ten-thousandths of a unit.
_MINUTE = 1_000_000
_ONE_UNIT = 10_000
# Ten million units on one line: beyond it the product could leave 64 bits, and no limit needs to know more.
LARGEST_QUANTITY = 10_000_000 * 10_000


@dataclass(frozen=True)
class PractitionerDay:
    """Lines that pass the day's limit, in the order in which they were settled and given.

    Services belong to the practitioner who executed them, else ordered them, else attended. Pooled identifiers stand
    for nobody and are left in peace.
    Aliases for exemptions: `l`, the line, with `practitioner_key`; `s`, its settlement.

    Parameters
    ----------
    limit : str
        Parameter: minutes that a day holds.
    """

    family: ClassVar[str] = "actor"
    is_graded: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_minutes", Unit("standard minute", "standard minutes", "分钟")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": (*LINE_COLUMNS, "practitioner_key"),
        "s": SETTLEMENT_COLUMNS,
    }

    limit: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The minutes that a day holds."""
        return (self.limit,)

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one day; whose work they are, their settlements say."""
        return ("fee_date",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_minutes` are the day's minutes. The line that crosses the limit violates by its excess.

        A day is certain that passes the limit without lines of several units in care of several days, which may stand
        for all of these days.
        """
        limit = values[self.limit] * _MINUTE
        minutes = "cast(round(standard_minutes * 100) as bigint) as hundredths"
        versions = in_force("ref_items", "item_key", minutes, "hundredths > 0")
        return f"""
        with versions as (
{versions}
        ), done as (
          select l.*, s.settlement_id,
                 coalesce(l.executor_key, l.prescriber_key, s.attending_practitioner_key) as practitioner_key
          from rule_lines l join rule_settlements s on s.settlement_key = l.settlement_key
        ), work as (
          select l.practitioner_key, l.settlement_key, l.line_number, l.month, l.provider_key, l.person_key,
                 l.fee_time, l.fee_date, l.in_scope, l.settlement_id,
                 v.hundredths * least(l.net_quantity, {LARGEST_QUANTITY}) as effort,
                 s.service_start_date < s.service_end_date and l.net_quantity > {_ONE_UNIT} as is_of_days
          from done l
          join rule_settlements s on s.settlement_key = l.settlement_key
          join versions v on v.item_key = l.item_key and {is_in_force("v", "l.fee_date")}
          where l.practitioner_key is not null and not {is_pooled("l.practitioner_key")} and not {lawful}
            and l.fee_date >= (select min(fee_date) from rule_lines where month = '{month}')
        ), all_days as (
          select practitioner_key, fee_date, cast(sum(effort) as bigint) as day_effort, max(month) as last_month,
                 coalesce(sum(effort) filter (not is_of_days), 0) > {limit} as is_certain
          from work group by practitioner_key, fee_date
        ), days as (
          select d.practitioner_key, d.fee_date, d.day_effort, d.is_certain from all_days d
          where d.day_effort > {limit} and d.last_month = '{month}'{self._support(month, values)}
        ), ordered as (
          select work.*, days.day_effort, days.is_certain,
                 cast(sum(effort) over (
                   partition by work.practitioner_key, work.fee_date
                   order by work.month, work.fee_time, work.settlement_id, work.line_number
                   rows between unbounded preceding and current row
                 ) as bigint) as effort_so_far
          from work
          join days on days.practitioner_key = work.practitioner_key and days.fee_date = work.fee_date
        ), beyond as (
          select * from ordered where month = '{month}' and effort_so_far > {limit}
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key, practitioner_key,
               fee_date as service_date, in_scope, least(effort_so_far - {limit}, effort) as part,
               effort as whole, cast(floor(day_effort / {_MINUTE}) as bigint) as most_minutes, is_certain
        from beyond
        union all
        select o.settlement_key, o.line_number, 'involved', b.provider_key, o.person_key, o.practitioner_key,
               o.fee_date, 0, 1, 1, 0, true
        from ordered o
        join (select distinct practitioner_key, fee_date, provider_key from beyond) b
          on b.practitioner_key = o.practitioner_key and b.fee_date = o.fee_date
        where not (o.month = '{month}' and o.effort_so_far > {limit})
        """

    def _support(self, month: str, values: Mapping[str, int]) -> str:  # noqa: ARG002 - for the executor with peers
        """Return what must hold of a day `d` beside the limit: nothing, where the limit speaks for itself."""
        return ""
