"""More sold with insurance than ever lay on the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.hits import LINE_COLUMNS
from fraud.rules.numbers import Measure, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# Of a provider with at least so many booked items, hardly all can be short: then books and bills do not speak of the
# same codes or units. The same of an item that is short at most providers.
_CLASH_PERCENT, _CLASH_FROM = 80, 5


@dataclass(frozen=True)
class StockGap:
    """Lines of an item beyond opening stock and purchases of the month, in the order in which they were sold.

    The month speaks where the quarter up to it is short by more than a ratio. Sold pieces of a pack count as their
    part of it; an item that the provider's group had enough of, a slip of one digit on one line, and books that do not
    fit at all are left in peace. Aliases for exemptions: `l`, the line.

    Parameters
    ----------
    ratio, excess : str
        Parameters: quantity sold in percent of what was there, beyond which it speaks; least quantity beyond.
    """

    family: ClassVar[str] = "data_integrity"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("short_items", Unit("item", "items", "种药品")),
        Measure("most_percent_of_stock", Unit("percent", "percent", "%")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"l": LINE_COLUMNS}

    ratio: str
    excess: str

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The ratio and the least excess."""
        return (self.ratio, self.excess)

    @property
    def together(self) -> tuple[str, ...]:
        """Any line: what was sold in all is summed over uncut claims, and only the lines named are looked at in pieces."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:  # noqa: ARG002 - one signature for all executors
        """Return hits; `short_items` of the provider, at most `most_percent_of_stock` sold."""
        year, number = month.split("-")
        quarter = f"{year}-{(int(number) - 1) // 3 * 3 + 1:02d}"
        return f"""
        with {_books(month, quarter)}, {_sales(month, quarter, lawful)}, balance as (
          select n.provider_key, n.item_key, n.sold, n.largest, b.available,
                 case when n.sold > b.available then 1 else 0 end as is_short
          from month_sales n
          join month_books b on b.provider_key = n.provider_key and b.item_key = n.item_key
        ), pools as (
          select coalesce(o.group_id, {dialect.text("b.provider_key")}) as pool, b.item_key
          from balance b left join providers o on o.provider_key = b.provider_key
          group by coalesce(o.group_id, {dialect.text("b.provider_key")}), b.item_key
          having sum(b.sold) > sum(b.available)
        ), comparable as (
          select b.*, count(*) over (partition by b.provider_key) as n_items,
                 sum(b.is_short) over (partition by b.provider_key) as n_short,
                 count(*) over (partition by b.item_key) as n_sellers,
                 sum(b.is_short) over (partition by b.item_key) as n_short_sellers
          from balance b
        ), short as (
          select c.provider_key, c.item_key, c.available, q.sold * 100 // greatest(q.available, 1) as percent
          from comparable c
          join quarter_balance q on q.provider_key = c.provider_key and q.item_key = c.item_key
          left join providers o on o.provider_key = c.provider_key
          join pools p on p.item_key = c.item_key and p.pool = coalesce(o.group_id, {dialect.text("c.provider_key")})
          where c.sold >= c.available + {values[self.excess]} * 10000
            and q.sold * 100 > q.available * {values[self.ratio]}
            and c.sold * 10 - c.largest * 9 > c.available * 10
            and not (c.n_items >= {_CLASH_FROM} and c.n_short * 100 > c.n_items * {_CLASH_PERCENT})
            and not (c.n_sellers >= {_CLASH_FROM} and c.n_short_sellers * 100 > c.n_sellers * {_CLASH_PERCENT})
        ), ordered as (
          select m.*, s.available, s.percent,
                 cast(sum(m.packs) over (partition by m.provider_key, m.item_key
                   order by m.fee_time, m.settlement_key, m.line_number
                   rows between unbounded preceding and current row) as bigint) as packs_so_far
          from month_lines m join short s on s.provider_key = m.provider_key and s.item_key = m.item_key
        ), counted as (
          select o.*, n.n_items from ordered o
          join (select provider_key, count(*) as n_items from short group by provider_key) n
            on n.provider_key = o.provider_key
          where o.packs_so_far > o.available
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               least(c.packs_so_far - c.available, c.packs) as part, c.packs as whole, c.n_items as short_items,
               c.percent as most_percent_of_stock
        from rule_lines l join counted c on c.settlement_key = l.settlement_key and c.line_number = l.line_number
        """


def _books(month: str, quarter: str) -> str:
    """Books of the month, and of the quarter up to it; an opening stock that is not known is no stock of nothing."""
    return f"""
        booked as (
          select *, coalesce(opening_quantity,
                             lag(closing_quantity) over (partition by provider_key, item_key order by month)) as opening
          from stock_movements where month <= '{month}'
        ), month_books as (
          select provider_key, item_key, greatest(opening, 0) + purchased_quantity as available
          from booked where month = '{month}' and opening is not null
        ), quarter_books as (
          select provider_key, item_key,
                 min_by(greatest(opening, 0), month) + cast(sum(purchased_quantity) as bigint) as available,
                 min(month) as first_month
          from booked where month >= '{quarter}' and opening is not null
          group by provider_key, item_key
        )"""


def _sales(month: str, quarter: str, lawful: str) -> str:
    """What was sold of booked items, in packs: a piece of a pack is known by its price."""
    packs = """case when p.units > 10000 and l.unit_price * p.units <= 2 * p.usual_price * 10000
                    then greatest(l.net_quantity * 10000 // p.units, 1) else l.net_quantity end"""
    return f"""
        month_booked as (
          select l.* from window_lines l
          join month_books b on b.provider_key = l.provider_key and b.item_key = l.item_key
          where l.month = '{month}' and not {lawful}
        ), pack_prices as (
          select m.item_key, median(m.unit_price) as usual_price,
                 coalesce((select max(r.units_per_pack) from ref_items r where r.item_key = m.item_key), 0) as units
          from month_booked m group by m.item_key
        ), month_lines as (
          select l.settlement_key, l.line_number, l.provider_key, l.item_key, l.fee_time, {packs} as packs
          from month_booked l join pack_prices p on p.item_key = l.item_key
        ), month_sales as (
          select provider_key, item_key, cast(sum(packs) as bigint) as sold, max(packs) as largest
          from month_lines group by provider_key, item_key
        ), quarter_balance as (
          select q.provider_key, q.item_key, q.available, cast(sum({packs}) as bigint) as sold
          from window_lines l
          join (
            select q.* from quarter_books q
            join month_sales m on m.provider_key = q.provider_key and m.item_key = q.item_key
            join month_books b on b.provider_key = q.provider_key and b.item_key = q.item_key
            where m.sold > b.available
          ) q on q.provider_key = l.provider_key and q.item_key = l.item_key and l.month >= q.first_month
          join pack_prices p on p.item_key = l.item_key
          where l.month >= '{quarter}' and l.month <= '{month}' and not {lawful}
          group by q.provider_key, q.item_key, q.available
        )"""
