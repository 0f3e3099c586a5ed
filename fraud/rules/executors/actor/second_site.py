"""A practitioner whose number signs at a second provider while it is at work at the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.care import BODY_BOUND
from fraud.rules.relations.pooled import is_pooled
from fraud.rules.relations.ways import ROAD, is_internet, is_same_group, kilometres
from fraud.rules.relations.whose_line import done_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# Kilometres of a way, both ends together, that lead through towns and over country roads before any motorway.
_LOCAL_KM = 30


@dataclass(frozen=True)
class SecondSite:
    """Lines of one practitioner at two providers, too close in time for the way between them.

    The second provider is the one of the two where the practitioner is not registered, else where fewer of such lines
    of the window are, else where the first of them came later: its lines are in question, since one of the two is. A
    line there *clashes* that is less than the way takes from the nearest at the other provider, and *surely* where no
    clocks explain it: less by more than they may differ, or between two lines at the other provider that leave no time
    to go there and back, which one clock wrote. From some days on with a sure clash the clocks are no explanation, and
    every clash is named, those of earlier months in the month that completes these days. Where the ride takes no longer
    than clocks may differ, nothing clashes.

    Where coordinates are missing: in different regions, less than some minutes apart, which is sure. A time without a
    time of day tells nothing. Aliases for exemptions: `l`, the line at the second provider, and `s`, its settlement;
    `k`, the nearest at the other, and `o`, its settlement; `e`, `is_same_group`, `is_internet` (one is an internet
    hospital).

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in which times are those of an encounter.
    kilometres_an_hour : str
        Parameter: faster than this nobody travels.
    local_kilometres_an_hour : str
        Parameter: faster than this nobody travels on the first and the last kilometres.
    door_minutes : str
        Parameter: minutes from the one bench to the road and from the road to the other.
    clock_minutes : str
        Parameter: minutes that the clocks of two providers may differ.
    close_minutes : str
        Parameter: how close is too close where the way is unknown.
    least_days : str
        Parameter: days with a sure clash from which on every clash is named.
    """

    family: ClassVar[str] = "actor"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_kilometres", Unit("kilometre", "kilometres", "公里")),
        Measure("most_minutes_between", Unit("minute", "minutes", "分钟")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "l": (*LINE_COLUMNS, "practitioner_key"),
        "s": SETTLEMENT_COLUMNS,
        "k": (*LINE_COLUMNS, "practitioner_key"),
        "o": SETTLEMENT_COLUMNS,
        "e": ("is_same_group", "is_internet"),
    }

    encounter_types: tuple[str, ...]
    kilometres_an_hour: str
    local_kilometres_an_hour: str
    door_minutes: str
    clock_minutes: str
    close_minutes: str
    least_days: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Speeds, allowance, closeness and days."""
        return (
            *(self.kilometres_an_hour, self.local_kilometres_an_hour, self.door_minutes),
            *(self.clock_minutes, self.close_minutes, self.least_days),
        )

    @property
    def together(self) -> tuple[str, ...]:
        """All lines: a practitioner's may name another orderer each."""
        return ()

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits: a line at the second provider violates, the nearest at the other is involved."""
        since, until = (
            dialect.seconds_between("k.at_time", "l.at_time"),
            dialect.seconds_between("l.at_time", "k.at_time"),
        )
        return f"""
        with {self._suspects(dialect, month, values)}
        , events as ({self._visits("l.*")} and {done_by("l")} in (select practitioner_key from suspects)
        ), sites as (
          select v.practitioner_key, v.provider_key, row_number() over (
                   partition by v.practitioner_key
                   order by coalesce(p.provider_key = v.provider_key, false) desc, count(*) desc, min(v.at_time),
                            v.provider_key) as place
          from events v left join sound_practitioners p on p.practitioner_key = v.practitioner_key
          group by v.practitioner_key, v.provider_key, p.provider_key
        ), near as (
          select l.settlement_key, l.line_number, k.provider_key as first_key,
                 min(struct_pack(seconds := abs({since}), settlement_key := k.settlement_key,
                                 line_number := k.line_number)) as nearest,
                 min(case when k.at_time <= l.at_time then {since} end)
                   + min(case when k.at_time >= l.at_time then {until} end) as bracket_seconds
          from events l
          join sites b on b.practitioner_key = l.practitioner_key and b.provider_key = l.provider_key
          join events k on k.practitioner_key = l.practitioner_key and k.fee_date = l.fee_date
          join sites a on a.practitioner_key = k.practitioner_key and a.provider_key = k.provider_key
            and a.place < b.place
          group by l.settlement_key, l.line_number, k.provider_key
        ), clashes as (
          select l.settlement_key, l.line_number, l.provider_key, l.person_key, l.practitioner_key, l.fee_date,
                 l.in_scope, greatest(l.month, k.month) as month, e.kilometres, n.nearest.seconds as seconds,
                 k.settlement_key as from_settlement, k.line_number as from_line, k.person_key as from_person,
                 coalesce(n.nearest.seconds < e.sure_seconds, false)
                   or coalesce(n.bracket_seconds < 2 * e.way_seconds, false) as is_sure
          from near n
          join events l on l.settlement_key = n.settlement_key and l.line_number = n.line_number
          join events k on k.settlement_key = n.nearest.settlement_key and k.line_number = n.nearest.line_number
          join ways e on e.first_key = n.first_key and e.second_key = l.provider_key
          join rule_settlements s on s.settlement_key = l.settlement_key
          join rule_settlements o on o.settlement_key = k.settlement_key
          where n.nearest.seconds < coalesce(e.way_seconds, e.sure_seconds) and not {lawful}
        ), {self._hits(month, values[self.least_days])}
        """

    def _suspects(self, dialect: Dialect, month: str, values: Mapping[str, int]) -> str:
        """Return SQL of `ways` between providers, and of `suspects`: practitioners with a clash in the month."""
        speed, local = values[self.kilometres_an_hour], values[self.local_kilometres_an_hour]
        road = f"({ROAD} * e.kilometres)"
        ride = f"(least({road}, {_LOCAL_KM}) * 3600 / {local} + greatest({road} - {_LOCAL_KM}, 0) * 3600 / {speed})"
        clocks, door = values[self.clock_minutes] * 60, values[self.door_minutes] * 60
        same_day = "y.practitioner_key = x.practitioner_key and y.fee_date = x.fee_date"
        return f"""
        stamps as ({self._visits("l.provider_key, l.fee_date, l.month")}
            and l.fee_date >= (select min(fee_date) from rule_lines where month = '{month}')
        ), busy as (
          select practitioner_key, fee_date from stamps group by practitioner_key, fee_date
          having min(provider_key) < max(provider_key) and max(month) = '{month}'
        ), seen as (
          select distinct t.practitioner_key, t.fee_date, t.provider_key, t.at_time
          from stamps t join busy b on b.practitioner_key = t.practitioner_key and b.fee_date = t.fee_date
          where not {is_pooled("t.practitioner_key")}
        ), ways as (
          select e.*, case when {ride} > {clocks} then {ride} + {door} end as way_seconds,
                 case when {ride} > {clocks} then {ride} + {door} - {clocks}
                      when e.kilometres is null and e.is_other_region then {values[self.close_minutes]} * 60
                      end as sure_seconds
          from (
            select t.first_key, t.second_key, {kilometres("a", "b")} as kilometres,
                   b.region_code <> a.region_code as is_other_region,
                   {is_same_group("a", "b")} as is_same_group, {is_internet("a", "b")} as is_internet
            from (
              select distinct x.provider_key as first_key, y.provider_key as second_key
              from (select distinct practitioner_key, fee_date, provider_key from seen) x
              join (select distinct practitioner_key, fee_date, provider_key from seen) y
                on {same_day} and y.provider_key <> x.provider_key
            ) t
            join sound_providers a on a.provider_key = t.first_key
            join sound_providers b on b.provider_key = t.second_key
          ) e
        ), suspects as (
          select distinct x.practitioner_key
          from seen x
          join seen y on {same_day} and y.provider_key <> x.provider_key
          join ways w on w.first_key = x.provider_key and w.second_key = y.provider_key
          where abs({dialect.seconds_between("x.at_time", "y.at_time")}) < coalesce(w.way_seconds, w.sure_seconds)
        )"""

    def _visits(self, columns: str) -> str:
        """Return SQL of lines at the patient's side of visits, with who did them and when."""
        return f"""
          select {columns}, {done_by("l")} as practitioner_key, l.fee_time as at_time
          from rule_lines l
          join rule_settlements s on s.settlement_key = l.settlement_key
          where l.charge_category in {quoted_list(BODY_BOUND)}
            and s.encounter_type in {quoted_list(self.encounter_types)}
            and l.fee_time <> cast(l.fee_date as timestamp) and {done_by("l")} is not null"""

    @staticmethod
    def _hits(month: str, least: int) -> str:
        """Return the SQL that ends the statement: what is named of `clashes`, and the nearest lines beside it."""
        return f"""
        days as (
          select practitioner_key, provider_key, count(distinct fee_date) as n_days,
                 count(distinct case when month < '{month}' then fee_date end) as n_before
          from clashes where is_sure group by practitioner_key, provider_key
        ), found as (
          select c.* from clashes c
          join days d on d.practitioner_key = c.practitioner_key and d.provider_key = c.provider_key
          where c.is_sure and c.month = '{month}'
            or d.n_days >= {least} and (c.month = '{month}' or d.n_before < {least} and not c.is_sure)
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key, practitioner_key,
               fee_date as service_date, in_scope, cast(1 as bigint) as part, cast(1 as bigint) as whole,
               cast(coalesce(kilometres, 0) as bigint) as most_kilometres,
               cast(seconds // 60 as bigint) as most_minutes_between
        from found
        union all
        select distinct from_settlement, from_line, 'involved', provider_key, from_person, practitioner_key, fee_date,
               0, 1, 1, 0, 0
        from found
        """
