"""A watched drug that a provider suddenly uses, its own staff among the patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS
from fraud.rules.relations.care import SEEN
from fraud.rules.relations.whole_bills import whole_bills
from fraud.rules.relations.whose_line import prescribed_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# From so many lines for staff of so many, a drug gathers among them; the median of fewer peers is none.
_STAFF_LINES, _STAFF_PERSONS, _FEWEST_PEERS = 5, 3, 4


@dataclass(frozen=True)
class DrugSurge:
    """Bills with a drug on the watch list whose use at the provider has jumped beyond its level in the months before.

    Only where staff of the provider are among the patients, and the others' use has not jumped alike. Where several of
    the staff have drawn it again and again, the provider's own months are no measure, for it may have begun before:
    the level is then that of providers of its type and level, for as many bills. What is billed of the visit beside it,
    registration and consultation, is named with it. Aliases for exemptions: `l`, the line of the drug; `s`, its
    settlement.

    Parameters
    ----------
    factor, lines, staff : str
        Parameters: percentage of the level beyond which it is a jump; fewest lines of the month; percentage of these
        that are for staff.
    """

    family: ClassVar[str] = "indicator"
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
        """Return hits; `month_lines` of the drug where `level_lines` are usual.

        `staff_percent` is the share for staff: of the month's lines, or of all so far where it is more and the drug
        gathers among staff.
        """
        factor = values[self.factor]
        return f"""
        with dispensed as (
          select l.settlement_key, l.provider_key, l.person_key, l.item_key, l.month,
                 {prescribed_by("l", "s")} as practitioner_key
          from window_lines l
          join (select distinct item_key from ref_items where is_sentinel_drug) w on w.item_key = l.item_key
          join window_settlements s on s.settlement_key = l.settlement_key
          where not {lawful} and l.month <= '{month}'
        ), staff as (
          select distinct provider_key, person_key from sound_practitioners where person_key is not null
        ), {self._used(month)}
        ), so_far as (
          select *, avg(n_lines) over (partition by provider_key, item_key order by month) as mean_so_far from used
        ), everywhere as (
          select item_key, month, count(*) as n_lines from dispensed group by item_key, month
        ), jumps as (
          select u.provider_key, u.item_key,
                 max(case when u.month = '{month}' then u.n_lines else 0 end) as n_now,
                 max(case when u.month = '{month}' then u.n_staff else 0 end) as n_staff,
                 -- From the window's first month to the month of change, so that what lasts is not its own measure.
                 min(case when u.month < '{month}' then u.mean_so_far end) as level,
                 max(case when u.month = '{month}' then e.n_lines - u.n_lines else 0 end) as others_now,
                 {dialect.quantile(f"case when u.month < '{month}' then coalesce(e.n_lines, 0) - u.n_lines end", 0.5)}
                   as others_level
          from so_far u
          left join everywhere e on e.item_key = u.item_key and e.month = u.month
          group by u.provider_key, u.item_key
        ), {self._peers(dialect, month, values[self.staff])}
        ), measured as (
          select j.*, g.staff_percent, case when p.level < coalesce(j.level, p.level + 1) then p.level else j.level
                   end as usual
          from jumps j
          left join gathered g on g.provider_key = j.provider_key and g.item_key = j.item_key
          left join peers p on p.provider_key = j.provider_key and p.item_key = j.item_key
        ), surged as (
          select * from measured
          where n_now >= {values[self.lines]} and n_now * 100 > usual * {factor}
            and (staff_percent is not null or n_staff * 100 >= n_now * {values[self.staff]} and n_staff > 0)
            and not (others_level > 0 and others_now * 100 > others_level * {factor})
        ), bills as (
          select d.settlement_key, s.item_key, min(d.practitioner_key) as practitioner_key, max(s.n_now) as n_now,
                 cast(floor(max(s.usual)) as bigint) as level_lines,
                 max(greatest(coalesce(s.staff_percent, 0), s.n_staff * 100 // s.n_now)) as staff_percent
          from dispensed d
          join surged s on s.provider_key = d.provider_key and s.item_key = d.item_key
          where d.month = '{month}'
          group by d.settlement_key, s.item_key
        ), billed as ({whole_bills("bills")})
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key, b.practitioner_key,
               l.fee_date as service_date, l.in_scope, b.n_now - b.level_lines as part, b.n_now as whole,
               b.n_now as month_lines, b.level_lines, b.staff_percent
        from billed l
        join bills b on b.settlement_key = l.settlement_key
        join (select distinct settlement_key from rule_lines where month = '{month}') r
          on r.settlement_key = l.settlement_key
        where l.item_key = b.item_key or l.charge_category in {quoted_list(SEEN)}
        """

    def _peers(self, dialect: Dialect, month: str, percent: int) -> str:
        """Return the CTEs `gathered`, where staff draw the drug, and up to `peers`: what like ones use for as much."""
        return f"""
        gathered as (
          select d.provider_key, d.item_key, count(p.person_key) * 100 // count(*) as staff_percent
          from dispensed d
          join jumps j on j.provider_key = d.provider_key and j.item_key = d.item_key
          left join staff p on p.provider_key = d.provider_key and p.person_key = d.person_key
          group by d.provider_key, d.item_key
          having count(p.person_key) >= {_STAFF_LINES} and count(distinct p.person_key) >= {_STAFF_PERSONS}
             and count(p.person_key) * 100 >= count(*) * {percent}
        ), open as (
          select o.provider_key, o.provider_type, o.provider_level, b.n_bills
          from sound_providers o
          join (
            select provider_key, count(*) as n_bills from window_settlements where month = '{month}'
            group by provider_key
          ) b on b.provider_key = o.provider_key
        ), alike as (
          select g.provider_key, g.item_key, o.provider_key as peer_key, w.n_bills * 1.0 / o.n_bills as times
          from gathered g
          join open w on w.provider_key = g.provider_key
          join open o on o.provider_type = w.provider_type
            and o.provider_level is not distinct from w.provider_level and o.provider_key <> w.provider_key
        ), peers as (
          select a.provider_key, a.item_key, {dialect.quantile("coalesce(n.n_lines, 0) * a.times", 0.5)} as level
          from alike a
          left join (
            select provider_key, item_key, count(*) as n_lines from dispensed where month = '{month}'
            group by provider_key, item_key
          ) n on n.provider_key = a.peer_key and n.item_key = a.item_key
          group by a.provider_key, a.item_key having count(*) >= {_FEWEST_PEERS}"""

    def _used(self, month: str) -> str:
        """Return the CTEs up to `used`: lines of each drug of the month, and those for staff, in each month so far."""
        return f"""
        months as (
          select distinct month from window_settlements where month <= '{month}'
        ), used as (
          select k.provider_key, k.item_key, m.month, count(d.settlement_key) as n_lines,
                 count(p.person_key) as n_staff
          from (select distinct provider_key, item_key from dispensed where month = '{month}') k
          cross join months m
          left join dispensed d on d.provider_key = k.provider_key and d.item_key = k.item_key and d.month = m.month
          left join staff p on p.provider_key = d.provider_key and p.person_key = d.person_key
          group by k.provider_key, k.item_key, m.month"""
