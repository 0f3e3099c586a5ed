"""More sold with insurance than ever lay on the shelf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.claims.versions.effective import IS_REVERSAL
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.executors.data_integrity.stock_gap_scans import told_by_scans, undelivered_packs
from fraud.rules.relations.base import LINE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# Of a provider with at least so many booked items, hardly all can be short: then books and bills do not speak of the
# same codes or units. The same of an item that is short at most providers.
_CLASH_PERCENT, _CLASH_FROM = 80, 5
_UNIT = 10_000  # quantities are ten-thousandths


@dataclass(frozen=True)
class StockGap:
    """Lines of an item beyond what left the shelf by the books of their month: scanned packs first, then in time.

    Where nearly all else that the provider sells was scanned, or delivered and scanned, a line that was not is named
    too: what is sold to people without insurance makes the books cover more than they do. Packs that were scanned, but
    not delivered, first use up what the window began with. Nothing is named before a run of months up to this one is
    short by more than a ratio, as an audit counts from one stocktaking to another; then lines without scans of the
    months before are named too, and of later months that are short by less. Sold pieces of a pack count as their part
    of it; packs of an item that the provider's group had
    enough of, if they were scanned, a slip of one digit on one line, and books that do not fit at all are left in
    peace. Alias for exemptions: `l`, the line.

    Parameters
    ----------
    ratio, excess : str
        Parameters: quantity sold in percent of what was there, beyond which it speaks; least quantity beyond.
    """

    family: ClassVar[str] = "data_integrity"
    names_later: ClassVar[bool] = True
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
        """Claims of one provider; what was sold in all is summed over claims that are not cut."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `short_items` of the provider, at most `most_percent_of_stock` sold of what left the shelf.

        What left the shelf is taken for one unit where it was less: of nothing there is no percentage.
        """
        pool = f"coalesce(o.group_id, {dialect.text('b.provider_key')})"
        return f"""
        with {_sales(month, lawful)}, balance as (
          select b.*, {pool} as pool, case when b.sold > b.available then 1 else 0 end as is_short
          from month_balance b left join sound_providers o on o.provider_key = b.provider_key
        ), comparable as (
          select b.*, count(*) over (partition by b.provider_key) as n_items,
                 sum(b.is_short) over (partition by b.provider_key) as n_short,
                 count(*) over (partition by b.item_key) as n_sellers,
                 sum(b.is_short) over (partition by b.item_key) as n_short_sellers,
                 sum(b.sold - b.available) over (partition by b.pool, b.item_key) as pool_excess
          from balance b where b.month = '{month}'
        ), candidates as (
          select provider_key, item_key, is_short = 1 and pool_excess > 0 as is_own_gap, is_short = 1 as is_over
          from comparable
          where (provider_key, item_key) in (select provider_key, item_key from balance where is_short = 1)
            and not (n_items >= {_CLASH_FROM} and n_short * 100 > n_items * {_CLASH_PERCENT})
            and not (n_sellers >= {_CLASH_FROM} and n_short_sellers * 100 > n_sellers * {_CLASH_PERCENT})
        ), {_run(month, lawful, values[self.ratio], values[self.excess] * _UNIT)}
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               greatest(c.unproven, least(c.packs_beyond, c.packs)) as part, c.packs as whole, c.n_items as short_items,
               c.percent as most_percent_of_stock
        from rule_lines l join beyond c on c.settlement_key = l.settlement_key and c.line_number = l.line_number
        """


# A piece of a pack is known by its price, where the usual price is that of a pack.
_PACKS = """case when p.units > 10000 and l.unit_price * p.units <= 2 * p.usual_price * 10000
  then greatest(l.net_quantity * 10000 // p.units, 1) else l.net_quantity end"""


def _sales(month: str, lawful: str) -> str:
    """Return `books`, what could be sold of an item in each month, and each month's balance in packs.

    What could be sold is what left the shelf, where the closing stock is known and fits, and as much again as was put
    back of another month's sales; an opening stock that is not known is no stock of nothing.
    """
    return f"""
        booked as (
          select *, coalesce(opening_quantity,
                             lag(closing_quantity) over (partition by provider_key, item_key order by month)) as opening
          from stock_movements where month <= '{month}'
        ), shelves_by_month as (
          select provider_key, item_key, month, opening, opening + purchased_quantity
                 - case when closing_quantity between 0 and opening + purchased_quantity then closing_quantity else 0
                   end as left_shelf, purchased_quantity as purchased
          from booked where opening >= 0 and purchased_quantity >= 0
        ), booked_lines as (
          select l.* from window_lines l
          join shelves_by_month b on b.provider_key = l.provider_key and b.item_key = l.item_key and b.month = l.month
          where not {lawful}
        ), pack_prices as (
          select m.item_key, median(m.unit_price) as usual_price,
                 coalesce((select max(r.units_per_pack) from ref_items r where r.item_key = m.item_key), 0) as units
          from booked_lines m where m.month = '{month}' group by m.item_key
        ), returned as (
          -- What is taken back in a later month is put back then, so that month's books look as if less had left.
          select l.provider_key, l.item_key, l.month, cast(sum({_PACKS}) as bigint) as packs
          from (
            select c.provider_key, c.item_key, s.month, c.unit_price, -c.quantity as net_quantity
            from settlements s
            join claim_lines c on c.settlement_key = s.settlement_key and c.quantity < 0
            left join settlements o on o.settlement_key = s.original_settlement_key and o.month = s.month
            where {IS_REVERSAL} and s.month <= '{month}' and o.settlement_key is null
          ) l
          join pack_prices p on p.item_key = l.item_key
          group by l.provider_key, l.item_key, l.month
        ), books as (
          select b.*, b.left_shelf + coalesce(r.packs, 0) as available
          from shelves_by_month b
          left join returned r on r.provider_key = b.provider_key and r.item_key = b.item_key and r.month = b.month
        ), month_balance as (
          select l.provider_key, l.item_key, l.month, b.available, cast(sum({_PACKS}) as bigint) as sold
          from booked_lines l
          join pack_prices p on p.item_key = l.item_key
          join books b on b.provider_key = l.provider_key and b.item_key = l.item_key and b.month = l.month
          group by l.provider_key, l.item_key, l.month, b.available
        )"""


def _run(month: str, lawful: str, ratio: int, excess: int) -> str:
    """Return `beyond`, lines that no stock was left for, since the item was last found short.

    Of months before the run these are lines without the scans that nearly all else has; so it is where the group
    had enough: a pack that a branch sent is scanned as any.
    """
    return f"""
        item_lines as (
          select l.settlement_key, l.line_number, l.provider_key, l.item_key, l.month, l.fee_time, c.is_own_gap,
                 c.is_over, {_PACKS} as packs
          from window_lines l
          join candidates c on c.provider_key = l.provider_key and c.item_key = l.item_key
          join pack_prices p on p.item_key = l.item_key
          where l.month <= '{month}' and not {lawful}
        ), {_spoken(ratio, excess)}
        ), short as (
          select * from (
            select b.provider_key, b.item_key, s.first_month, s.month is not null as is_short,
                   coalesce(s.percent, e.percent) as percent, coalesce(e.month, '') as spoken_month
            from item_months b
            left join spoken s on s.provider_key = b.provider_key and s.item_key = b.item_key and s.month = b.month
            left join (
              select provider_key, item_key, max(month) as month, max(percent) as percent from spoken
              where month < '{month}' group by provider_key, item_key
            ) e on e.provider_key = b.provider_key and e.item_key = b.item_key
            where b.month = '{month}'
          ) s where is_short or spoken_month > ''
        ), {told_by_scans()}
        ), {undelivered_packs()}
        ), ordered as (
          select q.settlement_key, q.line_number, q.provider_key, q.packs, s.percent,
                 cast(case when coalesce(c.proof, 0) < coalesce(t.usual_proof, 0) and q.packs % {_UNIT} = 0
                        and q.fee_time >= t.first_time and (q.is_own_gap or c.proof is null)
                        then least(coalesce(u.packs_beyond, q.packs), q.packs)
                      else 0 end as bigint) as unproven,
                 case when q.month >= s.first_month and q.is_own_gap then
                   cast(sum(q.packs) over (partition by q.provider_key, q.item_key, q.month
                     order by coalesce(c.proof, 0) desc, q.fee_time, q.settlement_key, q.line_number
                     rows between unbounded preceding and current row) as bigint) - b.available else 0
                   end as packs_beyond,
                 (select count(*) from short n where n.provider_key = q.provider_key) as n_items
          from item_lines q
          join short s on s.provider_key = q.provider_key and s.item_key = q.item_key and q.month > s.spoken_month
          join books b on b.provider_key = q.provider_key and b.item_key = q.item_key and b.month = q.month
          left join scanned c on c.settlement_key = q.settlement_key and c.item_key = q.item_key
          left join undelivered u on u.settlement_key = q.settlement_key and u.line_number = q.line_number
          left join told t on t.provider_key = q.provider_key and t.item_key = q.item_key
        ), beyond as (
          select * from ordered where packs_beyond > 0 or unproven > 0
        )"""


def _spoken(ratio: int, excess: int) -> str:
    """Return `item_months`, months of an item with its books, and `spoken`, those that a run of months found short."""
    return f"""
        item_months as (
          select b.provider_key, b.item_key, b.month, b.available, coalesce(q.sold, 0) as sold,
                 coalesce(q.largest, 0) as largest
          from books b
          join candidates c on c.provider_key = b.provider_key and c.item_key = b.item_key
          left join (
            select provider_key, item_key, month, cast(sum(packs) as bigint) as sold, max(packs) as largest
            from item_lines group by provider_key, item_key, month
          ) q on q.provider_key = b.provider_key and q.item_key = b.item_key and q.month = b.month
        ), runs as (
          -- Runs of months that end in each month, whatever month they begin in.
          select e.provider_key, e.item_key, e.month, f.month as first_month, max(m.largest) as slip,
                 cast(sum(m.sold) as bigint) as sold, cast(sum(m.available) as bigint) as available
          from item_months e
          join item_months f on f.provider_key = e.provider_key and f.item_key = e.item_key and f.month <= e.month
          join item_months m on m.provider_key = e.provider_key and m.item_key = e.item_key
            and m.month between f.month and e.month
          group by e.provider_key, e.item_key, e.month, f.month
        ), spoken as (
          select provider_key, item_key, month, min(first_month) as first_month,
                 max(sold * 100 // greatest(available, {_UNIT})) as percent
          from runs
          where sold - available >= {excess} and sold * 100 > available * {ratio}
            and sold * 10 - slip * 9 > available * 10
          group by provider_key, item_key, month"""
