"""Effective settlements and lines: what reversals and refunds leave among the attached months.

Rules, links, evidence and the facts of practitioners read these relations, so that a refund is netted in one way
there; other facts sum lines as they came, where a refund nets itself.
"""

from __future__ import annotations

# One row per line that was refunded: what its refunds take back, zero or less.
_REFUNDS = """
select settlement_key, original_line_number as line_number,
    cast(sum(amount) as bigint) as refunded_amount,
    cast(sum(coalesce(in_scope_amount, amount)) as bigint) as refunded_in_scope_amount,
    cast(sum(quantity) as bigint) as refunded_quantity
from claim_lines where original_line_number is not null
group by settlement_key, original_line_number
"""

# One row per settlement that is no reversal and that no attached reversal cancels.
_SETTLEMENTS = """
select s.* from settlements s
where not coalesce(s.is_reversal, false)
  and not exists (
    select 1 from settlements r
    where coalesce(r.is_reversal, false) and r.original_settlement_key = s.settlement_key
  )
"""

# One row per charge line of an effective settlement that is no refund and that its refunds do not cancel in full.
_LINES = """
select l.* from claim_lines l
join effective_settlements s on s.settlement_key = l.settlement_key
left join line_refunds f on f.settlement_key = l.settlement_key and f.line_number = l.line_number
where l.original_line_number is null and l.amount >= 0 and l.quantity >= 0
  and (f.settlement_key is null or l.amount + f.refunded_amount > 0)
"""

EFFECTIVE_VIEWS = (
    ("line_refunds", _REFUNDS),
    ("effective_settlements", _SETTLEMENTS),
    ("effective_lines", _LINES),
)
