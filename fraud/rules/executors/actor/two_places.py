"""One person at two providers within less time than the way between them takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.care import is_body_bound
from fraud.rules.relations.ways import ROAD, is_internet, is_same_group, kilometres

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_SHOWN = ("is_same_group", "is_same_prescription", "is_internet")

# Settlements are named whole.
_HITS = f"""
        attended as (
          -- What the patient paid alone was done too.
          select distinct l.settlement_key from window_charges l
          where {is_body_bound("l")}
            and l.settlement_key in (select settlement_key from found union select from_settlement from found)
        ), settled as (
          select distinct case when is_earlier then f.from_settlement else f.settlement_key end as settlement_key,
                 case when is_earlier then f.settlement_key else f.from_settlement end as from_settlement,
                 subject_key, day, kilometres, seconds
          from (
            select f.*, a.settlement_key is not null and b.settlement_key is null as is_earlier
            from found f
            left join attended a on a.settlement_key = f.settlement_key
            left join attended b on b.settlement_key = f.from_settlement
          ) f
        )
        select f.settlement_key, cast(null as bigint) as line_number, 'violating' as role, s.provider_key,
               f.subject_key as person_key, cast(null as bigint) as practitioner_key, f.day as service_date, s.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole,
               cast(coalesce(max(f.kilometres), 0) as bigint) as most_kilometres,
               cast(max(f.seconds) // 60 as bigint) as most_minutes_between
        from settled f join rule_settlements s on s.settlement_key = f.settlement_key
        group by f.settlement_key, s.provider_key, f.subject_key, f.day, s.in_scope
        union all
        select distinct f.from_settlement, cast(null as bigint), 'involved', s.provider_key, f.subject_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0, 0
        from settled f join rule_settlements s on s.settlement_key = f.settlement_key
"""


@dataclass(frozen=True)
class TwoPlaces:
    """Consecutive settlements of one person at two providers, too far apart for the time between them.

    Where both providers' coordinates are known: farther by road than the speed allows in the minutes between, and the
    clocks' allowance beside them. Where one is not: in different regions, less than some minutes apart. A time without
    a time of day tells nothing. Aliases for exemptions: `l`, the later line, and `s`, its settlement; `k`, the earlier
    line, and `o`, its settlement; `e`, `is_same_group`, `is_same_prescription`, `is_internet` (one is an
    internet hospital).

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in which times are those of an encounter.
    kilometres_an_hour : str
        Parameter: faster than this nobody travels.
    clock_minutes : str
        Parameter: minutes that the clocks of two providers may differ.
    close_minutes : str
        Parameter: how close is too close where the way is unknown.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_kilometres", Unit("kilometre", "kilometres", "公里")),
        Measure("most_minutes_between", Unit("minute", "minutes", "分钟")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": LINE_COLUMNS,
        "s": SETTLEMENT_COLUMNS,
        "k": LINE_COLUMNS,
        "o": SETTLEMENT_COLUMNS,
        "e": _SHOWN,
    }

    encounter_types: tuple[str, ...]
    kilometres_an_hour: str
    clock_minutes: str
    close_minutes: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Speed, allowance and closeness."""
        return (self.kilometres_an_hour, self.clock_minutes, self.close_minutes)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits: the later line violates, the earlier is involved.

        Of a person's settlements the earlier violates where only at the later something was done to the body: there
        the person was.
        """
        seconds = dialect.seconds_between("at_before", "at_time")
        speed, clocks, close = (values[name] for name in self.parameter_names)
        return f"""
        with {self._events(month)}
        , moves as (
          select subject_key, day, at_time, settlement_key, line_number, provider_key,
                 lag(settlement_key) over w as from_settlement, lag(line_number) over w as from_line,
                 lag(provider_key) over w as from_provider, lag(at_time) over w as at_before
          from events
          window w as (partition by subject_key, day order by at_time, settlement_key, line_number)
        ), ways as (
          select m.*, {seconds} as seconds,
                 {kilometres("a", "b")} as kilometres, b.region_code <> a.region_code as is_other_region,
                 {is_same_group("a", "b")} as is_same_group, {is_internet("a", "b")} as is_internet
          from moves m
          join sound_providers a on a.provider_key = m.from_provider
          join sound_providers b on b.provider_key = m.provider_key
          where m.from_provider <> m.provider_key
        ), impossible as (
          select w.*, coalesce(k.prescription_key = l.prescription_key, false) as is_same_prescription
          from ways w
          join events l on l.settlement_key = w.settlement_key and l.line_number = w.line_number
          join events k on k.settlement_key = w.from_settlement and k.line_number = w.from_line
          where case when w.kilometres is not null
                     then w.kilometres * {ROAD} * 3600 > {speed} * (w.seconds + {clocks} * 60.0)
                     else w.is_other_region and w.seconds < {close} * 60 end
        ), found as (
          select e.* from impossible e
          join events l on l.settlement_key = e.settlement_key and l.line_number = e.line_number
          join events k on k.settlement_key = e.from_settlement and k.line_number = e.from_line
          join rule_settlements s on s.settlement_key = l.settlement_key
          join rule_settlements o on o.settlement_key = k.settlement_key
          where greatest(l.month, k.month) = '{month}' and not {lawful}
        ), {_HITS}
        """

    def _events(self, month: str) -> str:
        """Return SQL of `events`: lines of persons who are seen at two providers on a day, with `at_time`."""
        return f"""
        stamps as (
          select s.person_key as subject_key, s.provider_key, s.settlement_key, cast(s.settled_at as date) as day,
                 s.month, s.settled_at as at_time
          from rule_settlements s
          where s.encounter_type in {quoted_list(self.encounter_types)} and cast(s.settled_at as date) in (
              select cast(settled_at as date) from rule_settlements where month = '{month}')
            and s.settled_at <> cast(cast(s.settled_at as date) as timestamp)
            and cast(s.settled_at as date) = s.service_start_date
        ), busy as (
          select subject_key, day from stamps group by subject_key, day
          having min(provider_key) < max(provider_key) and max(month) = '{month}'
        ), seen as (
          select t.* from stamps t join busy b on b.subject_key = t.subject_key and b.day = t.day
        ), events as (
          select l.*, t.subject_key, t.day, t.at_time from rule_lines l
          join seen t on t.settlement_key = l.settlement_key
        )"""
