"""What scans say of the lines of items that are short: delivered and scanned, scanned only, or neither.

CTEs of `stock_gap`, which has made `books`, `item_lines` and `short`.
"""

from __future__ import annotations

from fraud.rules.relations.missed_scans import EXPLAINED, FEWEST_OTHERS


def told_by_scans() -> str:
    """Return `scanned`, what scans prove of a bill's item, and `told`, what they prove of nearly all at its provider.

    Proof is 2 where a pack was delivered to the provider and scanned on its way out, 1 where it was scanned only. The
    code of a pack that was sold before, and did not come back, proves nothing. Where all else that the provider sells
    lacks it far less often, and the item has it at times, there or elsewhere, a pack without never left.
    """
    return f"""
        shelves as (
          select distinct provider_key from short
        ), handled as (
          select t.event_id, t.settlement_key, t.item_key, t.provider_key, t.trace_code, t.event_type, t.event_time
          from trace_events t join shelves s on s.provider_key = t.provider_key
        ), began as (
          -- Before its first scan a provider had no scanner.
          select provider_key, min(event_time) as first_time from handled where event_type = 'sale'
          group by provider_key
        ), delivered as (
          select distinct provider_key, trace_code from handled where event_type = 'inbound'
        ), scanned as (
          select h.settlement_key, h.item_key, h.provider_key,
                 max(case when d.trace_code is null then 1 else 2 end) as proof
          from handled h
          left join delivered d on d.provider_key = h.provider_key and d.trace_code = h.trace_code
          left join (select event_id from ledger_second_sales where explanation = 'resold') r on r.event_id = h.event_id
          where h.event_type = 'sale' and r.event_id is null group by h.settlement_key, h.item_key, h.provider_key
        ), elsewhere as (
          select l.provider_key, count(*) as n, count(c.item_key) as n_scanned,
                 count(*) filter (c.proof = 2) as n_delivered
          from window_lines l
          join began g on g.provider_key = l.provider_key and l.fee_time >= g.first_time
          join books b on b.provider_key = l.provider_key and b.item_key = l.item_key and b.month = l.month
          left join short t on t.provider_key = l.provider_key and t.item_key = l.item_key
          left join scanned c on c.settlement_key = l.settlement_key and c.item_key = l.item_key
          where t.item_key is null group by l.provider_key
        ), coded as (
          -- What others scan has a code.
          select distinct item_key from trace_events
          where event_type = 'sale' and item_key in (select item_key from short)
        ), counted as (
          select q.provider_key, q.item_key, count(*) as n, count(c.item_key) as n_scanned,
                 count(*) filter (c.proof = 2) as n_delivered
          from item_lines q
          join short s on s.provider_key = q.provider_key and s.item_key = q.item_key
            -- A month that the books cover has to tell by itself.
            and (q.is_over or q.month > s.spoken_month)
          join began g on g.provider_key = q.provider_key and q.fee_time >= g.first_time
          left join scanned c on c.settlement_key = q.settlement_key and c.item_key = q.item_key
          group by q.provider_key, q.item_key
        ), told as (
          select k.provider_key, k.item_key, g.first_time,
                 case when k.n_delivered > 0 and {_is_odd("n_delivered")} then 2
                      when h.item_key is not null and {_is_odd("n_scanned")} then 1 end as usual_proof
          from counted k
          join elsewhere e on e.provider_key = k.provider_key
          join began g on g.provider_key = k.provider_key
          left join coded h on h.item_key = k.item_key
          where e.n >= {FEWEST_OTHERS}"""


def undelivered_packs() -> str:
    """Return `undelivered`, lines of packs that were scanned and never delivered, with the packs beyond the opening."""
    return """
        first_books as (
          -- What lay there before deliveries were on record: at the window's beginning, or when scans began.
          select b.provider_key, b.item_key, min(b.month) as month,
                 min_by(b.opening + case when b.month > w.month and g.first_time >= cast(b.month || '-01' as timestamp)
                                         then b.purchased else 0 end, b.month) as opening
          from books b
          join began g on g.provider_key = b.provider_key
            and g.first_time < cast(b.month || '-01' as timestamp) + interval 1 month
          join (select provider_key, min(month) as month from books group by provider_key) w
            on w.provider_key = b.provider_key
          group by b.provider_key, b.item_key
        ), undelivered as (
          select q.settlement_key, q.line_number, sum(q.packs) over (partition by q.provider_key, q.item_key
                   order by q.fee_time, q.settlement_key, q.line_number
                   rows between unbounded preceding and current row) - f.opening as packs_beyond
          from item_lines q
          join first_books f on f.provider_key = q.provider_key and f.item_key = q.item_key and f.month <= q.month
          join scanned c on c.settlement_key = q.settlement_key and c.item_key = q.item_key and c.proof = 1"""


def _is_odd(proven: str) -> str:
    """Return the predicate that chance explains few of the item's lines that lack the proof.

    Of the lines that have it, as many should lack it as do of what the provider sells otherwise, and no more.
    """
    return f"(e.n - e.{proven}) * k.{proven} * {EXPLAINED} <= (k.n - k.{proven}) * e.{proven}"
