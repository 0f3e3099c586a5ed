"""Persons who lie in one hospital after the other, for the same illness, and pay next to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.care import principal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class Rotation:
    """Persons with many stays of one diagnosis (three characters) at several providers, days apart.

    All stays of the window count that no exemption takes out; it may be shorter than a year. A round is known by what
    it has become: in the month that completes it all its stays violate, those of earlier months with them, and from
    then on those of each month. A round that pauses, so that what made it known lies before the window, is completed
    anew by its return; what was named then is not named again. Aliases for exemptions: `s`, a stay; `e`, its
    `diagnosis_code`.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    least_stays, least_providers : str
        Parameters: from how many the person is named.
    most_days_between : str
        Parameter: the median of days from discharge to the next admission lies below.
    own_percent : str
        Parameter: what the person paid, account included, in a hundred of what was billed, lies below.
    """

    family: ClassVar[str] = "actor"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_stays", Unit("stay", "stays", "次住院")),
        Measure("most_stay_providers", Unit("provider", "providers", "家机构")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "s": SETTLEMENT_COLUMNS,
        "e": ("settlement_key", "diagnosis_code"),
    }

    encounter_types: tuple[str, ...]
    least_stays: str
    least_providers: str
    most_days_between: str
    own_percent: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Stays, providers, days, share."""
        return (self.least_stays, self.least_providers, self.most_days_between, self.own_percent)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits: whole settlements; earlier ones of a round that was known before the month are involved."""
        earlier = f"filter (where month < '{month}')"
        return f"""
        with often as (
          select person_key from rule_settlements
          where encounter_type in {quoted_list(self.encounter_types)} and discharge_date >= admit_date
          group by person_key
          having count(*) >= {values[self.least_stays]} and max(month) = '{month}'
        ), candidates as (
          select s.* from rule_settlements s
          where s.encounter_type in {quoted_list(self.encounter_types)} and s.discharge_date >= s.admit_date
            and s.person_key in (select person_key from often)
        ), diagnosed as ({principal("candidates")}
        ), stays as (
          select s.*, left(e.diagnosis_code, 3) as illness,
                 lag(s.discharge_date) over (
                   partition by s.person_key, left(e.diagnosis_code, 3)
                   order by s.admit_date, s.settlement_id) as before_date
          from candidates s
          join diagnosed e on e.settlement_key = s.settlement_key
          where not {lawful}
        ), rotating as (
          select person_key, illness, count(*) as n_stays, count(distinct provider_key) as n_providers,
                 coalesce({self._is_round(dialect, values, earlier)}, false) as is_known
          from stays
          group by person_key, illness
          having max(month) = '{month}' and {self._is_round(dialect, values)}
        )
        select s.settlement_key, cast(null as bigint) as line_number,
               case when s.month = '{month}' or not r.is_known then 'violating' else 'involved' end as role,
               s.provider_key, s.person_key, cast(null as bigint) as practitioner_key,
               s.service_start_date as service_date, s.in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
               r.n_stays as most_stays, r.n_providers as most_stay_providers
        from stays s
        join rotating r on r.person_key = s.person_key and r.illness = s.illness
        """

    def _is_round(self, dialect: Dialect, values: Mapping[str, int], which: str = "") -> str:
        """Return the condition that a group of `stays` is a round, of those only that a filter leaves."""
        gap = dialect.days_between("before_date", "admit_date")
        return f"""(count(*) {which} >= {values[self.least_stays]}
            and count(distinct provider_key) {which} >= {values[self.least_providers]}
            and median({gap}) {which} < {values[self.most_days_between]}
            and sum(total_amount - fund_paid) {which} * 100 < {values[self.own_percent]} * sum(total_amount) {which})"""
