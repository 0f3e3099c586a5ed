"""What scans say of a shop where equal payments follow each other within seconds.

CTEs of `equal_payments`, which has made `shop_bills`, `scanned` and `paired`.
"""

from __future__ import annotations

from features.engine.dialect import quoted_list
from features.vocabulary.care import BOXED_DRUGS
from fraud.rules.relations.missed_scans import EXPLAINED, FEWEST_OTHERS
from fraud.rules.relations.whole_bills import whole_bills

# A scanner that fails for a minute leaves out both of a pair; on a second day it was no moment.
_FEWEST_DAYS = 2
# Of one drug from so many packs on: a single pack is what a counter sells all day.
_STACK = 20_000  # quantities are ten-thousandths


def sold_at_doubted_shops() -> str:
    """Return `sold`, the bills of coded drugs at shops with quick pairs on several days, since their first scan.

    A drug that nobody scans may have no code. `is_stack` says that account money alone paid for packs of one drug.
    """
    return f"""
        doubted as (
          select provider_key from paired where is_second
          group by provider_key having count(distinct cast(settled_at as date)) >= {_FEWEST_DAYS}
        ), began as (
          -- Before its first scan a shop had no scanner.
          select t.provider_key, min(t.event_time) as first_time from trace_events t
          join doubted d on d.provider_key = t.provider_key
          where t.event_type = 'sale' group by t.provider_key
        ), doubted_bills as (
          select b.* from shop_bills b
          join began g on g.provider_key = b.provider_key and b.settled_at >= g.first_time
        ), coded as (
          select distinct item_key from trace_events where event_type = 'sale'
        ), doubted_lines as ({whole_bills("doubted_bills")}
            and l.item_type in {quoted_list(BOXED_DRUGS)}
        ), sold as (
          select b.settlement_key, b.is_alone and q.n_lines = 1 and q.packs >= {_STACK} as is_stack
          from doubted_bills b
          join (
            select l.settlement_key, count(*) as n_lines, sum(l.net_quantity) as packs, count(c.item_key) as n_coded
            from doubted_lines l left join coded c on c.item_key = l.item_key group by l.settlement_key
          ) q on q.settlement_key = b.settlement_key and q.n_coded > 0
        )"""


def spoken_months(pairs: int) -> str:
    """Return `spoken`, one row per shop and month: what is known of it up to then, and when it last spoke before.

    `is_frequent` says that quick pairs are enough by their number, `is_told` that they are without scans as the shop's
    payments that no account paid alone hardly ever are, `is_stacked` the same of packs of one drug.
    """
    sums = ", ".join(
        f"cast(sum(n_{name}) over up_to as bigint) as n_{name}"
        for name in ("pairs", "days", "repeats", "bare_repeats", "others", "bare_others", "stacks", "bare_stacks")
    )
    return f"""
        tally as (
          select b.provider_key, b.month, count(*) filter (p.is_second) as n_pairs,
                 count(distinct cast(b.settled_at as date)) filter (p.is_second and d.settlement_key is not null)
                   as n_days,
                 {_counted("repeats", "b.n_equal > 1")}, {_counted("others", "not b.is_alone")},
                 {_counted("stacks", "d.is_stack")}
          from shop_bills b
          left join paired p on p.settlement_key = b.settlement_key
          left join sold d on d.settlement_key = b.settlement_key
          left join scanned t on t.settlement_key = b.settlement_key
          group by b.provider_key, b.month
        ), so_far as (
          select provider_key, month, {sums} from tally
          window up_to as (partition by provider_key order by month)
        ), judged as (
          select *, n_pairs >= {pairs} as is_frequent,
                 n_days >= {_FEWEST_DAYS} and {_is_odd("repeats")} as is_told, {_is_odd("stacks")} as is_stacked
          from so_far
        ), spoken as (
          select *, max(case when is_frequent or is_told then month end) over (
                      partition by provider_key order by month rows between unbounded preceding and 1 preceding
                    ) as spoken_month
          from judged
        )"""


def _counted(name: str, condition: str) -> str:
    """Return counts of coded bills and, of these, of those without a scan."""
    own = f"d.settlement_key is not null and {condition}"
    return f"""count(*) filter ({own}) as n_{name},
                 count(*) filter ({own} and t.settlement_key is null) as n_bare_{name}"""


def _is_odd(name: str) -> str:
    """Return the predicate that chance explains few of the bills without a scan.

    As many should lack it as do of what the shop sells otherwise, and no more.
    """
    return (
        f"(n_others >= {FEWEST_OTHERS} and n_bare_{name} > 0 "
        f"and n_bare_others * n_{name} * {EXPLAINED} <= n_others * n_bare_{name})"
    )
