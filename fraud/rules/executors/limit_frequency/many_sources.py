"""One drug fetched from one source after the other while what the others gave still lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.fills import BEFORE, FILL_ALIASES, IN_ORDER, fills_sql, judged_fills
from fraud.rules.relations.item_versions import check_items
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class ManySources:
    """Fills of one person and drug at several providers or departments, got with too many days still in hand.

    Aliases for exemptions: `l`, the line, with `drug` and `days`; `s`, its settlement; `r`, the item's reference.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in which drugs are taken home.
    items : str
        Predicate over `r`: of which items it speaks.
    span_days, least_sources, days_in_hand, most_days, times : str
        Parameters: the span back from the month's last day, from how many providers or departments on something is
        said, how many days in hand a fill may find, for how many days they may give together, and from how many such
        fills on: an illness of some weeks is treated where the person happens to be.
    """

    family: ClassVar[str] = "limit_frequency"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_sources", Unit("provider or department", "providers or departments", "家机构或科室")),
        Measure("most_days_in_hand", Unit("day", "days", "天")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {**FILL_ALIASES, "s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    items: str
    span_days: str
    least_sources: str
    days_in_hand: str
    most_days: str
    times: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)
        check_items("items", self.items)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The span, the sources, the days in hand, the days together and the times."""
        return (self.span_days, self.least_sources, self.days_in_hand, self.most_days, self.times)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_days_in_hand` are the days in hand that a fill found.

        Sources count whose supplies follow each other without a day that none covers. A fill from another source than
        the one before, before half of that was used, violates; the first ones in the month in which there are enough.
        """
        first_day = f"e.last_day - {values[self.span_days]}"
        day = dialect.days_between("cast('2000-01-01' as date)", "fee_date")
        gap = dialect.days_between(f"lag(fee_date) over ({IN_ORDER})", "fee_date")
        in_chain = "partition by person_key, drug, chain order by fee_date, month, settlement_id"
        enough = f"""n_sources >= {values[self.least_sources]} and n_days > {values[self.most_days]}
                     and n_changes >= {values[self.times]}"""
        named = f"f.is_change and f.enough_month <= '{month}' and '{month}' in (f.month, f.enough_month)"
        return f"""
        with {fills_sql(month, self.encounter_types, self.items, first_day, lawful)}
        , supplied as (
          select *, {day} as day, coalesce(sum(days) over ({BEFORE}), 0) as supplied_before,
                 cast(provider_key as varchar) || '/' || department as source
          from fills
        ), used as (
          select *, max(day - supplied_before) over ({BEFORE}) + supplied_before - day as in_hand,
                 lag(source) over ({IN_ORDER}) as last_source, ({gap}) * 2 < lag(days) over ({IN_ORDER}) as is_early
          from supplied
        ), chained as (
          select *, sum(case when in_hand > 0 then 0 else 1 end) over ({IN_ORDER}) as chain,
                 coalesce(is_early and in_hand > {values[self.days_in_hand]} and source <> last_source, false)
                   as is_change
          from used
        ), marked as (
          select *, row_number() over (partition by person_key, drug, chain, source
                                       order by fee_date, month, settlement_id) as turn
          from chained
        ), counted as (
          select *, sum(days) over ({in_chain}) as n_days, max(month) over ({in_chain}) as complete_month,
                 sum(case when is_change then 1 else 0 end) over ({in_chain}) as n_changes,
                 cast(sum(case when turn = 1 then 1 else 0 end) over ({in_chain}) as bigint) as n_sources
          from marked
        ), told as (
          select *, min(case when {enough} then complete_month end)
                   over (partition by person_key, drug, chain) as enough_month,
                 max(n_sources) over (partition by person_key, drug, chain) as most_sources,
                 coalesce(cast(in_hand as bigint), 0) as most_days_in_hand
          from counted
        ), judged as (
{judged_fills("told", ("most_sources", "most_days_in_hand", "chain"), "1", "1", named)}
        )
{hits_of_judged("judged", ("person_key", "drug", "chain"), ["most_sources", "most_days_in_hand"])}
        """
