"""One cost paid twice: two settlements of one person that answer to the same invoice or the same care."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.declare.executor import check_choice
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_PAYERS = {
    "any": "true",
    "two": "s.insurance_type <> o.insurance_type",
}


@dataclass(frozen=True)
class PaidTwice:
    """Settlements that agree, and whose payments together are more than what was billed; the later one violates.

    Two payments under one insurance are one too many. Payments of two insurances count as far as together they pass
    the larger bill: one after the other may share a cost. Aliases for exemptions: `s`, the later settlement; `o`, the
    other.

    Parameters
    ----------
    same : tuple of str
        Columns of `rule_settlements` that must agree; a null agrees with nothing.
    payers : str
        `any`, or `two`: only where the insurance types differ.
    most_difference : str
        Parameter: minor units by which the totals may differ.
    """

    family: ClassVar[str] = "exclusive_pair"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_percent_paid", Unit("percent", "percent", "%")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS, "o": SETTLEMENT_COLUMNS}

    same: tuple[str, ...]
    payers: str
    most_difference: str

    def __post_init__(self) -> None:
        check_choice("same", self.same, SETTLEMENT_COLUMNS)
        check_choice("payers", [self.payers], _PAYERS)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The difference."""
        return (self.most_difference,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `most_percent_paid` is what the funds paid together, in percent of the bill.

        Each line of the later settlement violates by the share of its payment that was too much.
        """
        keys = ("person_key", *self.same)
        columns = ", ".join(dict.fromkeys(keys))
        equal = " and ".join(f"o.{name} = s.{name}" for name in dict.fromkeys(keys))
        near = values[self.most_difference]
        return f"""
        with of_month as (
          select distinct {columns} from rule_settlements where month = '{month}' and fund_paid > 0
        ), asked as (
          select {columns} from rule_settlements join of_month using ({columns}) where fund_paid > 0
          group by {columns} having count(*) > 1
        ), known as (
          select s.* from rule_settlements s join asked o on {equal} where s.fund_paid > 0
        ), pairs as (
          select s.settlement_key, o.settlement_key as other_key,
                 case when s.insurance_type = o.insurance_type then s.fund_paid
                      else least(s.fund_paid + o.fund_paid - greatest(s.total_amount, o.total_amount), s.fund_paid)
                 end as excess, s.fund_paid,
                 (s.fund_paid + o.fund_paid) * 100 // greatest(s.total_amount, o.total_amount) as most_percent_paid
          from known s join known o on {equal} and o.settlement_key <> s.settlement_key
          where s.month = '{month}' and abs(s.total_amount - o.total_amount) <= {near} and {_PAYERS[self.payers]}
            and (o.settled_at < s.settled_at or (o.settled_at = s.settled_at and o.settlement_id < s.settlement_id))
            and not {lawful}
        ), twice as (
          select settlement_key, max(excess) as part, max(fund_paid) as whole,
                 max(most_percent_paid) as most_percent_paid
          from pairs group by settlement_key having max(excess) > 0
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               l.prescriber_key as practitioner_key, l.fee_date as service_date, l.in_scope, t.part, t.whole,
               cast(t.most_percent_paid as bigint) as most_percent_paid
        from rule_lines l join twice t on t.settlement_key = l.settlement_key
        union all
        select distinct p.other_key, cast(null as bigint), 'involved', s.provider_key, s.person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0
        from pairs p join twice t on t.settlement_key = p.settlement_key
        join rule_settlements s on s.settlement_key = p.settlement_key
        """
