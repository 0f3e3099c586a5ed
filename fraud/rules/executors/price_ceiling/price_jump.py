"""A drug sold far above what the same provider asked on the days before."""

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


@dataclass(frozen=True)
class PriceJump:
    """Lines of drugs whose price exceeds the provider's moving average, while other providers did not raise theirs.

    Prices are those of one item, name and unit: another pack is another price. A fall takes no money and is no hit.
    Aliases for exemptions: `l`, the line; `s`, its settlement.

    Parameters
    ----------
    percent : str
        Parameter: percent above the average of seven days with sales.
    """

    family: ClassVar[str] = "price_ceiling"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_percent", Unit("percent", "percent", "%")),
        Measure("items", Unit("drug", "drugs", "种药品")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": LINE_COLUMNS, "s": SETTLEMENT_COLUMNS}

    percent: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The percent."""
        return (self.percent,)

    @property
    def together(self) -> tuple[str, ...]:
        """Lines of one item, at all providers."""
        return ("item_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_percent` is what a price lies above the average."""
        beyond = 100 + values[self.percent]
        pack = "provider_key, item_key, pack"
        is_priced = f"l.item_type in {quoted_list(BOXED_DRUGS)} and (l.unit_price is null or {_AGREES})"
        return f"""
        with spread as (
          -- Where nothing in the month is dearer than the cheapest by so much, no price jumps.
          select l.provider_key, l.item_key from rule_lines l where {is_priced}
          group by l.provider_key, l.item_key
          having cast(max(case when l.month = '{month}' then {_PRICE} end) as hugeint) * 100 > min({_PRICE}) * {beyond}
        ), priced as ({self._priced(dialect, "spread p on p.provider_key = l.provider_key and p.item_key = l.item_key")}
          where {is_priced} and not {lawful}
        ), days as (
          select {pack}, fee_date, cast(sum(price) // count(*) as bigint) as price, max(month) as month
          from priced group by {pack}, fee_date
        ), averages as (
          select d.*,
            cast(sum(price) over (partition by {pack} order by fee_date rows between {_DAYS} preceding and 1 preceding)
              as hugeint) as before_sum,
            count(*) over (partition by {pack} order by fee_date rows between {_DAYS} preceding and 1 preceding)
              as before_days
          from days d
        ), jumps as (
          select a.*, cast(before_sum // {_DAYS} as bigint) as before_price from averages a
          where month = '{month}' and before_days = {_DAYS} and before_sum > 0
            and cast(price as hugeint) * 100 * {_DAYS} > before_sum * {beyond}
        ), dear_items as (
          select distinct item_key from jumps
        ), shelves as (
          select {pack}, fee_date, cast(sum(price) // count(*) as bigint) as price
          from ({self._priced(dialect, "dear_items p on p.item_key = l.item_key")}
            where l.month = '{month}' and {is_priced} and not {lawful}
          ) m group by {pack}, fee_date
        ), newest as (
          select j.provider_key, j.item_key, j.pack, j.fee_date, arg_max(p.price, p.fee_date) as price
          from shelves p join jumps j on j.item_key = p.item_key and j.pack = p.pack
          where p.provider_key <> j.provider_key and p.fee_date <= j.fee_date
          group by j.provider_key, j.item_key, j.pack, j.fee_date, p.provider_key
        ), elsewhere as (
          select provider_key, item_key, pack, fee_date, median(price) as price from newest
          group by provider_key, item_key, pack, fee_date
        ), found as (
          select p.settlement_key, p.line_number, p.provider_key, p.fee_date, p.in_scope, p.item_key,
            p.price - j.before_price as part, p.price as whole,
            cast((cast(p.price as hugeint) - j.before_price) * 100 // j.before_price as bigint) as most_percent
          from priced p
          join jumps j on j.provider_key = p.provider_key and j.item_key = p.item_key and j.fee_date = p.fee_date
            and j.pack = p.pack
          join elsewhere e on e.provider_key = j.provider_key and e.item_key = j.item_key and e.fee_date = j.fee_date
            and e.pack = j.pack
          where p.month = '{month}' and cast(p.price as hugeint) * 100 > cast(j.before_price as hugeint) * {beyond}
            and p.price * 100 > e.price * {beyond}
        )
        select f.settlement_key, f.line_number, 'violating' as role, f.provider_key, cast(null as bigint) as person_key,
          cast(null as bigint) as practitioner_key, f.fee_date as service_date, f.in_scope, f.part, f.whole,
          f.most_percent, c.items
        from found f
        join (select provider_key, count(distinct item_key) as items from found group by provider_key) c
          on c.provider_key = f.provider_key
        """

    @staticmethod
    def _priced(dialect: Dialect, chosen: str) -> str:
        """Return SQL up to its joins: chosen lines `l`, of `s`, with their price and what it is the price of."""
        return f"""
          select l.settlement_key, l.line_number, l.month, l.provider_key, l.item_key,
            {dialect.hash64("l.item_name, l.unit")} as pack, l.fee_date, l.in_scope, {_PRICE} as price
          from rule_lines l
          join {chosen}
          join rule_settlements s on s.settlement_key = l.settlement_key"""
