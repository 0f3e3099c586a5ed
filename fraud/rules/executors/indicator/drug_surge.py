"""A watched drug that a provider suddenly uses, its own staff among the patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.care import SEEN
from fraud.rules.relations.staff_near import near_staff
from fraud.rules.relations.whole_bills import whole_bills
from fraud.rules.relations.whose_line import prescribed_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# From so many lines for staff of so many, a drug gathers among them; so it does where staff and theirs, of whom one may
# be ill, draw so large a part of it. The median of fewer peers is none.
_STAFF_LINES, _STAFF_PERSONS, _FEWEST_PEERS = 5, 3, 4
_NEAR_PERSONS, _NEAR_PERCENT = 2, 30


@dataclass(frozen=True)
class DrugSurge:
    """Bills with a drug on the watch list whose use at the provider has jumped beyond its level in the months before.

    Only where staff of the provider are among the patients, and other providers of its type have not come to use as
    much. Where the drug gathers among several of the staff, or of the staff and their households, the provider's own
    months are no measure, for it may have begun before: all of the window up to the month is held against what
    providers of its type and level use for as many bills, and bills of the months before violate with the month's,
    back to when the drug was last found. What is billed of the visit beside it, registration and consultation, is
    named with it. Aliases for exemptions: `l`, the line of the drug; `s`, its settlement.

    Parameters
    ----------
    factor, lines, staff : str
        Parameters: percentage of the level beyond which it is a jump; fewest lines of the month; percentage of these
        that are for staff.
    """

    family: ClassVar[str] = "indicator"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("month_lines", Unit("line", "lines", "条明细")),
        Measure("level_lines", Unit("line", "lines", "条明细")),
        Measure("staff_percent", Unit("percent", "percent", "%")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": LINE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    factor: str
    lines: str
    staff: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All three numbers."""
        return (self.factor, self.lines, self.staff)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider; the others' use is counted over claims that are not cut."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `month_lines` of the drug in the months named, where `level_lines` are usual.

        `staff_percent` is the share for staff: of the month's lines, or for staff and theirs of all so far where it is
        more and the drug gathers among them.
        """
        return f"""
        with dispensed as (
          select l.settlement_key, l.provider_key, l.person_key, l.item_key, l.month,
                 {prescribed_by("l", "s")} as practitioner_key
          from window_lines l
          join (select distinct item_key from ref_items where is_sentinel_drug) w on w.item_key = l.item_key
          join window_settlements s on s.settlement_key = l.settlement_key
          where not {lawful} and l.month <= '{month}'
        ), {near_staff("dispensed")}, {_used(month)}
        ), {_jumped(values[self.factor], values[self.lines], values[self.staff])}
        ), {_gathered(values[self.staff])}
        ), {_peers(dialect)}
        ), spoken as (
          select u.*, coalesce(j.is_jump, false) as is_jump, j.level, g.near_percent, p.level as peer_level,
                 coalesce(u.n_so_far >= {values[self.lines]} and u.n_so_far * 100 > p.level * {values[self.factor]},
                          false) as is_gathered
          from so_far u
          join jumped j on j.provider_key = u.provider_key and j.item_key = u.item_key and j.month = u.month
          left join gathered g on g.provider_key = u.provider_key and g.item_key = u.item_key and g.month = u.month
          left join peers p on p.provider_key = u.provider_key and p.item_key = u.item_key and p.month = u.month
        ), {_named(month)}, bills as (
          select d.settlement_key, n.item_key, min(d.practitioner_key) as practitioner_key,
                 max(n.n_lines) as n_lines, max(n.level_lines) as level_lines, max(n.staff_percent) as staff_percent
          from dispensed d
          join named n on n.provider_key = d.provider_key and n.item_key = d.item_key
            and d.month between n.first_month and '{month}'
          group by d.settlement_key, n.item_key
        ), billed as ({whole_bills("bills")})
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key, b.practitioner_key,
               l.fee_date as service_date, l.in_scope, b.n_lines - b.level_lines as part, b.n_lines as whole,
               b.n_lines as month_lines, b.level_lines, b.staff_percent
        from billed l
        join bills b on b.settlement_key = l.settlement_key
        join (select distinct settlement_key from rule_lines) r on r.settlement_key = l.settlement_key
        where l.item_key = b.item_key or l.charge_category in {quoted_list(SEEN)}
        """


def _used(month: str) -> str:
    """Return the CTEs up to `so_far`: lines of each drug of the month, of all and of staff, in each month so far.

    `kin` and `staff_persons` count those who have drawn it by then; `others` is what others of the type use.
    """
    so_far = "partition by u.provider_key, u.item_key order by u.month"
    return f"""
        months as (
          select distinct month from window_settlements where month <= '{month}'
        ), kept as (
          select distinct provider_key, item_key from dispensed where month = '{month}'
        ), of_staff as (
          select d.*, s.person_key is not null as is_staff, n.person_key is not null as is_near,
                 row_number() over (partition by d.provider_key, d.item_key, d.person_key
                                    order by d.month, d.settlement_key) = 1 as is_first
          from dispensed d
          join kept k on k.provider_key = d.provider_key and k.item_key = d.item_key
          left join (select distinct provider_key, person_key from staff) s
            on s.provider_key = d.provider_key and s.person_key = d.person_key
          left join near n on n.provider_key = d.provider_key and n.person_key = d.person_key
        ), used as (
          select k.provider_key, k.item_key, m.month, count(d.settlement_key) as n_lines,
                 count(*) filter (d.is_staff) as n_staff, count(*) filter (d.is_near) as n_near,
                 count(*) filter (d.is_staff and d.is_first) as new_staff,
                 count(*) filter (d.is_near and d.is_first) as new_near
          from kept k cross join months m
          left join of_staff d on d.provider_key = k.provider_key and d.item_key = k.item_key and d.month = m.month
          group by k.provider_key, k.item_key, m.month
        ), kinds as (
          select d.provider_key, max(coalesce(o.provider_type, '')) as kind
          from (select distinct provider_key from dispensed) d
          left join sound_providers o on o.provider_key = d.provider_key group by d.provider_key
        ), everywhere as (
          select d.item_key, d.month, o.kind, count(*) as n_lines
          from dispensed d join kinds o on o.provider_key = d.provider_key group by d.item_key, d.month, o.kind
        ), so_far as (
          select u.*, coalesce(e.n_lines, 0) - u.n_lines as others,
                 cast(sum(u.n_lines) over ({so_far}) as bigint) as n_so_far,
                 cast(sum(u.n_staff) over ({so_far}) as bigint) as staff_so_far,
                 cast(sum(u.n_near) over ({so_far}) as bigint) as near_so_far,
                 cast(sum(u.new_staff) over ({so_far}) as bigint) as staff_persons,
                 cast(sum(u.new_near) over ({so_far}) as bigint) as near_persons,
                 count(*) over ({so_far}) as n_months, avg(u.n_lines) over ({so_far}) as mean_so_far
          from used u
          join kinds o on o.provider_key = u.provider_key
          left join everywhere e on e.item_key = u.item_key and e.month = u.month and e.kind = o.kind"""


def _jumped(factor: int, lines: int, staff: int) -> str:
    """Return the CTEs up to `jumped`: whether each month's use lies beyond the level before it, unlike others'.

    The level is the least mean from the window's first month on, so that what lasts is not its own measure. A season
    lifts others of the type together at least as high.
    """
    before = "partition by provider_key, item_key order by month rows between unbounded preceding and 1 preceding"
    return f"""
        levels as (
          select *, min(mean_so_far) over ({before}) as level, avg(others) over ({before}) as others_level from so_far
        ), jumped as (
          select provider_key, item_key, month, level,
                 n_lines >= {lines} and n_lines * 100 > level * {factor}
                 and n_staff > 0 and n_staff * 100 >= n_lines * {staff}
                 and not (others >= n_lines and others * 100 > others_level * {factor}) as is_jump
          from levels"""


def _gathered(staff: int) -> str:
    """Return the CTE `gathered`: months by which staff, or staff and theirs, have drawn much of a drug."""
    return f"""
        gathered as (
          select provider_key, item_key, month, near_so_far * 100 // n_so_far as near_percent from so_far
          where staff_so_far >= {_STAFF_LINES} and staff_persons >= {_STAFF_PERSONS}
             and staff_so_far * 100 >= n_so_far * {staff}
             or near_so_far >= {_STAFF_LINES} and near_persons >= {_NEAR_PERSONS}
             and near_so_far * 100 >= n_so_far * {_NEAR_PERCENT}"""


def _peers(dialect: Dialect) -> str:
    """Return the CTEs up to `peers`: what providers of the type and level have used so far for as many bills."""
    return f"""
        open as (
          select o.provider_key, o.provider_type, o.provider_level, b.month, b.n_bills
          from sound_providers o
          join (
            select s.provider_key, m.month, count(*) as n_bills from window_settlements s
            join months m on s.month <= m.month group by s.provider_key, m.month
          ) b on b.provider_key = o.provider_key
        ), alike as (
          select g.provider_key, g.item_key, g.month, o.provider_key as peer_key,
                 w.n_bills * 1.0 / o.n_bills as times
          from gathered g
          join open w on w.provider_key = g.provider_key and w.month = g.month
          join open o on o.month = g.month and o.provider_type = w.provider_type
            and o.provider_level is not distinct from w.provider_level and o.provider_key <> w.provider_key
        ), peers as (
          select a.provider_key, a.item_key, a.month,
                 {dialect.quantile("coalesce(n.n_lines, 0) * a.times", 0.5)} as level
          from alike a
          left join (
            select d.provider_key, d.item_key, m.month, count(*) as n_lines from dispensed d
            join months m on d.month <= m.month group by d.provider_key, d.item_key, m.month
          ) n on n.provider_key = a.peer_key and n.item_key = a.item_key and n.month = a.month
          group by a.provider_key, a.item_key, a.month having count(*) >= {_FEWEST_PEERS}"""


def _named(month: str) -> str:
    """Return the CTE `named`: drugs found in the month, the months that they are named of, and what is usual in these.

    Of months before it what was not found then, where the drug has gathered since.
    """
    return f"""
        last_spoken as (
          select provider_key, item_key, max(month) as month from spoken
          where (is_jump or is_gathered) and month < '{month}' group by provider_key, item_key
        ), found as (
          select s.*, case when s.is_gathered then coalesce(l.month, '') else '{month}' end as after_month
          from spoken s left join last_spoken l on l.provider_key = s.provider_key and l.item_key = s.item_key
          where s.month = '{month}' and (s.is_jump or s.is_gathered)
        ), named as (
          select f.provider_key, f.item_key, min(u.month) as first_month,
                 cast(sum(u.n_lines) as bigint) as n_lines,
                 cast(floor(count(*) * max(least(case when f.is_gathered then f.peer_level / f.n_months end,
                                                 case when f.is_jump then f.level end))) as bigint) as level_lines,
                 max(greatest(f.n_staff * 100 // f.n_lines, case when f.is_gathered then f.near_percent else 0 end))
                   as staff_percent
          from found f
          join used u on u.provider_key = f.provider_key and u.item_key = f.item_key
            and (u.month > f.after_month or u.month = f.month)
          group by f.provider_key, f.item_key
          having sum(u.n_lines) > floor(count(*) * max(least(case when f.is_gathered then f.peer_level / f.n_months end,
                                                             case when f.is_jump then f.level end)))
        )"""
