"""More days of a drug than the days in which it was got, with a reserve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.fills import FILL_ALIASES, IN_ORDER, fills_sql, judged_fills
from fraud.rules.relations.item_versions import check_items
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class Possession:
    """Fills of one person and drug whose days of supply, in a span of days, pass a percentage of the span.

    Aliases for exemptions: `l`, the line, with `drug` and `days`; `s`, its settlement; `r`, the item's reference.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in which drugs are taken home.
    items : str
        Predicate over `r`: of which items it speaks.
    span_days, most_percent : str
        Parameters: the span back from the month's last day, and supply in percent of it that is left in peace.
    """

    family: ClassVar[str] = "limit_quantity"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_days_supplied", Unit("day", "days", "天")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {**FILL_ALIASES, "s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    items: str
    span_days: str
    most_percent: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)
        check_items("items", self.items)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The span and the percentage."""
        return (self.span_days, self.most_percent)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_days_supplied` are the days of a drug in the span. What crosses violates by its excess.

        What a fill brings is still to be used: the fills before it too must be more than their days could use up.
        """
        span = values[self.span_days]
        most = span * values[self.most_percent] // 100
        percent = values[self.most_percent]
        elapsed = dialect.days_between("min(fee_date) over (partition by person_key, drug)", "fee_date")
        beyond = f"f.month = '{month}' and f.so_far > {most} and (f.so_far - f.days) * 100 > f.elapsed * {percent}"
        return f"""
        with {fills_sql(month, self.encounter_types, self.items, f"e.last_day - {span}", lawful)}
        , ordered as (
          select *,
                 cast(sum(days) over ({IN_ORDER} rows between unbounded preceding and current row) as bigint) as so_far,
                 cast(sum(days) over (partition by person_key, drug) as bigint) as most_days_supplied,
                 {elapsed} as elapsed
          from fills
        ), judged as (
{judged_fills("ordered", ("most_days_supplied",), f"least(f.so_far - {most}, f.days)", "f.days", beyond)}
        )
{hits_of_judged("judged", ("person_key", "drug"), ["most_days_supplied"])}
        """
