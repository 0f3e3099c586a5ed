"""The same sum paid again and again by one person at one provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from features.vocabulary.money import MINOR_UNITS
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.executors.actor.equal_payments_scans import sold_at_doubted_shops, spoken_months
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.whole_bills import whole_bills

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

_DAY = "cast(settled_at as date)"


@dataclass(frozen=True)
class EqualPayments:
    """Bills of one person, provider and sum: several on a day, or two within seconds with the same basket.

    Two within seconds speak only where the provider has several such pairs in the window, or has them on two days and
    scans otherwise, so that failed scans explain at most one in ten. There a round sum paid from the account alone
    speaks too, and where scans are not missed so often by chance, several packs of one drug. A bill whose packs were
    scanned is left in peace: goods went over the counter. Alias for exemptions: `s`, the settlement.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care in question.
    per_day, seconds, pairs, round_sum : str
        Parameters: fewest equal payments of a day, longest pause between two of a pair, fewest pairs of the window,
        what a round sum is a multiple of, in units of currency.
    """

    family: ClassVar[str] = "actor"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_equal_payments", Unit("equal payment", "equal payments", "笔等额结算")),
        Measure("quick_pairs", Unit("pair", "pairs", "对")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    per_day: str
    seconds: str
    pairs: str
    round_sum: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All four numbers."""
        return (self.per_day, self.seconds, self.pairs, self.round_sum)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_equal_payments` were made on one day, `quick_pairs` at the provider in the window.

        Pairs of earlier months are named with the month in which they become enough within the window, with all that
        was settled since the shop last was named.
        """
        return f"""
        with {self._bills(month, values[self.round_sum] * MINOR_UNITS, lawful)}, scanned as (
          select distinct t.settlement_key from trace_events t
          where t.event_type = 'sale' and t.settlement_key in (select settlement_key from shop_bills)
        ), {_paired(dialect, values[self.seconds])}, {sold_at_doubted_shops()},
        {spoken_months(values[self.pairs])}, named as (
          select b.settlement_key, coalesce(p.n_unscanned, 1) as most_equal_payments, s.n_pairs as quick_pairs
          from shop_bills b
          join spoken s on s.provider_key = b.provider_key and s.month = '{month}'
          left join paired p on p.settlement_key = b.settlement_key
          left join sold d on d.settlement_key = b.settlement_key
          left join scanned t on t.settlement_key = b.settlement_key
          where t.settlement_key is null and (
            (b.month = '{month}' and p.n_unscanned >= {values[self.per_day]})
            or ((s.is_frequent or s.is_told)
              -- What was so often on a day has been named in its own month.
              and (b.month = '{month}'
                   or (b.month > coalesce(s.spoken_month, '') and coalesce(p.n_unscanned, 1) < {values[self.per_day]}))
              and ((s.is_frequent or d.settlement_key is not null) and (p.is_pair or b.is_round)
                   or s.is_stacked and d.is_stack)))
        ), billed as ({whole_bills("named")}
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, n.most_equal_payments, n.quick_pairs
        from billed l join named n on n.settlement_key = l.settlement_key
        """

    def _bills(self, month: str, round_sum: int, lawful: str) -> str:
        """Return SQL of `shop_bills`: those of the window at providers where something is paid again on a day."""
        kinds = quoted_list(self.encounter_types)
        return f"""again as (
          select distinct provider_key from rule_settlements s
          where s.month <= '{month}' and s.total_amount > 0 and s.encounter_type in {kinds}
          group by provider_key, person_key, total_amount, {_DAY} having count(*) > 1
        ), shop_bills as (
          select s.settlement_key, s.settlement_id, s.person_key, s.provider_key, s.total_amount, s.settled_at, s.month,
                 coalesce(s.account_paid_amount = s.total_amount, false) as is_alone,
                 coalesce(s.account_paid_amount = s.total_amount, false) and s.total_amount % {round_sum} = 0
                   as is_round,
                 count(*) over (partition by s.person_key, s.provider_key, s.total_amount, {_DAY}) as n_equal
          from rule_settlements s join again a on a.provider_key = s.provider_key
          where s.month <= '{month}' and s.total_amount > 0 and s.encounter_type in {kinds} and not {lawful}
        )"""


def _paired(dialect: Dialect, seconds: int) -> str:
    """Return SQL of `paired`: bills without scans that are paid again on their day, or of a round sum."""
    same = "partition by person_key, provider_key, total_amount"
    pause = dialect.seconds_between("earlier", "settled_at")
    wait = dialect.seconds_between("settled_at", "later")
    return f"""repeated as (
          select b.* from shop_bills b
          left join scanned t on t.settlement_key = b.settlement_key
          where t.settlement_key is null and (b.n_equal > 1 or b.is_round)
        ), repeated_lines as ({whole_bills("repeated")}
        ), baskets as (
          select l.settlement_key, list_sort(list({dialect.hash64("l.item_key, l.net_quantity")})) as items
          from repeated_lines l group by l.settlement_key
        ), placed as (
          select r.*, b.items, count(*) over ({same}, {_DAY}) as n_unscanned,
                 lag(settled_at) over paid as earlier, lead(settled_at) over paid as later,
                 lag(items) over paid as items_before, lead(items) over paid as items_after
          from repeated r join baskets b on b.settlement_key = r.settlement_key
          window paid as ({same} order by settled_at, settlement_id)
        ), told_apart as (
          select *, {pause} between 1 and {seconds} and items = items_before as is_second,
                 {wait} between 1 and {seconds} and items = items_after as is_first
          from placed
        ), paired as (
          select *, coalesce(is_first, false) or coalesce(is_second, false) as is_pair from told_apart
        )"""
