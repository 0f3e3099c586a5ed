"""More patients in a practitioner's day than any peer sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.pooled import is_pooled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_FEWEST_DAYS = 30  # days of peers below which nobody knows what is usual


@dataclass(frozen=True)
class Panel:
    """Settlements of a practitioner's day beyond what peers of the specialty see: Q3 + 3 x the quartiles' distance.

    Pooled identifiers, and who is alone at a provider, are left in peace. Aliases for exemptions, which take a
    settlement out of the count: `s`.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in which a patient is seen once.
    least_patients : str
        Parameter: patients in a day up to which nothing is said.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_patients_in_day", Unit("patient", "patients", "名参保人")),
        Measure("peer_patients", Unit("patient", "patients", "名参保人")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    least_patients: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The patients."""
        return (self.least_patients,)

    @property
    def together(self) -> tuple[str, ...]:
        """All claims of a month: peers bear on each other."""
        return ("month",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits: whole settlements of the month, each by the share of the day's patients beyond the peers'."""
        return f"""
        with visits as (
          select s.*, coalesce(d.specialty, '') as specialty
          from rule_settlements s
          left join sound_practitioners d on d.practitioner_key = s.attending_practitioner_key
          where s.month = '{month}' and s.encounter_type in {quoted_list(self.encounter_types)}
            and s.attending_practitioner_key is not null and s.service_start_date = s.service_end_date
            and not {lawful}
        ), days as (
          select attending_practitioner_key as practitioner_key, specialty, service_start_date as day,
                 count(distinct person_key) as n_patients
          from visits group by attending_practitioner_key, specialty, service_start_date
        ), usual as (
          select specialty, cast(ceil({dialect.quantile("n_patients", 0.75)} + 3 * (
                   {dialect.quantile("n_patients", 0.75)} - {dialect.quantile("n_patients", 0.25)})) as bigint) as most
          from days group by specialty having count(*) >= {_FEWEST_DAYS}
        ), alone as (
          select provider_key from visits group by provider_key
          having count(distinct attending_practitioner_key) = 1
        ), full_days as (
          select d.practitioner_key, d.day, d.n_patients, greatest(u.most, {values[self.least_patients]}) as n_lawful
          from days d join usual u on u.specialty = d.specialty
          where d.n_patients > greatest(u.most, {values[self.least_patients]})
            and not {is_pooled("d.practitioner_key")}
        )
        select v.settlement_key, cast(null as bigint) as line_number, 'violating' as role, v.provider_key,
               cast(null as bigint) as person_key, f.practitioner_key, v.service_start_date as service_date, v.in_scope,
               f.n_patients - f.n_lawful as part, f.n_patients as whole,
               f.n_patients as most_patients_in_day, f.n_lawful as peer_patients
        from visits v
        join full_days f on f.practitioner_key = v.attending_practitioner_key and f.day = v.service_start_date
        where v.provider_key not in (select provider_key from alone)
        """
