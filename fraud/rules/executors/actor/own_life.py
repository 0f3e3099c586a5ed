"""Lines in the name of a practitioner who, as an insured person, lay in hospital or was dead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_choice, check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.care import is_body_bound, ward_days
from fraud.rules.relations.pooled import is_pooled
from fraud.rules.relations.prescribed import AS_WRITTEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# Elsewhere what was ordered weeks ago goes on: drugs of long prescriptions, sessions of dialysis.
_ORDERED_AT_VISITS = ("outpatient", "emergency")


@dataclass(frozen=True)
class OwnLife:
    """Lines that a practitioner executed, or ordered outside of a stay, while the practitioner could not be there.

    A standing order of a ward keeps the name of who gave it, so that orders within a stay of the patient say nothing,
    save where the practitioner is said to treat a patient who was admitted meanwhile: nothing could stand before.
    A day on which the own ward did nothing says nothing either: a discharge is posted late, a bed is held.
    An order outside of a stay that others carried out says nothing, unless the visit itself stands in the name. What
    fills a prescription was ordered when that was issued.
    Aliases for exemptions: `l`, the line, with `practitioner_key`; `s`, its settlement.

    Parameters
    ----------
    event : str
        `stay`: a stay of the practitioner's own; `death`.
    stay_types : tuple of str
        Kinds of care that are stays.
    margin_days : str
        Parameter: days after admission and before discharge, or after death, that are left in peace.
    """

    family: ClassVar[str] = "actor"
    is_graded: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_days_since", Unit("day", "days", "天")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": (*LINE_COLUMNS, "practitioner_key"),
        "s": SETTLEMENT_COLUMNS,
    }

    event: str
    stay_types: tuple[str, ...]
    margin_days: str

    def __post_init__(self) -> None:
        check_choice("event", [self.event], ("stay", "death"))
        check_encounter_types("stay_types", self.stay_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The margin."""
        return (self.margin_days,)

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one settlement; stays and deaths of practitioners are read from all of the window."""
        return ("settlement_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_days_since` are the days since admission or death.

        A line and a stay are found in the month in which the later of both was settled; the stay is involved. What
        others carried out is not certain: it may have been ordered before, as may what fills a prescription that is not
        known, and what a chronic illness asks for again and again.
        """
        since = dialect.days_between("e.first_day", "l.acted_on")
        until = dialect.days_between("l.acted_on", "e.last_day")
        margin = values[self.margin_days]
        admitted = dialect.days_between("e.first_day", "s.admit_date")
        is_stay = self.event == "stay"
        inside = f"{since} >= {margin} and {until} >= {margin}" if is_stay else f"{since} > {margin}"
        is_admitted_meanwhile = f"{admitted} >= {margin}" if is_stay else f"{admitted} > {margin}"
        stays = quoted_list(self.stay_types)
        return f"""
        with {self._events(month)}
        , theirs as (
          select * from rule_lines l
          where l.executor_key in (select practitioner_key from absences)
             or l.prescriber_key in (select practitioner_key from absences)
        ), signed as (
          select l.*, s.encounter_type,
                 case when l.executor_key in (select practitioner_key from absences) then l.executor_key
                      when s.encounter_type not in {stays}
                        and (l.executor_key is null or s.attending_practitioner_key = l.prescriber_key)
                        then l.prescriber_key
                      when s.encounter_type in {stays} and s.attending_practitioner_key = l.prescriber_key
                        then l.prescriber_key
                      end as practitioner_key,
                 case when l.executor_key in (select practitioner_key from absences) then l.fee_date
                      else coalesce(cast(x.issue_time as date), l.fee_date) end as acted_on,
                 s.encounter_type in {quoted_list(_ORDERED_AT_VISITS)} or x.issue_time is not null as is_order_dated
          from rule_settlements s
          join theirs l on l.settlement_key = s.settlement_key
          left join {AS_WRITTEN} x on x.prescription_key = l.prescription_key
        ), found as (
          select l.settlement_key, l.line_number, l.provider_key, l.person_key, l.practitioner_key, l.fee_date,
                 l.in_scope, e.stay_key, {since} as days_since,
                 l.encounter_type not in {stays} and coalesce(l.executor_key = l.practitioner_key, l.is_order_dated)
                   or l.executor_key = l.practitioner_key and {is_body_bound("l")} as is_certain
          from signed l
          join absences e on e.practitioner_key = l.practitioner_key
          join rule_settlements s on s.settlement_key = l.settlement_key
          where {inside} and greatest(l.month, e.month) = '{month}' and l.person_key <> e.person_key
            and {self._was_absent("l.acted_on")}
            and (l.encounter_type not in {stays} or l.executor_key = l.practitioner_key and {is_body_bound("l")}
              or s.attending_practitioner_key = l.practitioner_key and {is_admitted_meanwhile})
            and not {is_pooled("l.practitioner_key")} and not {lawful}
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key, practitioner_key,
               fee_date as service_date, in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
               max(days_since) as most_days_since, is_certain
        from found
        group by settlement_key, line_number, provider_key, person_key, practitioner_key, fee_date, in_scope, is_certain
        union all
        select distinct stay_key, cast(null as bigint), 'involved', provider_key, cast(null as bigint),
               practitioner_key, cast(null as date), 0, 1, 1, 0, true
        from found where stay_key is not null
        """

    def _events(self, month: str) -> str:
        """Return SQL of `absences`: practitioners with the days on which they could not be there."""
        if self.event == "death":
            return f"""
        absences as (
          select d.practitioner_key, d.person_key, cast(null as bigint) as stay_key, p.death_date as first_day,
                 cast(null as date) as last_day, '{month}' as month
          from sound_practitioners d
          join sound_persons p on p.person_key = d.person_key
          where p.death_date is not null
        )"""
        return f"""
        absences as (
          select d.practitioner_key, d.person_key, o.settlement_key as stay_key, o.admit_date as first_day,
                 o.discharge_date as last_day, o.month, o.is_dated
          from window_settlements o
          join sound_practitioners d on d.person_key = o.person_key
          where o.encounter_type in {quoted_list(self.stay_types)} and o.discharge_date > o.admit_date
        ), ward as ({ward_days("absences", "stay_key", "window_lines")}
        )"""

    def _was_absent(self, day: str) -> str:
        """Return the predicate that the claims of an absence `e` bear it out on a day: a ward cared for the person."""
        if self.event == "death":
            return "true"
        return f"""(not e.is_dated or exists (
              select 1 from ward w where w.settlement_key = e.stay_key and w.fee_date = {day} and w.is_cared = 1))"""
