"""The same sum paid again and again by one person at one provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from features.vocabulary.money import MINOR_UNITS
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.whole_bills import whole_bills

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class EqualPayments:
    """Bills of one person, provider and sum: several on a day, or two within seconds with the same basket.

    Two within seconds speak only where the provider has several such pairs in the window; there a round sum paid from
    the account alone speaks too. A bill whose packs were scanned is left in peace: goods went over the counter. Alias
    for exemptions: `s`, the settlement.

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

        Pairs of earlier months are named with the month in which they become enough within the window.
        """
        day, same = "cast(settled_at as date)", "partition by person_key, provider_key, total_amount"
        pause = dialect.seconds_between("earlier", "settled_at")
        wait = dialect.seconds_between("settled_at", "later")
        round_sum = values[self.round_sum] * MINOR_UNITS
        return f"""
        with {self._bills(month, day, round_sum, lawful)}, repeated as (
          select * from equal_bills where n_equal > 1 or is_round
        ), scanned as (
          select distinct t.settlement_key from trace_events t
          where t.event_type = 'sale' and t.settlement_key in (select settlement_key from repeated)
        ), billed as ({whole_bills("repeated")}
        ), baskets as (
          select l.settlement_key, list_sort(list({dialect.hash64("l.item_key, l.net_quantity")})) as items
          from billed l group by l.settlement_key
        ), unscanned as (
          select r.*, b.items from repeated r
          join baskets b on b.settlement_key = r.settlement_key
          left join scanned t on t.settlement_key = r.settlement_key
          where t.settlement_key is null
        ), placed as (
          select *, count(*) over ({same}, {day}) as n_unscanned,
                 lag(settled_at) over paid as earlier, lead(settled_at) over paid as later,
                 lag(items) over paid as items_before, lead(items) over paid as items_after
          from unscanned window paid as ({same} order by settled_at, settlement_id)
        ), paired as (
          select *, {pause} between 1 and {values[self.seconds]} and items = items_before as is_second,
                 {wait} between 1 and {values[self.seconds]} and items = items_after as is_first
          from placed
        ), counted as (
          select *, count(*) filter (where is_second) over (partition by provider_key) as n_pairs,
                 count(*) filter (where is_second and month < '{month}') over (partition by provider_key) as n_before
          from paired
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, c.n_unscanned as most_equal_payments,
               c.n_pairs as quick_pairs
        from billed l join counted c on c.settlement_key = l.settlement_key
        where (c.month = '{month}' and c.n_unscanned >= {values[self.per_day]})
           or (c.n_pairs >= {values[self.pairs]}
               -- What was so often on a day has been named in its own month.
               and (c.month = '{month}' or c.n_before < {values[self.pairs]} and c.n_unscanned < {values[self.per_day]})
               and (coalesce(c.is_first, false) or coalesce(c.is_second, false) or c.is_round))
        """

    def _bills(self, month: str, day: str, round_sum: int, lawful: str) -> str:
        """Return SQL of `equal_bills`: those of the window at providers where something is paid again in the month."""
        kinds = quoted_list(self.encounter_types)
        return f"""again as (
          select distinct provider_key from rule_settlements s
          where s.month = '{month}' and s.total_amount > 0 and s.encounter_type in {kinds}
          group by provider_key, person_key, total_amount, {day} having count(*) > 1
        ), equal_bills as (
          select s.settlement_key, s.settlement_id, s.person_key, s.provider_key, s.total_amount, s.settled_at, s.month,
                 s.account_paid_amount = s.total_amount and s.total_amount % {round_sum} = 0 as is_round,
                 count(*) over (partition by s.person_key, s.provider_key, s.total_amount, {day}) as n_equal
          from rule_settlements s join again a on a.provider_key = s.provider_key
          where s.month <= '{month}' and s.total_amount > 0 and s.encounter_type in {kinds} and not {lawful}
        )"""
