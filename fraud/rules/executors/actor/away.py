"""Persons with much care far from where they are insured, and neither filing nor referral."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_MINOR = 100  # minor units of a unit of currency
_PREFECTURE = 4  # digits of a division that name the prefecture


@dataclass(frozen=True)
class Away:
    """Settlements in another prefecture than the insured's: many of the window's, and much money.

    Aliases for exemptions, which take a settlement out of the count: `s`.

    Parameters
    ----------
    least_visits : str
        Parameter: settlements in the window from which a person is named.
    most_money : str
        Parameter: in-scope amount of the window, in units of currency, up to which nothing is said.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_visits_away", Unit("visit", "visits", "次就诊")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    least_visits: str
    most_money: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Visits and money."""
        return (self.least_visits, self.most_money)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits, whole settlements: those of the month violate, the earlier ones are involved."""
        return f"""
        with far as (
          select s.* from rule_settlements s
          where left(s.insured_region_code, {_PREFECTURE}) <> left(s.care_region_code, {_PREFECTURE})
            and not {lawful}
        ), often as (
          select person_key, count(*) as n_visits from far group by person_key
          having count(*) >= {values[self.least_visits]} and max(month) = '{month}'
            and sum(in_scope) > {values[self.most_money]} * {_MINOR}
        )
        select s.settlement_key, cast(null as bigint) as line_number,
               case when s.month = '{month}' then 'violating' else 'involved' end as role,
               s.provider_key, s.person_key, cast(null as bigint) as practitioner_key,
               s.service_start_date as service_date, s.in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
               o.n_visits as most_visits_away
        from far s join often o on o.person_key = s.person_key
        """
