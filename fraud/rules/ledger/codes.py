"""Trace codes that were sold more than once, and every scan of them: all else is left behind at once."""

from __future__ import annotations

from fraud.rules.ledger.encodings import canonical, cleaned

_CODE = canonical("e.clean", "e.item_key")


def _keyed(condition: str) -> str:
    """Return events with eight bytes for each code.

    Most codes are twenty digits that begin with 8, and stand as they are: only the others are looked at closer before
    it is known which repeat.
    """
    is_usual = "length(e.trace_code) = 20 and starts_with(e.trace_code, '8')"
    return f"""
    select e.* exclude (clean), hash(case when e.clean is null then e.trace_code else {_CODE} end) as code_hash
    from (
      select e.*, case when not ({is_usual}) then {cleaned("e.trace_code")} end as clean
      from trace_events e where {condition}
    ) e
    """


# One row per code with several scans as sold, by eight bytes: codes that share them by chance are told apart later.
CODES = f"""
select code_hash from ({_keyed("e.event_type = 'sale'")}) e group by code_hash having count(*) > 1
"""

# One row per scan of such a code, in the one spelling and as it was written; `scan` numbers them in order of time,
# and what brings a box in comes before what takes it out in the same second.
SCANS = f"""
with repeated as (
  select e.*, {cleaned("e.trace_code")} as clean
  from ({_keyed("true")}) e join ledger_codes c on c.code_hash = e.code_hash
), spelt as (
  select {_CODE} as code, e.trace_code, e.event_id, e.event_time, e.event_type, e.provider_key, e.person_key,
    e.settlement_key, e.item_key, coalesce(e.is_split_pack, false) as is_part, e.quantity, e.month
  from repeated e
)
select row_number() over (order by e.code, e.event_time, case e.event_type when 'inbound' then 0 when 'return' then 1
    when 'inventory' then 2 when 'sale' then 3 else 4 end, e.event_id, e.provider_key, e.settlement_key) as scan, e.*
from spelt e where e.code is not null
"""
