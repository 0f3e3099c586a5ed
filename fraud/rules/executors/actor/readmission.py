"""One stay billed as two: the patient comes back soon, to the same hospital, and the care goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_choice, check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.care import principal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_SHOWN = ("diagnosis_code", "other_diagnosis_code", "has_new_operation", "is_same_provider")


@dataclass(frozen=True)
class Readmission:
    """Stays that follow another of the person at the same provider or its group within some days.

    Days that a stay without payment by the fund fills in between do not count. Aliases for exemptions: `s`, the later
    stay; `o`, the earlier; `e`, what the claims show of both: `diagnosis_code` and `other_diagnosis_code`, the
    principal ones; `has_new_operation`, the later stay has an operation on record; `is_same_provider`.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    diagnosis : str
        `same`: principal diagnoses agree in three characters, or DRG groups in all but the last, which tells
        complications apart (adjacent groups); `other`: neither agrees.
    within_days : str
        Parameter: days from discharge to admission.
    alike_percent : str
        Parameter: different items that both stays have, in a hundred of all that they have.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_days_between", Unit("day", "days", "天")),
        Measure("most_items_in_common", Unit("item", "items", "个项目")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "s": SETTLEMENT_COLUMNS,
        "o": SETTLEMENT_COLUMNS,
        "e": _SHOWN,
    }

    encounter_types: tuple[str, ...]
    diagnosis: str
    within_days: str
    alike_percent: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)
        check_choice("diagnosis", [self.diagnosis], ("same", "other"))

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Days and likeness."""
        return (self.within_days, self.alike_percent)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits, whole settlements: the later stay violates, the earlier is involved."""
        wanted = "e.is_same_illness" if self.diagnosis == "same" else "not e.is_same_illness"
        return f"""
        with {self._pairs(dialect, month, values)}
        , e as ({self._shown()}
        ), alike as (
          select p.settlement_key, p.other_key,
                 (select count(*) from items a join items b on b.item_key = a.item_key
                  where a.settlement_key = p.settlement_key and b.settlement_key = p.other_key) as n_common,
                 (select count(*) from items a where a.settlement_key = p.settlement_key) as n_items,
                 (select count(*) from items b where b.settlement_key = p.other_key) as n_other_items
          from pairs p
        ), found as (
          select s.settlement_key, o.settlement_key as other_key, s.provider_key, s.person_key, s.in_scope,
                 s.service_start_date, p.days_between, a.n_common
          from pairs p
          join e on e.settlement_key = p.settlement_key and e.other_key = p.other_key
          join alike a on a.settlement_key = p.settlement_key and a.other_key = p.other_key
          join stays s on s.settlement_key = p.settlement_key
          join stays o on o.settlement_key = p.other_key
          where {wanted}
            and a.n_common * 100 >= {values[self.alike_percent]} * (a.n_items + a.n_other_items - a.n_common)
            and not {lawful}
        )
        select settlement_key, cast(null as bigint) as line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, service_start_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, days_between as most_days_between,
               n_common as most_items_in_common
        from found
        union all
        select other_key, cast(null as bigint), 'involved', provider_key, person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0, 0
        from found
        """

    def _pairs(self, dialect: Dialect, month: str, values: Mapping[str, int]) -> str:
        """Return SQL of `stays`, and of `pairs`: each stay that the fund paid with the last one before it."""
        between = dialect.days_between("o.discharge_date", "s.admit_date")
        own_nights = dialect.days_between("u.admit_date", "u.discharge_date")
        return f"""
        stays as (
          select s.*, v.group_id, lag(s.settlement_key) over (
                   partition by s.person_key order by s.admit_date, s.settled_at, s.settlement_id) as before_key
          from rule_settlements s
          left join sound_providers v on v.provider_key = s.provider_key
          where s.encounter_type in {quoted_list(self.encounter_types)} and s.discharge_date >= s.admit_date
            and s.fund_paid > 0
        ), unpaid as (
          select * from rule_settlements
          where encounter_type in {quoted_list(self.encounter_types)} and fund_paid <= 0
            and discharge_date >= admit_date
        ), near as (
          select s.settlement_key, o.settlement_key as other_key, {between} as days_apart,
                 coalesce((select cast(sum({own_nights}) as bigint) from unpaid u
                           where u.person_key = s.person_key and u.provider_key = s.provider_key
                             and u.admit_date >= o.discharge_date and u.discharge_date <= s.admit_date), 0) as n_unpaid
          from stays s
          join stays o on o.settlement_key = s.before_key
          where s.month = '{month}' and s.admit_date >= o.discharge_date
            and (o.provider_key = s.provider_key or o.group_id = s.group_id)
        ), pairs as (
          select settlement_key, other_key, days_apart - n_unpaid as days_between from near
          where days_apart - n_unpaid <= {values[self.within_days]}
        ), both_stays as (
          select settlement_key from pairs union select other_key from pairs
        ), items as (
          select distinct l.settlement_key, l.item_key
          from rule_lines l where l.settlement_key in (select settlement_key from both_stays)
        ), diagnosed as ({principal("both_stays")}
        ), grouped as (
          select settlement_key, system, left(group_code, length(group_code) - 1) as adjacent
          from drg_assignments
          where system = 'drg' and settlement_key in (select settlement_key from both_stays)
        )"""

    @staticmethod
    def _shown() -> str:
        """Return SQL with one row per pair: what the claims show of both stays."""
        return """
          select p.settlement_key, p.other_key, a.diagnosis_code, b.diagnosis_code as other_diagnosis_code,
                 coalesce(left(a.diagnosis_code, 3) = left(b.diagnosis_code, 3), false)
                   or coalesce(ga.system = gb.system and ga.adjacent = gb.adjacent, false) as is_same_illness,
                 exists (select 1 from procedures q where q.settlement_key = p.settlement_key) as has_new_operation,
                 s.provider_key = o.provider_key as is_same_provider
          from pairs p
          join stays s on s.settlement_key = p.settlement_key
          join stays o on o.settlement_key = p.other_key
          join diagnosed a on a.settlement_key = p.settlement_key
          join diagnosed b on b.settlement_key = p.other_key
          left join grouped ga on ga.settlement_key = p.settlement_key
          left join grouped gb on gb.settlement_key = p.other_key
        """
