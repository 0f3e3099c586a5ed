"""Daily or hourly items of a stay, beyond what its days can hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims import TABLES
from features.claims.in_force import is_in_force
from fraud.rules.declare.executor import check_choice, check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.item_versions import (
    LARGEST_QUANTITY,
    REFERENCE_COLUMNS,
    billed_items,
    item_versions,
    with_version,
)
from fraud.rules.relations.judged import hits_of_judged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_UNIT = 10_000


@dataclass(frozen=True)
class StayUnits:
    """Units of one item in one stay beyond its calendar days, from the day of admission to that of discharge.

    Settlements of one encounter are one stay. Aliases for exemptions: `l`, the line, with
    `least_quantity` of the item on a line of the stay; `s`, its settlement; `r`, its item in the version of the day.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    charge_categories : tuple of str
        Charge groups whose items are given once a day; `hourly` for items priced by the hour instead.
    units_per_day : str
        Parameter: units that a day can hold.
    """

    family: ClassVar[str] = "limit_quantity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_units", Unit("unit", "units", "个计价单位")),
        Measure("most_stay_days", Unit("day", "days", "天")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": (*LINE_COLUMNS, "least_quantity"),
        "s": SETTLEMENT_COLUMNS,
        "r": REFERENCE_COLUMNS,
    }

    encounter_types: tuple[str, ...]
    charge_categories: tuple[str, ...]
    units_per_day: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)
        known = (*TABLES["claim_lines"].by_name["charge_category"].values, "hourly")
        check_choice("charge_categories", self.charge_categories, known)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The units that a day can hold."""
        return (self.units_per_day,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def anchor(self, values: Mapping[str, int]) -> str:  # noqa: ARG002 - one signature for all executors
        """Return SQL of the items that carry the limit."""
        return billed_items("r.is_hourly")

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_units` and `most_stay_days` are those of a stay.

        What comes second on a day passes the stay's days before what comes first; the line that crosses them violates
        by its excess.
        """
        kinds = ", ".join(f"'{kind}'" for kind in self.encounter_types)
        days = dialect.days_between("min(s.admit_date)", "max(s.discharge_date)")
        if "hourly" in self.charge_categories:
            which = f"""join versions r on r.item_key = l.item_key and {is_in_force("r", "l.fee_date")}"""
        else:
            categories = ", ".join(f"'{category}'" for category in self.charge_categories)
            which = f"where l.charge_category in ({categories})"
        return f"""
        with versions as (
{item_versions("is_hourly")}
        ), stays as (
          select s.*, coalesce(s.encounter_id, s.settlement_id) as stay from rule_settlements s
          where s.encounter_type in ({kinds}) and s.discharge_date >= s.admit_date
        ), whole as (
          select person_key, provider_key, stay, {days} + 1 as stay_days
          from stays s group by person_key, provider_key, stay having max(month) = '{month}'
        ), found as (
          select l.*, s.stay, w.stay_days, least(l.net_quantity, {LARGEST_QUANTITY}) as units,
                 w.stay_days * {values[self.units_per_day] * _UNIT} as most,
                 min(l.net_quantity) over (
                   partition by s.person_key, s.provider_key, s.stay, l.item_key) as least_quantity
          from rule_lines l
          join stays s on s.settlement_key = l.settlement_key
          join whole w on w.person_key = s.person_key and w.provider_key = s.provider_key and w.stay = s.stay
          {which}
        ), given as (
          select l.*, s.settlement_id, row_number() over (
                   partition by l.person_key, l.provider_key, l.stay, l.item_key, l.fee_date
                   order by l.month, l.fee_time, s.settlement_id, l.line_number) as place_in_day
          from found l
          join stays s on s.settlement_key = l.settlement_key
          {with_version()}
          where not {lawful}
        ), ordered as (
          select *, cast(sum(units) over (
                   partition by person_key, provider_key, stay, item_key
                   order by place_in_day, month, fee_time, settlement_id, line_number
                   rows between unbounded preceding and current row
                 ) as bigint) as units_so_far,
                 cast(sum(units) over (partition by person_key, provider_key, stay, item_key) as bigint) as all_units
          from given
        ), judged as (
          select *, prescriber_key as practitioner_key, fee_date as service_date,
                 least(units_so_far - most, units) as part, units as whole,
                 case when month = '{month}' and units_so_far > most then 1 else 0 end as is_violating,
                 cast(floor(all_units / {_UNIT}) as bigint) as most_units, stay_days as most_stay_days
          from ordered where all_units > most
        )
{hits_of_judged("judged", ("person_key", "provider_key", "stay", "item_key"), ["most_units", "most_stay_days"])}
        """
