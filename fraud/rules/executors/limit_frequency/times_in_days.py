"""An item on more days than a span of days may hold, per person and over all providers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import REFERENCE_COLUMNS, item_versions
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# How often, within how many days: columns of the reference, or a week.
_LIMITS = {
    "frequency_max_count": "frequency_window_days",
    "max_weekly_sessions": "7",
}


@dataclass(frozen=True)
class TimesInDays:
    """Days with an item, of one person and body site, of which one has too many within the span that ends on it.

    What is given twice on a day counts once: units of a day have a limit of their own. Aliases for exemptions: `l`,
    the line; `s`, its settlement; `r`, the item's reference in force.

    Parameters
    ----------
    limit : str
        `frequency_max_count` (in `frequency_window_days`) or `max_weekly_sessions` (in seven days).
    """

    family: ClassVar[str] = "limit_frequency"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_times", Unit("time", "times", "次")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
    }

    limit: str

    def __post_init__(self) -> None:
        check_choice("limit", [self.limit], _LIMITS)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """None: the reference says how often."""
        return ()

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_times` are the days within the span. The lines of a day beyond the limit violate whole."""
        most, span = f"r.{self.limit}", _LIMITS[self.limit]
        span = span if span.isdigit() else f"r.{span}"
        gap = dialect.days_between("i.fee_date", "d.fee_date")
        same_site = "{0}.body_site is not distinct from {1}.body_site".format
        return f"""
        with versions as (
{item_versions(f"{self.limit} > 0")}
        ), limited as (
          select l.*, {most} as most, {span} as span from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where {span} > 0
        ), asked as (
          select distinct person_key, item_key from limited where month = '{month}'
        ), kept as (
          select l.* from limited l
          join asked a on a.item_key = l.item_key and a.person_key = l.person_key
          join rule_settlements s on s.settlement_key = l.settlement_key
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where not {lawful}
        ), days as (
          select person_key, item_key, body_site, fee_date, max(most) as most, max(span) as span,
                 max(month) as last_month
          from kept group by person_key, item_key, body_site, fee_date
        ), counted as (
          select d.person_key, d.item_key, d.body_site, d.fee_date, d.most, d.span, count(*) as most_times
          from days d
          join days i on i.person_key = d.person_key and i.item_key = d.item_key and {same_site("i", "d")}
          where {gap} >= 0 and {gap} < d.span and d.last_month = '{month}'
          group by d.person_key, d.item_key, d.body_site, d.fee_date, d.most, d.span having count(*) > d.most
        ), judged as (
          select k.*, k.prescriber_key as practitioner_key, k.fee_date as service_date, 1 as part, 1 as whole,
                 coalesce(c.most_times, 0) as most_times,
                 case when c.most_times is not null and k.month = '{month}' then 1 else 0 end as is_violating
          from kept k
          join (select distinct person_key, item_key, body_site from counted) p
            on p.person_key = k.person_key and p.item_key = k.item_key and {same_site("p", "k")}
          left join counted c
            on c.person_key = k.person_key and c.item_key = k.item_key and {same_site("c", "k")}
           and c.fee_date = k.fee_date
        )
{hits_of_judged("judged", ("person_key", "item_key", "body_site"), ["most_times"])}
        """
