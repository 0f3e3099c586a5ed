"""Which scans are sales: those of bills taken back, repeats of a failed scan and boxes that came back are none."""

from __future__ import annotations

# Ten-thousandths of a box, as quantities are stored.
WHOLE_BOX = 10_000
# Minutes in which a till that failed scans the same box again. Our proposal.
FAILED_SCAN_MINUTES = 30

# One row per line of a bill that sold such a code, of the item sold, net of refunds.
BILLED = """
select l.settlement_key, l.item_key, l.line_number, l.month, l.fee_date, l.net_quantity, l.in_scope
from window_lines l
join (
  select distinct settlement_key, item_key from ledger_scans where event_type = 'sale' and settlement_key is not null
) k on k.settlement_key = l.settlement_key and k.item_key = l.item_key
"""

# One row per such bill and item: the first of the lines that refunds leave, null where they leave none.
LINES = """
with stored as (
  select distinct l.settlement_key, l.item_key from claim_lines l
  join (
    select distinct settlement_key, item_key from ledger_scans where event_type = 'sale' and settlement_key is not null
  ) k on k.settlement_key = l.settlement_key and k.item_key = l.item_key
  where l.original_line_number is null
)
select s.settlement_key, s.item_key, min(b.line_number) as line_number
from stored s left join ledger_billed b on b.settlement_key = s.settlement_key and b.item_key = s.item_key
group by s.settlement_key, s.item_key
"""

_BILL = "partition by s.code, s.provider_key, s.settlement_key order by s.scan"
_SHELF = "partition by s.code, s.provider_key order by s.scan"
_SOON = f"<= {FAILED_SCAN_MINUTES * 60}"

# One row per scan as sold. `no_sale` says why it sold no box, and is null where it did; `n_scans` how often the bill
# holds the code as it is written; a sale belongs to the month in which it was settled.
SALES = f"""
with keys as (
  select distinct settlement_key from ledger_scans where settlement_key is not null
), bills as (
  select w.settlement_key, w.month, w.person_key
  from window_settlements w join keys k on k.settlement_key = w.settlement_key
), known as (
  select s.settlement_key from settlements s join keys k on k.settlement_key = s.settlement_key
), paid as (
  select s.*, coalesce(w.month, s.month) as sale_month, w.settlement_key is not null as is_paid,
    coalesce(s.person_key, w.person_key) as buyer_key, l.line_number,
    (w.settlement_key is null and t.settlement_key is not null)
      or (l.settlement_key is not null and l.line_number is null) as is_refunded
  from ledger_scans s
  left join bills w on w.settlement_key = s.settlement_key
  left join known t on t.settlement_key = s.settlement_key
  left join ledger_lines l on l.settlement_key = s.settlement_key and l.item_key = s.item_key
  where s.event_type in ('sale', 'return')
), scanned as (
  select s.*,
    s.settlement_key is not null and row_number() over ({_BILL}) > 1 as is_repeat,
    first_value(s.trace_code) over ({_BILL}) as first_written,
    s.settlement_key is null and (
      coalesce(date_diff('second', lag(s.event_time) over ({_SHELF}), s.event_time) {_SOON}, false)
      or (coalesce(date_diff('second', s.event_time, lead(s.event_time) over ({_SHELF})) {_SOON}, false)
        and lead(s.settlement_key) over ({_SHELF}) is not null)
    ) as is_failed_scan,
    count(*) over (partition by s.code, s.provider_key, s.settlement_key, s.trace_code) as n_in_bill
  from paid s where s.event_type = 'sale' and not s.is_refunded
), kept as (
  select code, scan, event_type, provider_key from scanned where not is_repeat and not is_failed_scan
  union all
  select code, scan, event_type, provider_key from paid where event_type = 'return'
), returned as (
  select scan from (select s.*, lead(s.event_type) over ({_SHELF}) as next_type from kept s) s
  where event_type = 'sale' and next_type = 'return'
)
select s.code, s.scan, s.event_id, s.event_time, s.provider_key, s.buyer_key as person_key, s.settlement_key,
  s.item_key, s.line_number, s.is_part, s.quantity, s.sale_month, s.is_paid,
  case when s.settlement_key is null or s.is_part then 1 else coalesce(n.n_in_bill, 1) end as n_scans,
  case when s.is_refunded then 'refunded'
    when n.is_repeat and n.trace_code <> n.first_written then 'other_encoding'
    when n.is_repeat then 'same_bill' when n.is_failed_scan then 'failed_scan'
    when r.scan is not null then 'returned' end as no_sale
from paid s
left join scanned n on n.scan = s.scan
left join returned r on r.scan = s.scan
where s.event_type = 'sale'
"""
