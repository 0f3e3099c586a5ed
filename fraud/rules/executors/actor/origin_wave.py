"""Stays of people of one distant township who come to one hospital within days, as if by bus."""

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
class OriginWave:
    """Stays of many persons of one township of another region, admitted at one provider within some days.

    Aliases for exemptions, which take a stay out of the count: `s`.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    within_days : str
        Parameter: days from the first to the last of these admissions.
    least_persons : str
        Parameter: from how many persons they are a wave.
    share_percent : str
        Parameter: least share of the township in those who came in the same days from all townships of other regions.
        Where people come from everywhere, as to a crowded hospital, nobody fetched them from one place.
    usual_percent : str
        Parameter: stays of the township at the provider outside of the wave, in a hundred of those within it, from
        which people from there are its usual patients.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_persons_in_wave", Unit("person", "persons", "人")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    within_days: str
    least_persons: str
    share_percent: str
    usual_percent: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Days, persons, share of those who came, share of usual stays."""
        return (self.within_days, self.least_persons, self.share_percent, self.usual_percent)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits, whole settlements: those of the month violate, others of the wave are involved.

        A wave belongs to the months in which one of its stays was settled.
        """
        apart = dialect.days_between("a.admit_date", "b.admit_date")
        since = dialect.days_between("g.first_day", "o.admit_date")
        return f"""
        with origin as (
          select s.*, p.township_code
          from rule_settlements s
          join sound_persons p on p.person_key = s.person_key
          join sound_providers v on v.provider_key = s.provider_key
          where s.encounter_type in {quoted_list(self.encounter_types)} and s.admit_date is not null
            and p.township_code is not null and p.home_region_code <> v.region_code
        ), stays as (
          select s.* from origin s where not {lawful}
        ), flows as (
          select provider_key, township_code, count(*) as n_stays from origin
          group by provider_key, township_code having max(month) = '{month}'
        ), gathered as (
          select a.provider_key, a.township_code, a.admit_date as first_day, count(distinct b.person_key) as n_persons
          from (select distinct provider_key, township_code, admit_date from stays) a
          join stays b on b.provider_key = a.provider_key and b.township_code = a.township_code
           and {apart} between 0 and {values[self.within_days]} - 1
          group by a.provider_key, a.township_code, a.admit_date
          having count(distinct b.person_key) >= {values[self.least_persons]}
        ), begun as (
          select g.provider_key, g.township_code, g.first_day, g.n_persons
          from gathered g
          join stays o on o.provider_key = g.provider_key and {since} between 0 and {values[self.within_days]} - 1
          group by g.provider_key, g.township_code, g.first_day, g.n_persons
          having g.n_persons * 100 >= {values[self.share_percent]} * count(distinct o.person_key)
        ), waves as (
          select a.settlement_key, max(b.n_persons) as n_persons
          from begun b
          join flows f on f.provider_key = b.provider_key and f.township_code = b.township_code
          join stays a on a.provider_key = b.provider_key and a.township_code = b.township_code
           and {dialect.days_between("b.first_day", "a.admit_date")} between 0 and {values[self.within_days]} - 1
          group by a.settlement_key, a.provider_key, a.township_code
        ), kept as (
          select w.* from waves w
          join stays s on s.settlement_key = w.settlement_key
          join (
            select s.provider_key, s.township_code, count(*) as n_waved
            from waves w join stays s on s.settlement_key = w.settlement_key group by s.provider_key, s.township_code
          ) t on t.provider_key = s.provider_key and t.township_code = s.township_code
          join flows f on f.provider_key = s.provider_key and f.township_code = s.township_code
          where (f.n_stays - t.n_waved) * 100 < {values[self.usual_percent]} * t.n_waved
        )
        select s.settlement_key, cast(null as bigint) as line_number,
               case when s.month = '{month}' then 'violating' else 'involved' end as role,
               s.provider_key, s.person_key, s.attending_practitioner_key as practitioner_key,
               s.service_start_date as service_date, s.in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
               k.n_persons as most_persons_in_wave
        from stays s join kept k on k.settlement_key = s.settlement_key
        """
