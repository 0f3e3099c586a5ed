"""Drugs fetched again long before they are used up, time after time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.fills import FILL_ALIASES, fills_sql, judged_fills
from fraud.rules.relations.item_versions import check_items
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class EarlyRefill:
    """Days on which a drug was fetched before a share of the last fill's days had passed, from a number of times on.

    Fills of one day are one. So many early fills within the span make them all violate: the first ones in the month
    in which the last of them joins. Aliases for exemptions: `l`, the line, with `drug` and `days`; `s`, its
    settlement; `r`, the item's reference.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in which drugs are taken home.
    items : str
        Predicate over `r`: of which items it speaks.
    span_days, least_percent, times : str
        Parameters: the days within which early fills count together, the percentage of the last fill's days that has
        to pass, and from how many early fills on something is said.
    """

    family: ClassVar[str] = "limit_frequency"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_early_fills", Unit("early fill", "early fills", "次提前取药")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {**FILL_ALIASES, "s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    items: str
    span_days: str
    least_percent: str
    times: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)
        check_items("items", self.items)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The span, the percentage and the times."""
        return (self.span_days, self.least_percent, self.times)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_early_fills` are those of a drug within the span before one of them."""
        in_order = "partition by person_key, drug order by fee_date"
        gap = dialect.days_between(f"lag(fee_date) over ({in_order})", "fee_date")
        span, times = values[self.span_days], values[self.times]
        # Fills that an early one of the month joins may lie a span before it, and the fill before them earlier still.
        first_day = f"e.last_day - {2 * span}"
        named = f"f.joined_month <= '{month}' and '{month}' in (f.month, f.joined_month)"
        return f"""
        with {fills_sql(month, self.encounter_types, self.items, first_day, lawful)}
        , days as (
          select person_key, drug, fee_date, min(month) as month, cast(sum(days) as bigint) as day_days from fills
          group by person_key, drug, fee_date
        ), gaps as (
          select *, {gap} * 100 < lag(day_days) over ({in_order}) * {values[self.least_percent]} as is_early from days
        ), early_days as (
          select person_key, drug, fee_date, month,
                 count(*) over ({in_order} range between {span - 1} preceding and current row) as n_early,
                 max(month) over ({in_order} rows between {times - 1} preceding and current row) as complete_month
          from gaps where is_early
        ), joined as (
          -- An early day counts with the first run of so many that holds it, and from that run's last settlement on.
          select *, min(case when n_early >= {times} then complete_month end)
                      over ({in_order} rows between current row and {times - 1} following) as joined_month,
                 max(n_early) over (partition by person_key, drug) as most_early_fills
          from early_days
        ), early as (
          select f.*, j.joined_month, coalesce(j.most_early_fills, 0) as most_early_fills from fills f
          left join joined j on j.person_key = f.person_key and j.drug = f.drug and j.fee_date = f.fee_date
        ), judged as (
{judged_fills("early", ("most_early_fills",), "1", "1", named)}
        )
{hits_of_judged("judged", ("person_key", "drug"), ["most_early_fills"])}
        """
