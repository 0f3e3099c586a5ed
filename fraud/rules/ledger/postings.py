"""The same as double entry: each scan takes a box, or a part, from one account and brings it to another.

Accounts are `upstream`, the `stock` of a provider, `outside` (persons who bought), `transit`, and `unknown`, from
which second sales come that nothing explains. Stock below nothing is stock from before scanning: unknown, not guilty.
"""

from __future__ import annotations

from fraud.rules.ledger.sales import WHOLE_BOX

# One row per scan of a code sold more than once; a scan that moves nothing has no accounts.
POSTINGS = f"""
select s.code, s.scan, s.event_id, s.event_time, s.event_type, s.provider_key,
  coalesce(b.person_key, s.person_key) as person_key, s.settlement_key, s.item_key,
  case when s.event_type = 'sale' then coalesce(b.no_sale, x.explanation, 'sold') end as explanation,
  case s.event_type when 'inbound' then case when t.scan < s.scan then 'transit' else 'upstream' end
    when 'return' then 'outside' when 'transfer' then 'stock'
    when 'sale' then case when b.no_sale is not null and b.no_sale <> 'returned' then null
      when x.explanation = 'resold' then 'unknown' else 'stock' end end as from_account,
  case s.event_type when 'inbound' then 'stock' when 'return' then 'stock' when 'transfer' then 'transit'
    when 'sale' then case when b.no_sale is not null and b.no_sale <> 'returned' then null else 'outside' end
    end as to_account,
  case when s.event_type = 'inventory' then 0 else coalesce(d.part, {WHOLE_BOX}) end as part, x.gap_days
from ledger_scans s
left join ledger_sales b on b.scan = s.scan
left join ledger_standing d on d.scan = s.scan
left join ledger_second_sales x on x.scan = s.scan
left join (select code, min(scan) as scan from ledger_scans where event_type = 'transfer' group by code) t
  on t.code = s.code
"""
