"""Trace codes that were sold more than once, and every scan of them: all else is left behind at once."""

from __future__ import annotations

from fraud.rules.ledger.encodings import canonical, cleaned

_CLEAN = f"select e.*, {cleaned('e.trace_code')} as clean from trace_events e"
_CODE = canonical("e.clean", "e.item_key")

# One row per code with several scans as sold, by eight bytes: codes that share them by chance are told apart later.
CODES = f"""
select code_hash from (
  select hash({_CODE}) as code_hash from ({_CLEAN} where e.event_type = 'sale') e where {_CODE} is not null
) group by code_hash having count(*) > 1
"""

# One row per scan of such a code, in the one spelling and as it was written; `scan` numbers them in order of time,
# and what brings a box in comes before what takes it out in the same second.
SCANS = f"""
select row_number() over (order by e.code, e.event_time, case e.event_type when 'inbound' then 0 when 'return' then 1
    when 'inventory' then 2 when 'sale' then 3 else 4 end, e.event_id, e.provider_key, e.settlement_key) as scan, e.*
from (
  select {_CODE} as code, e.trace_code, e.event_id, e.event_time, e.event_type, e.provider_key, e.person_key,
    e.settlement_key, e.item_key, coalesce(e.is_split_pack, false) as is_part, e.quantity, e.month
  from ({_CLEAN}) e
) e
join ledger_codes c on c.code_hash = hash(e.code)
where e.code is not null
"""
