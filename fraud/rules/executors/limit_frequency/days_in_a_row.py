"""The same drug bought by one person day after day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine import quoted_list
from features.vocabulary.care import BOXED_DRUGS
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# Runs that began more than a month before are known from their last month on.
_BACK_DAYS = 31


@dataclass(frozen=True)
class DaysInARow:
    """Purchases of one person and drug on so many days in a row, over all providers, but for the first of the run.

    What one provider hands out of one prescription day after day is one purchase, on the first of these days. Days of
    months before violate where the run has so many days only now. Aliases for exemptions: `l`, the line; `s`, its
    settlement.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that count as a purchase.
    least_days : str
        Parameter: days that make a run.
    """

    family: ClassVar[str] = "limit_frequency"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_days", Unit("day", "days", "天")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": LINE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    least_days: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The days."""
        return (self.least_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_days` are the days of the run up to the month's end."""
        least = values[self.least_days]
        return f"""
        with bought as (
          select l.settlement_key, l.line_number, l.month, l.person_key, l.item_key, l.fee_date, l.in_scope,
            l.prescription_key,
            min(l.fee_date) over (
              partition by l.person_key, l.item_key, l.prescription_key, l.provider_key
            ) as filled_date
          from rule_lines l join rule_settlements s on s.settlement_key = l.settlement_key
          where l.item_type in {quoted_list(BOXED_DRUGS)} and s.encounter_type in {quoted_list(self.encounter_types)}
            and l.fee_date >= (select min(fee_date) - {_BACK_DAYS} from rule_lines where month = '{month}')
            and not {lawful}
        ), whole as (
          select * from bought where prescription_key is null or fee_date = filled_date
        ), days as (
          select person_key, item_key, fee_date, min(month) as month,
            fee_date - cast(row_number() over (partition by person_key, item_key order by fee_date) as integer) as run
          from whole group by person_key, item_key, fee_date
        ), placed as (
          select *, row_number() over (partition by person_key, item_key, run order by fee_date) as place,
            count(*) over (partition by person_key, item_key, run) as n_days,
            count(*) filter (month < '{month}') over (partition by person_key, item_key, run) as n_before
          from days
        ), found as (
          select b.*, p.place, p.n_days, p.run, p.n_before
          from whole b
          join placed p on p.person_key = b.person_key and p.item_key = b.item_key and p.fee_date = b.fee_date
          where p.n_days >= {least}
        ), judged as (
          select f.*, f.place > 1 and (f.month = '{month}' or f.n_before < {least}) as is_violating from found f
        ), runs as (
          select *, bool_or(is_violating) over (partition by person_key, item_key, run) as has_violating from judged
        )
        select settlement_key, line_number, case when is_violating then 'violating' else 'involved' end as role,
          cast(null as bigint) as provider_key, person_key, cast(null as bigint) as practitioner_key,
          fee_date as service_date, in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
          n_days as most_days
        from runs where has_violating
        """
