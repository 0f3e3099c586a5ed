"""Persons who reach the yearly ceiling in its last month, outside of hospital."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class AnnualCap:
    """Settlements of the year's last month that burn what was left under the ceiling.

    Aliases for exemptions: `s`, the settlement.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that a person can choose to have.
    cap_percent : str
        Parameter: paid in the year, in a hundred of the ceiling, from which it counts as reached.
    last_month_percent : str
        Parameter: paid in the last month for this care, in a hundred of what the year paid, above which it is burnt.
    last_month : str
        Parameter: month in which the benefit year ends.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_percent_of_cap", Unit("percent", "percent", "%")),
        Measure("most_percent_in_month", Unit("percent", "percent", "%")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    cap_percent: str
    last_month_percent: str
    last_month: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Shares, and when the year ends."""
        return (self.cap_percent, self.last_month_percent, self.last_month)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits, whole settlements of the month."""
        return f"""
        with reached as (
          select person_key, max(annual_paid_to_date_amount) as paid, max(annual_cap_amount) as cap
          from rule_settlements
          where month = '{month}' and right(month, 2) = lpad(cast({values[self.last_month]} as varchar), 2, '0')
            and annual_cap_amount > 0
          group by person_key
          having max(annual_paid_to_date_amount) * 100 >= {values[self.cap_percent]} * max(annual_cap_amount)
        ), chosen as (
          select s.* from rule_settlements s
          where s.month = '{month}' and s.encounter_type in {quoted_list(self.encounter_types)} and s.fund_paid > 0
            and s.person_key in (select person_key from reached) and not {lawful}
        ), burnt as (
          select c.person_key, cast(sum(c.fund_paid) * 100 // r.paid as bigint) as percent_in_month,
                 cast(r.paid * 100 // r.cap as bigint) as percent_of_cap
          from chosen c join reached r on r.person_key = c.person_key
          group by c.person_key, r.paid, r.cap
          having sum(c.fund_paid) * 100 > {values[self.last_month_percent]} * r.paid
        )
        select s.settlement_key, cast(null as bigint) as line_number, 'violating' as role, s.provider_key, s.person_key,
               cast(null as bigint) as practitioner_key, s.service_start_date as service_date, s.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, b.percent_of_cap as most_percent_of_cap,
               b.percent_in_month as most_percent_in_month
        from chosen s join burnt b on b.person_key = s.person_key
        """
