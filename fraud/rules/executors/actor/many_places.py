"""Persons for whom drugs are fetched at several places on one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_choice, check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.care import REFILL_DAYS, is_body_bound, is_drug
from fraud.rules.relations.prescribed import AS_WRITTEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_PLACES = {"provider": "coalesce(v.group_id, cast(s.provider_key as varchar))", "region": "v.region_code"}


@dataclass(frozen=True)
class ManyPlaces:
    """Settlements of drugs and of nothing that needs the patient, at several places on one calendar day.

    Providers of one group are one place. Aliases for exemptions, which take a settlement out of the count: `s`, the
    settlement; `e`, what the claims show of it: `is_fill`, it fills a prescription that another provider wrote;
    `is_own_refill`, all its drugs the person had of this provider before, not so lately that half of them would be
    left, nor longer ago than twice the days that they last; and the `provider_type`.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that count.
    place : str
        What is counted: `provider` or `region`.
    least_places : str
        Parameter: how many on one day are many.
    least_days : str
        Parameter: from how many such days of the window the person is named.
    """

    family: ClassVar[str] = "actor"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_places", Unit("place", "places", "处")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "s": SETTLEMENT_COLUMNS,
        "e": ("settlement_key", "is_fill", "is_own_refill", "provider_type"),
    }

    encounter_types: tuple[str, ...]
    place: str
    least_places: str
    least_days: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)
        check_choice("place", [self.place], _PLACES)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Places and days."""
        return (self.least_places, self.least_days)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits, whole settlements: all of the day, for none of them tells that the person came for it.

        Days of earlier months violate in the month in which they become enough; afterwards they are involved.
        """
        least, days = values[self.least_places], values[self.least_days]
        return f"""
        with recent as (
          select distinct person_key from rule_settlements where month = '{month}'
        ), days as (
          select person_key, service_start_date as day from rule_settlements
          where person_key in (select person_key from recent)
            and encounter_type in {quoted_list(self.encounter_types)} and service_start_date = service_end_date
          group by person_key, service_start_date
          having count(distinct provider_key) >= {least}
        ), visits as (
          select s.*, {_PLACES[self.place]} as place, v.provider_type
          from rule_settlements s
          join days d on d.person_key = s.person_key and d.day = s.service_start_date
          join sound_providers v on v.provider_key = s.provider_key
          where s.encounter_type in {quoted_list(self.encounter_types)}
            and s.service_start_date = s.service_end_date
        ), {_own_refills(dialect)}
        ), baskets as (
          select l.settlement_key, max(case when {is_body_bound("l")} then 1 else 0 end) as needs_patient,
                 max(case when {is_drug("l")} then 1 else 0 end) as has_drug,
                 max(case when p.issuing_provider_key <> l.provider_key then 1 else 0 end) as is_fill
          from rule_lines l
          left join {AS_WRITTEN} p on p.prescription_key = l.prescription_key
          where l.settlement_key in (select settlement_key from visits)
          group by l.settlement_key
        ), counted as (
          select s.*
          from visits s
          join (
            select b.settlement_key, b.is_fill = 1 as is_fill, v.provider_type,
                   r.settlement_key is not null as is_own_refill
            from baskets b join visits v on v.settlement_key = b.settlement_key
            left join own_refills r on r.settlement_key = b.settlement_key
            where b.needs_patient = 0 and b.has_drug = 1
          ) e on e.settlement_key = s.settlement_key
          where not {lawful}
        ), crowded as (
          select person_key, service_start_date, count(distinct place) as n_places, max(month) as last_month,
                 count(distinct case when month < '{month}' then place end) >= {least} as was_crowded
          from counted group by person_key, service_start_date
          having count(distinct place) >= {least}
        ), named as (
          select person_key, count(*) filter (was_crowded) >= {days} as is_known from crowded group by person_key
          having count(*) >= {days} and max(last_month) = '{month}'
        )
        select c.settlement_key, cast(null as bigint) as line_number,
               case when c.month < '{month}' and d.was_crowded and n.is_known then 'involved' else 'violating'
                    end as role,
               c.provider_key, c.person_key, cast(null as bigint) as practitioner_key,
               c.service_start_date as service_date, c.in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
               d.n_places as most_places
        from counted c
        join crowded d on d.person_key = c.person_key and d.service_start_date = c.service_start_date
        join named n on n.person_key = c.person_key
        """


def _own_refills(dialect: Dialect) -> str:
    """Return the CTEs up to `own_refills`, settlements of `visits` all of whose drugs were had there before in time."""
    ago = dialect.days_between("b.fee_date", "f.fee_date")
    return f"""
        fetched as (
          select l.settlement_key, l.person_key, l.provider_key, l.item_key, min(l.fee_date) as fee_date
          from rule_lines l
          where l.settlement_key in (select settlement_key from visits) and {is_drug("l")}
          group by l.settlement_key, l.person_key, l.provider_key, l.item_key
        ), refilled as (
          select distinct f.settlement_key, f.item_key
          from rule_lines b
          join fetched f on f.person_key = b.person_key and f.provider_key = b.provider_key and f.item_key = b.item_key
          where b.fee_date < f.fee_date and 2 * {ago} >= b.days_supply
            and {ago} <= least({REFILL_DAYS}, 2 * b.days_supply)
        ), own_refills as (
          select f.settlement_key from fetched f
          left join refilled r on r.settlement_key = f.settlement_key and r.item_key = f.item_key
          group by f.settlement_key having count(*) = count(r.item_key)"""
