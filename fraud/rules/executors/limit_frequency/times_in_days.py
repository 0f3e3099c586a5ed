"""An item on more days than a span of days may hold, per person and over all providers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import REFERENCE_COLUMNS, billed_items, item_versions
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# How often, within how many days; and how often within more days than these. A session moved by a holiday, or made up
# for one that was missed, makes a week too full and no fortnight.
_FREQUENCY = ("r.frequency_max_count", "r.frequency_window_days")
_LIMITS = {
    "frequency_max_count": (_FREQUENCY, _FREQUENCY),
    "max_weekly_sessions": (("r.max_weekly_sessions", "7"), ("2 * r.max_weekly_sessions", "14")),
}


_same_site = "{0}.body_site is not distinct from {1}.body_site".format


@dataclass(frozen=True)
class TimesInDays:
    """Days with an item, of one person and body site, beyond so many within the span that ends on them.

    Days are taken in their order, and a day beyond is none of those that later ones are counted with: one session too
    many is one, not all that follow it. What is given twice on a day counts once: units of a day have a limit of their
    own. Aliases for exemptions: `l`, the line; `s`, its settlement; `r`, the item's reference in force.

    Parameters
    ----------
    limit : str
        `frequency_max_count` (in `frequency_window_days`) or `max_weekly_sessions` (in seven days, and
        twice that in fourteen).
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

    def anchor(self, values: Mapping[str, int]) -> str:  # noqa: ARG002 - one signature for all executors
        """Return SQL of the items that carry the limit."""
        return billed_items(f"r.{self.limit} > 0")

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_times` are all days of the shorter span. Lines of a day beyond the limit violate whole."""
        (most, span), (long_most, long_span) = _LIMITS[self.limit]
        gap = dialect.days_between("i.fee_date", "d.fee_date")
        return f"""
        with recursive versions as (
{item_versions(f"{self.limit} > 0")}
        ), limited as (
          select l.*, {most} as most, {span} as span, {long_most} as long_most, {long_span} as long_span
          from rule_lines l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where {span} > 0
        ), asked as (
          select distinct person_key, item_key from limited where month = '{month}'
        ), known as (
          select l.* from limited l join asked a on a.item_key = l.item_key and a.person_key = l.person_key
        ), kept as (
          select l.* from rule_settlements s
          join known l on l.settlement_key = s.settlement_key
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where not {lawful}
        ), days as (
          select person_key, item_key, body_site, fee_date, max(most) as most, max(span) as span,
                 max(long_most) as long_most, max(long_span) as long_span, max(month) as last_month
          from kept group by person_key, item_key, body_site, fee_date
        ), counted as (
          select d.person_key, d.item_key, d.body_site, d.fee_date, d.most, d.span, count(*) as most_times
          from days d
          join days i on i.person_key = d.person_key and i.item_key = d.item_key and {_same_site("i", "d")}
          where {gap} >= 0 and {gap} < d.span and d.last_month = '{month}'
          group by d.person_key, d.item_key, d.body_site, d.fee_date, d.most, d.span having count(*) > d.most
        ), {_walked(dialect)}
        ), judged as (
          select k.*, k.prescriber_key as practitioner_key, k.fee_date as service_date, 1 as part, 1 as whole,
                 coalesce(c.most_times, 0) as most_times,
                 case when w.is_beyond and c.most_times is not null and k.month = '{month}' then 1 else 0 end
                   as is_violating
          from kept k
          join walked w on w.person_key = k.person_key and w.item_key = k.item_key and {_same_site("w", "k")}
           and w.fee_date = k.fee_date
          left join counted c
            on c.person_key = k.person_key and c.item_key = k.item_key and {_same_site("c", "k")}
           and c.fee_date = k.fee_date
        )
{hits_of_judged("judged", ("person_key", "item_key", "body_site"), ["most_times"])}
        """


def _walked(dialect: Dialect) -> str:
    """Return CTEs that end in `walked`: the days of who has too many, in their order, and whether each is beyond."""
    day = dialect.days_between("cast('2000-01-01' as date)", "d.fee_date")
    return f"""crowded as (
          select distinct person_key, item_key, body_site from counted
        ), in_order as (
          select d.*, {day} as day, row_number() over (
                   partition by d.person_key, d.item_key, d.body_site order by d.fee_date) as place
          from days d
          join crowded c on c.person_key = d.person_key and c.item_key = d.item_key and {_same_site("c", "d")}
        ), walked as (
          select person_key, item_key, body_site, fee_date, place, false as is_beyond, [day] as paid
          from in_order where place = 1
          union all
          select person_key, item_key, body_site, fee_date, place, is_full as is_beyond,
                 case when is_full then known else list_append(known, day) end as paid
          from (
            select d.*, list_filter(w.paid, lambda x: d.day - x < d.long_span) as known,
                   len(list_filter(w.paid, lambda x: d.day - x < d.span)) >= d.most
                     and len(list_filter(w.paid, lambda x: d.day - x < d.long_span)) >= d.long_most as is_full
            from walked w
            join in_order d on d.person_key = w.person_key and d.item_key = w.item_key and {_same_site("d", "w")}
             and d.place = w.place + 1
          ) n"""
