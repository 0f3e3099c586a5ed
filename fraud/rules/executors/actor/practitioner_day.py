"""Standard minutes of one practitioner beyond what a calendar day holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import billed_items
from fraud.rules.relations.pooled import is_pooled
from fraud.rules.relations.practitioner_days import MINUTE, PRACTITIONER_DAYS, worked_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_ONE_UNIT = 10_000


@dataclass(frozen=True)
class PractitionerDay:
    """Lines that pass the day's limit: the fewest that cannot have been done, so the longest services.

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

    def anchor(self, values: Mapping[str, int]) -> str:  # noqa: ARG002 - one signature for all executors
        """Return SQL of the items that carry the limit."""
        return billed_items("r.standard_minutes > 0")

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_minutes` are the day's minutes. The line that crosses the limit violates by its excess.

        Lines of earlier months stand first, then what the practitioner executed, the short before the long. Certain is
        what passes the limit by these alone: what is only ordered others did, and lines of several units in care of
        several days may stand for all of these days.
        """
        limit = values[self.limit] * MINUTE
        return f"""
        with {worked(lawful, limit)}, days as (
          select practitioner_key, fee_date, day_effort from all_days
          where day_effort > {limit} and last_month = '{month}'
        ), ordered as (
          select work.*, days.day_effort,
                 cast(sum(effort) over so_far as bigint) as effort_so_far,
                 cast(sum(case when is_own then effort else 0 end) over so_far as bigint) as own_so_far
          from work
          join days on days.practitioner_key = work.practitioner_key and days.fee_date = work.fee_date
          window so_far as (
            partition by work.practitioner_key, work.fee_date
            order by work.month, case when is_own then 0 else 1 end, effort, work.fee_time, work.settlement_id,
                     work.line_number
            rows between unbounded preceding and current row)
        ), beyond as (
          select * from ordered where month = '{month}' and effort_so_far > {limit}
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key, practitioner_key,
               fee_date as service_date, in_scope,
               least(case when is_own and own_so_far > {limit} then own_so_far else effort_so_far end - {limit}, effort)
                 as part, effort as whole, cast(floor(day_effort / {MINUTE}) as bigint) as most_minutes,
               is_own and own_so_far > {limit} as is_certain
        from beyond
        union all
        select o.settlement_key, o.line_number, 'involved', b.provider_key, o.person_key, o.practitioner_key,
               o.fee_date, 0, 1, 1, 0, true
        from ordered o
        join (select distinct practitioner_key, fee_date, provider_key from beyond) b
          on b.practitioner_key = o.practitioner_key and b.fee_date = o.fee_date
        where not (o.month = '{month}' and o.effort_so_far > {limit})
        """


def worked(lawful: str, limit: int) -> str:
    """Return SQL of `work`, lines of days beyond a limit and whose they are, and of `all_days`, their sums."""
    full_days = f"select * from {PRACTITIONER_DAYS} where effort > {limit} and month_effort is not null"
    of_days = f"select * from rule_lines where fee_date in (select fee_date from ({full_days}) f)"
    return f"""{worked_lines(of_days)}, work as (
          select l.practitioner_key, l.settlement_key, l.line_number, l.month, l.provider_key, l.person_key,
                 l.fee_time, l.fee_date, l.in_scope, s.settlement_id, l.effort,
                 l.executor_key is not null
                 and not (s.service_start_date < s.service_end_date and l.net_quantity > {_ONE_UNIT}) as is_own
          from rule_settlements s
          join (
            select d.* from done d
            join ({full_days}) f on f.practitioner_key = d.practitioner_key and f.fee_date = d.fee_date
          ) l on l.settlement_key = s.settlement_key
          where not {is_pooled("l.practitioner_key")} and not {lawful}
        ), all_days as (
          select practitioner_key, fee_date, cast(sum(effort) as bigint) as day_effort, max(month) as last_month
          from work group by practitioner_key, fee_date
        )"""
