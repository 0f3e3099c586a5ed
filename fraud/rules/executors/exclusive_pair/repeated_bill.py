"""A whole bill that repeats an earlier one, line by line: the one settled later violates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_BILL = ("person_key", "provider_key", "total_amount", "service_start_date", "service_end_date")

# What the scans of each pair show: only theirs are looked up.
_EVIDENCE = """scanned as (
          select distinct settlement_key, trace_code from trace_events
          where settlement_key in (select settlement_key from pairs union all select other_key from pairs)
        ), same_codes as (
          select distinct p.settlement_key, p.other_key
          from pairs p
          join scanned a on a.settlement_key = p.settlement_key
          join scanned b on b.settlement_key = p.other_key and b.trace_code = a.trace_code
        ), evidence as (
          select p.*, c.settlement_key is null
                   and p.settlement_key in (select settlement_key from scanned)
                   and p.other_key in (select settlement_key from scanned) as has_other_codes
          from pairs p left join same_codes c on c.settlement_key = p.settlement_key and c.other_key = p.other_key"""


@dataclass(frozen=True)
class RepeatedBill:
    """Settlements of one person and provider whose lines are equal, each to one of the other.

    Where only days are recorded, bills must have as many lines as no chance repeats. Aliases for exemptions: `s`, the
    settlement; `o`, the earlier one; `e`, with `has_other_codes`: trace codes are known of both, and none is the same.

    Parameters
    ----------
    same : tuple of str
        Columns of `rule_lines` in which lines must agree; two nulls agree.
    least_lines : str
        Parameter: lines of a bill from which on days without times are enough.
    """

    family: ClassVar[str] = "exclusive_pair"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_equal_lines", Unit("equal line", "equal lines", "条相同明细")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "s": SETTLEMENT_COLUMNS,
        "o": SETTLEMENT_COLUMNS,
        "e": ("settlement_key", "other_key", "has_other_codes"),
    }

    same: tuple[str, ...]
    least_lines: str

    def __post_init__(self) -> None:
        check_choice("same", self.same, LINE_COLUMNS)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """From how many lines on days are enough."""
        return (self.least_lines,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_equal_lines` are the lines of a bill."""
        bill = ", ".join(_BILL)
        equal = " and ".join(f"{{0}}.{name} = {{1}}.{name}" for name in _BILL).format
        line_hash = dialect.hash64(", ".join(f"l.{name}" for name in self.same))
        return f"""
        with spans as (
          select distinct service_start_date, service_end_date from rule_settlements where month = '{month}'
        ), candidates as (
          select {bill} from rule_settlements join spans using (service_start_date, service_end_date)
          group by {bill} having count(*) > 1 and max(month) = '{month}'
        ), bills as (
          select s.* from rule_settlements s join candidates c on {equal("c", "s")}
        ), contents as (
          select l.settlement_key, sum(cast({line_hash} as hugeint)) as content, count(*) as n_lines,
                 max(case when l.fee_time > cast(l.fee_date as timestamp) then 1 else 0 end) as is_timed
          from rule_lines l join bills b on b.settlement_key = l.settlement_key
          group by l.settlement_key
        ), pairs as (
          select s.settlement_key, o.settlement_key as other_key, c.n_lines
          from bills s
          join contents c on c.settlement_key = s.settlement_key
          join bills o on {equal("o", "s")}
          join contents d on d.settlement_key = o.settlement_key and d.content = c.content and d.n_lines = c.n_lines
          where s.month = '{month}' and (c.is_timed = 1 or c.n_lines >= {values[self.least_lines]})
            and (o.settled_at < s.settled_at or (o.settled_at = s.settled_at and o.settlement_id < s.settlement_id))
        ), {_EVIDENCE}
        ), repeats as (
          select s.settlement_key, min(o.settlement_id) as first_id, max(e.n_lines) as most_equal_lines
          from evidence e
          join bills s on s.settlement_key = e.settlement_key
          join bills o on o.settlement_key = e.other_key
          where not {lawful}
          group by s.settlement_key
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               l.prescriber_key as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, r.most_equal_lines
        from rule_lines l join repeats r on r.settlement_key = l.settlement_key
        union all
        select distinct o.settlement_key, cast(null as bigint), 'involved', o.provider_key, o.person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0
        from repeats r join bills o on o.settlement_id = r.first_id
        """
