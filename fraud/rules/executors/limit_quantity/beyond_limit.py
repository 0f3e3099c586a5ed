"""Quantities that together pass a limit of the item: what lies beyond it violates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.in_force import is_in_force
from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS, may_share_day
from fraud.rules.relations.item_versions import (
    LARGEST_DAYS,
    LARGEST_QUANTITY,
    REFERENCE_COLUMNS,
    billed_items,
    check_items,
    item_versions,
)
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# A limit is one for the group, or every line adds its own to it.
_LIMITS = {
    "max_daily_quantity": ("r.max_daily_quantity", "max"),
    "max_fill_quantity": ("r.max_fill_quantity", "max"),
    "daily_dose": (
        f"r.max_daily_quantity * case when l.days_supply > 0 then least(l.days_supply, {LARGEST_DAYS}) end",
        "sum",
    ),
}
_UNIT = 10_000
# Fewer lines of a month are no habit: then what all providers bill is usual.
_HABIT = 5


@dataclass(frozen=True)
class BeyondLimit:
    """Equal lines whose quantities sum up beyond a limit, in the order in which they were settled and given.

    Aliases for exemptions: `l`, the line, with `group_quantity` of all its equals, and of the same item at the same
    provider in the month `usual_quantity` (median of a line), `item_lines` and `item_lines_beyond` (lines, and those
    that pass the limit alone); `s`, its settlement; `r`, the item's reference in force.

    Parameters
    ----------
    same : tuple of str
        Columns of `rule_lines` whose equals count together, `item_key` among them; two nulls agree.
    limit : str
        `max_daily_quantity`, `max_fill_quantity`, `daily_dose` (days of supply times the daily maximum), or the name
        of a parameter, in whole units.
    items : str
        Predicate over `r`: of which items it speaks.
    """

    family: ClassVar[str] = "limit_quantity"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_units", Unit("unit", "units", "个计价单位")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": (*LINE_COLUMNS, "group_quantity", "usual_quantity", "item_lines", "item_lines_beyond"),
        "s": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
    }

    same: tuple[str, ...]
    limit: str
    items: str

    def __post_init__(self) -> None:
        check_choice("same", self.same, LINE_COLUMNS)
        if "item_key" not in self.same:
            raise ValueError(f"same must name item_key; got {', '.join(self.same)}")
        check_items("items", self.items)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The limit, where it is no column of the reference."""
        return () if self.limit in _LIMITS else (self.limit,)

    @property
    def together(self) -> tuple[str, ...]:
        """Lines that count together."""
        return self.same

    def anchor(self, values: Mapping[str, int]) -> str:  # noqa: ARG002 - one signature for all executors
        """Return SQL of the items of which it speaks, with the column of the limit where it is one."""
        column = "max_daily_quantity" if self.limit == "daily_dose" else self.limit
        known = f"r.{column} is not null" if self.limit in _LIMITS else "true"
        return billed_items(f"({check_items('items', self.items)}) and {known}")

    def _of_month(self, month: str) -> str:
        """Leave out early what cannot count together with a line of the month."""
        if "settlement_key" in self.same:
            return f" and l.month = '{month}'"
        return f" and {may_share_day(month)}" if {"person_key", "fee_date"} <= set(self.same) else ""

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_units` are the units of a group. What crosses the limit violates by its excess."""
        if self.limit in _LIMITS:
            own_limit, together = _LIMITS[self.limit]
        else:
            own_limit, together = str(values[self.limit] * _UNIT), "max"
        columns = ", ".join(self.same)
        equal = " and ".join(f"g.{name} is not distinct from m.{name}" for name in self.same)
        of_group = ", ".join(f"w.{name}" for name in self.same)
        return f"""
        with versions as (
{item_versions()}
        ), measured as (
          select l.*, least(l.net_quantity, {LARGEST_QUANTITY}) as units, {own_limit} as own_limit
          from (
            select * from rule_lines l
            where l.fee_date >= (select min(fee_date) from rule_lines where month = '{month}'){self._of_month(month)}
          ) l
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where ({check_items("items", self.items)}) and {own_limit} is not null
        ), groups as (
          select {columns}, cast({together}(own_limit) as bigint) as group_limit,
                 cast(sum(units) as bigint) as group_quantity
          from measured
          group by {columns} having sum(units) > {together}(own_limit) and max(month) = '{month}'
        ), candidates as (
          select m.*, g.group_limit, g.group_quantity
          from measured m join groups g on {equal}
        ), {_habits(dialect, month)}
        ), known as (
          select c.*,
                 case when h.item_lines >= {_HABIT} then h.usual_quantity else e.usual_quantity end as usual_quantity,
                 h.item_lines, h.item_lines_beyond
          from candidates c
          left join habits h on h.item_key = c.item_key and h.provider_key = c.provider_key
          left join everywhere e on e.item_key = c.item_key
        ), work as (
          select l.*, s.settlement_id, s.settled_at
          from rule_settlements s
          join known l on l.settlement_key = s.settlement_key
          join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}
          where not {lawful}
        ), ordered as (
          select w.*, cast(sum(w.units) over (
                   partition by {of_group} order by w.month, w.fee_time, w.settled_at, w.settlement_id, w.line_number
                   rows between unbounded preceding and current row
                 ) as bigint) as units_so_far
          from work w
        ), judged as (
          select w.*, w.prescriber_key as practitioner_key, w.fee_date as service_date,
                 least(w.units_so_far - w.group_limit, w.units) as part, w.units as whole,
                 case when w.month = '{month}' and w.units_so_far > w.group_limit then 1 else 0 end as is_violating,
                 cast(floor(w.group_quantity / {_UNIT}) as bigint) as most_units
          from ordered w
        )
{hits_of_judged("judged", self.same, ["most_units"])}
        """


def _habits(dialect: Dialect, month: str) -> str:
    """Return CTEs of what is usual in the month, of the candidates' items: at a provider, and everywhere."""
    return f"""habits as (
          select m.provider_key, m.item_key, {dialect.quantile("m.units", 0.5)} as usual_quantity,
                 count(*) as item_lines,
                 count(case when m.units > m.own_limit then 1 end) as item_lines_beyond
          from measured m
          join (select distinct provider_key, item_key from candidates) c
            on c.item_key = m.item_key and c.provider_key = m.provider_key
          where m.month = '{month}'
          group by m.provider_key, m.item_key
        ), everywhere as (
          select m.item_key, {dialect.quantile("m.units", 0.5)} as usual_quantity
          from measured m
          join (select distinct item_key from candidates) c on c.item_key = m.item_key
          where m.month = '{month}'
          group by m.item_key"""
