"""Second sales: a box that is out already is sold; and the cheapest explanation of each."""

from __future__ import annotations

from features.claims.in_force import in_force, is_in_force
from fraud.rules.ledger.encodings import is_outer_gtin
from fraud.rules.ledger.packs import without_item
from fraud.rules.ledger.sales import WHOLE_BOX

# Parts of a box may come to a little more than the box: thirds and sevenths are rounded.
_WITH_ROUNDING = WHOLE_BOX + WHOLE_BOX // 100

_ALL = "partition by s.code order by s.scan"
_HERE = "partition by s.code, s.provider_key order by s.scan"

# One row per sale of a box or a part, in their order: how much of the box it is, and what was sold before it.
STANDING = f"""
with units as ({in_force("ref_items", "item_key", "units_per_pack", "units_per_pack > 0")}), sold as (
  select s.*, case when not s.is_part then {WHOLE_BOX}
      when s.quantity > 0 and s.quantity < {WHOLE_BOX} then s.quantity
      when u.units_per_pack >= {WHOLE_BOX} then {WHOLE_BOX} * {WHOLE_BOX} // u.units_per_pack else 0 end as part
  from ledger_sales s
  left join units u on s.is_part and u.item_key = s.item_key
    and {is_in_force("u", "cast(s.event_time as date)")}
  where s.no_sale is null
)
select s.*, row_number() over ({_ALL}) as place, row_number() over ({_HERE}) as place_here,
  cast(sum(case when s.is_part then 0 else 1 end) over ({_ALL}) as bigint) as n_whole,
  cast(sum(s.part) over ({_HERE}) as bigint) as part_here,
  lag(s.scan) over ({_ALL}) as before_scan, lag(s.event_id) over ({_ALL}) as before_event_id,
  lag(s.event_time) over ({_ALL}) as before_time, lag(s.provider_key) over ({_ALL}) as before_provider_key,
  lag(s.person_key) over ({_ALL}) as before_person_key, lag(s.settlement_key) over ({_ALL}) as before_settlement_key,
  lag(s.line_number) over ({_ALL}) as before_line_number, lag(s.is_paid) over ({_ALL}) as before_is_paid,
  lag(s.part) over ({_ALL}) as before_part,
  min(s.provider_key) over ({_ALL}) = max(s.provider_key) over ({_ALL}) as is_one_provider
from sold s
"""

# One row per sale that stands behind another, with `explanation` (`resold` where the books have none) and the event
# that it rests on. Cheapest first: what the till does daily, what one book shows, what two books show.
SECOND_SALES = f"""
with moves as (
  select code, provider_key,
    min(event_time) filter (event_type = 'transfer') as sent_time,
    arg_min(event_id, scan) filter (event_type = 'transfer') as sent_event_id,
    min(event_time) filter (event_type = 'inbound') as came_time,
    max(event_time) filter (event_type = 'inbound') as came_last_time,
    arg_min(event_id, scan) filter (event_type = 'inbound') as came_event_id
  from ledger_scans where event_type in ('transfer', 'inbound') group by code, provider_key
), seen as (
  select s.*, date_diff('day', cast(s.before_time as date), cast(s.event_time as date)) as gap_days,
    coalesce(o.group_id = b.group_id, false) as is_same_group, p.n_boxes,
    coalesce(m.sent_time <= s.event_time, false) as was_sent, m.sent_event_id,
    coalesce(h.came_last_time between s.before_time and s.event_time, false) as came_after,
    coalesce(h.came_time < s.before_time and (h.sent_time is null or h.sent_time > s.event_time), false) as was_here,
    h.came_event_id
  from ledger_standing s
  left join providers o on o.provider_key = s.provider_key
  left join providers b on b.provider_key = s.before_provider_key
  left join ledger_packs p on p.outer_code = {without_item("s.code")}
  left join moves m on m.code = s.code and m.provider_key = s.before_provider_key
  left join moves h on h.code = s.code and h.provider_key = s.provider_key
  where s.place > 1
), judged as (
  select s.*, s.provider_key = s.before_provider_key as is_same_provider, case
      when s.is_one_provider and s.part_here <= {_WITH_ROUNDING} then 'split_pack'
      when s.is_one_provider and s.n_whole <= 1 and not s.is_part then 'split_pack'
      when s.place <= s.n_boxes or (s.n_boxes is null and {is_outer_gtin("s.code")}) then 'outer_pack'
      when s.provider_key <> s.before_provider_key and s.was_sent and (s.is_same_group or s.came_after) then 'moved'
      when s.provider_key <> s.before_provider_key and not s.before_is_paid
        and (s.is_same_group or (s.before_person_key is null and s.came_after)) then 'moved'
      when s.provider_key <> s.before_provider_key and s.place_here = 1 and s.was_here then 'two_boxes'
      else 'resold' end as explanation
  from seen s
)
select *, case explanation when 'moved' then sent_event_id when 'two_boxes' then came_event_id end as evidence_event_id
from judged
"""
