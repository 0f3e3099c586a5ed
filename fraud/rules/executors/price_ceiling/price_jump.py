"""A drug sold far above what the same provider asked before it raised the price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine import quoted_list
from features.vocabulary.care import BOXED_DRUGS
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# Days with sales over which the price before is averaged.
_DAYS = 7
# Millionths of a currency unit: cents of an amount over ten-thousandths of an item unit.
_PRICE = "coalesce(l.unit_price, cast(cast(l.amount as hugeint) * 100000000 // l.quantity as bigint))"
# A price that does not make the amount is a slip of the keyboard.
_AGREES = """
abs(cast(l.unit_price as hugeint) * l.quantity - cast(l.amount as hugeint) * 100000000)
  <= cast(l.amount as hugeint) * 1000000
"""
# What a price is one of: a seller's item under one name and unit.
_PACK = "provider_key, item_key, pack"
_IS_PRICED = f"l.item_type in {quoted_list(BOXED_DRUGS)} and (l.unit_price is null or {_AGREES})"


@dataclass(frozen=True)
class PriceJump:
    """Lines of drugs whose price exceeds what the provider asked before, while other providers ask less.

    The first day on which the price exceeds the average of seven days with sales is when it was raised. What it had
    been is the highest such average until then, so that an offer counts for nothing, and is held fixed: an average
    that moves on takes in the raised price within days. Where half of the others raised theirs as far, the price of
    the place has risen, and nothing is named. Prices are those of one item, name and unit: another pack is another
    price. A fall takes no money and is no hit. Aliases for exemptions: `l`, the line; `s`, its settlement.

    Parameters
    ----------
    percent : str
        Parameter: percent above the price before.
    percent_elsewhere : str
        Parameter: percent above the median of what other providers asked last in the month.
    """

    family: ClassVar[str] = "price_ceiling"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_percent", Unit("percent", "percent", "%")),
        Measure("items", Unit("drug", "drugs", "种药品")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": LINE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    percent: str
    percent_elsewhere: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Percent above its own price, and above that of others."""
        return (self.percent, self.percent_elsewhere)

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one item, at all providers."""
        return ("item_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_percent` is what a price lies above the one before."""
        beyond, above = 100 + values[self.percent], 100 + values[self.percent_elsewhere]
        before = f"partition by {_PACK} order by fee_date rows between"
        return f"""
        with spread as (
          -- Where nothing in the month is dearer than the cheapest by so much, no price jumps.
          select l.provider_key, l.item_key from rule_lines l where {_IS_PRICED}
          group by l.provider_key, l.item_key
          having cast(max(case when l.month = '{month}' then {_PRICE} end) as hugeint) * 100 > min({_PRICE}) * {beyond}
        ), priced as ({self._priced(dialect, "spread p on p.provider_key = l.provider_key and p.item_key = l.item_key")}
          where {_IS_PRICED} and not {lawful}
        ), days as (
          select {_PACK}, fee_date, cast(sum(price) // count(*) as bigint) as price
          from priced group by {_PACK}, fee_date
        ), averages as (
          select d.*,
            cast(sum(price) over ({before} {_DAYS} preceding and 1 preceding) // {_DAYS} as bigint) as average,
            count(*) over ({before} {_DAYS} preceding and 1 preceding) as n_days
          from days d
        ), settled as (
          select a.*, max(average) over ({before} unbounded preceding and current row) as before_price
          from averages a where n_days = {_DAYS} and average > 0
        ), raised as (
          select {_PACK}, min(fee_date) as since, arg_min(before_price, fee_date) as before_price
          from settled where cast(price as hugeint) * 100 > cast(average as hugeint) * {beyond}
          group by {_PACK}
        ), dear as (
          select p.*, r.before_price from priced p
          join raised r on r.provider_key = p.provider_key and r.item_key = p.item_key and r.pack = p.pack
          where p.month = '{month}' and p.fee_date >= r.since
            and cast(p.price as hugeint) * 100 > cast(r.before_price as hugeint) * {beyond}
        ), {self._elsewhere(dialect, month, lawful, beyond)}
        ), found as (
          select p.settlement_key, p.line_number, p.provider_key, p.fee_date, p.in_scope, p.item_key,
            p.price - p.before_price as part, p.price as whole,
            cast((cast(p.price as hugeint) - p.before_price) * 100 // p.before_price as bigint) as most_percent
          from dear p
          join elsewhere e on e.provider_key = p.provider_key and e.item_key = p.item_key and e.pack = p.pack
          where p.price * 100 > e.price * {above}
        )
        select f.settlement_key, f.line_number, 'violating' as role, f.provider_key, cast(null as bigint) as person_key,
          cast(null as bigint) as practitioner_key, f.fee_date as service_date, f.in_scope, f.part, f.whole,
          f.most_percent, c.items
        from found f
        join (select provider_key, count(distinct item_key) as items from found group by provider_key) c
          on c.provider_key = f.provider_key
        """

    def _elsewhere(self, dialect: Dialect, month: str, lawful: str, beyond: int) -> str:
        """Return SQL of `elsewhere`: the median of others' newest prices; none where half of them raised theirs."""
        return f"""
        dear_items as (
          select distinct item_key from dear
        ), newest as (
          -- As of the month's end: whoever raises a listed price first is followed within weeks.
          select {_PACK}, max(struct_pack(fee_date := fee_date, price := price)).price as price
          from ({self._priced(dialect, "dear_items p on p.item_key = l.item_key")}
            where l.month = '{month}' and {_IS_PRICED} and not {lawful}
          ) m group by {_PACK}
        ), began as (
          select {_PACK}, arg_min(price, fee_date) as price from days group by {_PACK}
        ), elsewhere as (
          select d.provider_key, d.item_key, d.pack, median(n.price) as price
          from (select distinct {_PACK} from dear) d
          join newest n on n.item_key = d.item_key and n.pack = d.pack and n.provider_key <> d.provider_key
          left join began b on b.provider_key = n.provider_key and b.item_key = n.item_key and b.pack = n.pack
          group by d.provider_key, d.item_key, d.pack
          having 2 * count(case when n.price * 100 > b.price * {beyond} then 1 end) < count(*)"""

    @staticmethod
    def _priced(dialect: Dialect, chosen: str) -> str:
        """Return SQL up to its joins: chosen lines `l`, of `s`, with their price and what it is the price of."""
        return f"""
          select l.settlement_key, l.line_number, l.month, l.provider_key, l.item_key,
            {dialect.hash64("l.item_name, l.unit")} as pack, l.fee_date, l.in_scope, {_PRICE} as price
          from rule_lines l
          join {chosen}
          join rule_settlements s on s.settlement_key = l.settlement_key"""
