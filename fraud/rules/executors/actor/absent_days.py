"""Stays that bill a bed on days on which nobody cared for the patient: the bed is held, the patient is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.care import ward_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# A ward whose stays nearly all look empty posts its care in another way, if a night of theirs costs what it does
# elsewhere: so many in a hundred of so many stays, and so much of the usual night.
_WARD_PERCENT, _WARD_STAYS, _NIGHT_PERCENT = 80, 5, 50
# A stay bills day by day where at least four of five of its days carry a line.
_DAILY_PERCENT = 80


@dataclass(frozen=True)
class AbsentDays:
    """Stays whose days without care at the bedside are more than a share of their nights.

    Only stays that bill day by day are judged: where care is posted in a batch, an empty day means nothing, nor does it
    where nearly all stays of the provider look empty and a night of theirs costs half of the usual or more. Aliases
    for exemptions: `s`, the stay; `d`, one of its empty days, never the first or the last, with `day`, `is_weekend`
    and `is_elsewhere` (the patient has a claim elsewhere).

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    least_nights : str
        Parameter: shorter stays are left in peace.
    empty_percent : str
        Parameter: empty days in a hundred nights of the stay, up to which nothing is said.
    few_days : str
        Parameter: days with care, up to which the whole stay violates.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_empty_days", Unit("day", "days", "天")),
        Measure("most_days_elsewhere", Unit("day", "days", "天")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "s": SETTLEMENT_COLUMNS,
        "d": ("settlement_key", "day", "is_weekend", "is_elsewhere"),
    }

    encounter_types: tuple[str, ...]
    least_nights: str
    empty_percent: str
    few_days: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Length, share and days."""
        return (self.least_nights, self.empty_percent, self.few_days)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider; what its patients have elsewhere is read from all of the window."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_empty_days` and `most_days_elsewhere` are those of one stay.

        Where the empty days come last, their lines violate. All lines of the stay do where care goes on after an empty
        day (the patient came and went) and where there was care on few days only: no bed was needed. Claims of the
        patient elsewhere on empty days are involved.
        """
        nights = dialect.days_between("admit_date", "discharge_date")
        return f"""
        with stays as (
          select *, {nights} as nights from rule_settlements
          where month = '{month}' and encounter_type in {quoted_list(self.encounter_types)} and is_dated
            and {nights} >= {values[self.least_nights]}
        ), ward as ({ward_days("stays")}
        ), counted as (
          select s.settlement_key, s.provider_key, s.nights, s.total_amount / s.nights as a_night,
                 count(w.fee_date) filter (w.fee_date < s.discharge_date) as n_billed,
                 count(w.fee_date) filter (
                   w.is_cared = 1 and w.fee_date > s.admit_date and w.fee_date < s.discharge_date) as n_cared,
                 count(w.fee_date) filter (w.is_cared = 1 and w.fee_date < s.discharge_date) as n_days_of_care,
                 max(w.fee_date) filter (w.is_cared = 1 and w.fee_date < s.discharge_date) as last_cared
          from ward w join stays s on s.settlement_key = w.settlement_key
          group by s.settlement_key, s.provider_key, s.nights, s.total_amount
        ), looking_empty as (
          select *, (nights - 1 - n_cared) * 100 > {values[self.empty_percent]} * nights as is_empty from counted
        ), usual as (
          select median(total_amount / {nights}) as a_night from window_settlements
          where month = '{month}' and encounter_type in {quoted_list(self.encounter_types)} and {nights} > 0
        ), habits as (
          select c.provider_key from looking_empty c cross join usual u
          group by c.provider_key, u.a_night
          having count(*) >= {_WARD_STAYS}
             and count(*) filter (c.is_empty) * 100 >= {_WARD_PERCENT} * count(*)
             and median(c.a_night) filter (c.is_empty) * 100 >= {_NIGHT_PERCENT} * u.a_night
        ), candidates as (
          select s.*, c.last_cared, c.n_days_of_care
          from looking_empty c
          join stays s on s.settlement_key = c.settlement_key
          where c.is_empty and c.n_billed * 100 >= {_DAILY_PERCENT} * c.nights
            and c.provider_key not in (select provider_key from habits)
        ), {self._empty_days(dialect, values, lawful)}
        , named as (
          select l.settlement_key, l.line_number, l.provider_key, l.person_key, l.fee_date, l.in_scope,
                 h.n_empty, h.n_elsewhere
          from rule_lines l
          join held h on h.settlement_key = l.settlement_key
          where h.first_empty < h.last_cared or h.n_days_of_care <= {values[self.few_days]}
             or exists (select 1 from empty_days e
                        where e.settlement_key = l.settlement_key and e.day = l.fee_date)
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, fee_date as service_date, in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole,
               n_empty as most_empty_days, n_elsewhere as most_days_elsewhere
        from named
        union all
        select distinct o.settlement_key, cast(null as bigint), 'involved', h.provider_key, h.person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0, 0
        from outside o
        join empty_days d on d.settlement_key = o.stay_key and d.day = o.day
        join held h on h.settlement_key = o.stay_key
        """

    def _empty_days(self, dialect: Dialect, values: Mapping[str, int], lawful: str) -> str:
        """Return SQL of `outside`, `empty_days` and `held`: the stays that stay empty beyond what is lawful."""
        return f"""
        outside as (
          select o.settlement_key, s.settlement_key as stay_key, o.service_start_date as day
          from window_settlements o
          join candidates s on s.person_key = o.person_key
          where o.provider_key <> s.provider_key and o.service_start_date = o.service_end_date
            and o.encounter_type not in {quoted_list(self.encounter_types)}
            and o.service_start_date > s.admit_date and o.service_start_date < s.discharge_date
        ), all_days as (
          select s.settlement_key, cast(g.moment as date) as day
          from (
            select settlement_key, unnest(generate_series(
              cast(admit_date as timestamp) + interval 1 day,
              cast(discharge_date as timestamp) - interval 1 day, interval 1 day)) as moment
            from candidates
          ) g join candidates s on s.settlement_key = g.settlement_key
        ), unseen as (
          select a.settlement_key, a.day, {dialect.weekday("a.day")} in (6, 7) as is_weekend,
                 o.day is not null as is_elsewhere
          from all_days a
          left join ward w on w.settlement_key = a.settlement_key and w.fee_date = a.day and w.is_cared = 1
          left join (select distinct stay_key, day from outside) o on o.stay_key = a.settlement_key and o.day = a.day
          where w.settlement_key is null
        ), empty_days as (
          select d.* from unseen d join candidates s on s.settlement_key = d.settlement_key where not {lawful}
        ), held as (
          select s.settlement_key, s.provider_key, s.person_key, s.last_cared, s.n_days_of_care,
                 count(*) as n_empty,
                 count(*) filter (d.is_elsewhere) as n_elsewhere, min(d.day) as first_empty
          from empty_days d join candidates s on s.settlement_key = d.settlement_key
          group by s.settlement_key, s.provider_key, s.person_key, s.last_cared, s.n_days_of_care, s.nights
          having count(*) * 100 > {values[self.empty_percent]} * s.nights
        )"""
