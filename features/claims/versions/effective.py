"""Effective settlements and lines: what reversals and refunds leave of what stands among the attached months.

Rules, links, evidence and the facts of practitioners read these relations, so that a refund is netted in one way
there; other facts sum lines as they came, where a refund nets itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.contract import TABLES

if TYPE_CHECKING:
    from features.engine import Engine

# Whether a row of settlements `s` takes money back: one that says so, or a negative one that names an original.
IS_REVERSAL = "(coalesce(s.is_reversal, false) or (s.total_amount < 0 and s.original_settlement_key is not null))"
# Amounts of a bill of which a reversal takes back its own.
_AMOUNTS = (
    *("total_amount", "in_scope_amount", "deductible_amount", "fund_paid_amount", "pooled_fund_paid_amount"),
    *("critical_illness_paid_amount", "medical_aid_paid_amount", "account_paid_amount", "mutual_aid_paid_amount"),
    "cash_paid_amount",
)
_SCOPE = "coalesce(in_scope_amount, total_amount)"
_SUMS = ", ".join(
    f"cast(sum({_SCOPE if name == 'in_scope_amount' else name}) as bigint) as {name}" for name in _AMOUNTS
)

# One row per bill that reversals name, wherever it is: what they add to it, zero or less.
_BILL_REVERSALS = f"""
select original_settlement_key as settlement_key, {_SUMS} from settlements s
where {IS_REVERSAL} and original_settlement_key is not null group by original_settlement_key
"""

# Bills of which reversals take back a part.
_PARTLY_REVERSED = f"""
select s.settlement_key from settlements s join bill_reversals r on r.settlement_key = s.settlement_key
where not {IS_REVERSAL} and r.total_amount < 0 and s.total_amount + r.total_amount > 0
"""

# One row per line of such a bill that its reversals take something from: by item, from lines of equal number first.
_REVERSED_PARTS = f"""
select settlement_key, line_number, -taken as amount,
  -cast(round(cast(in_scope_amount as double) * taken / amount) as bigint) as in_scope_amount,
  -cast(round(cast(quantity as double) * taken / amount) as bigint) as quantity
from (
  select l.settlement_key, l.line_number, l.amount, l.in_scope_amount, l.quantity,
    least(l.amount, greatest(0, t.amount - coalesce(l.before_amount, 0))) as taken
  from (
    select c.settlement_key, c.line_number, c.item_key, c.amount, c.quantity,
      coalesce(c.in_scope_amount, c.amount) as in_scope_amount,
      cast(sum(c.amount) over (partition by c.settlement_key, c.item_key
        order by case when n.line_number is null then 1 else 0 end, c.line_number
        rows between unbounded preceding and 1 preceding) as bigint) as before_amount
    from claim_lines c
    join ({_PARTLY_REVERSED}) p on p.settlement_key = c.settlement_key
    left join (
      select distinct s.original_settlement_key, r.item_key,
        coalesce(r.original_line_number, r.line_number) as line_number
      from claim_lines r join settlements s on s.settlement_key = r.settlement_key where {IS_REVERSAL}
    ) n on n.original_settlement_key = c.settlement_key and n.item_key = c.item_key and n.line_number = c.line_number
    where c.original_line_number is null and c.amount > 0
  ) l
  join (
    select s.original_settlement_key as settlement_key, r.item_key, cast(-sum(r.amount) as bigint) as amount
    from claim_lines r join settlements s on s.settlement_key = r.settlement_key
    where {IS_REVERSAL} group by s.original_settlement_key, r.item_key
  ) t on t.settlement_key = l.settlement_key and t.item_key = l.item_key
) x where taken > 0
"""
_NO_PARTS = (
    "select settlement_key, line_number, amount, coalesce(in_scope_amount, amount) as in_scope_amount, quantity "
    "from claim_lines where 1 = 0"
)

# One row per line that was refunded: what its refunds take back, zero or less.
_REFUNDS = """
select settlement_key, line_number,
    cast(sum(amount) as bigint) as refunded_amount,
    cast(sum(in_scope_amount) as bigint) as refunded_in_scope_amount,
    cast(sum(quantity) as bigint) as refunded_quantity
from (
  select settlement_key, original_line_number as line_number, amount,
    coalesce(in_scope_amount, amount) as in_scope_amount, quantity
  from claim_lines where original_line_number is not null
  union all select settlement_key, line_number, amount, in_scope_amount, quantity from reversed_parts
) f
group by settlement_key, line_number
"""

_NETTED = ", ".join(
    f"s.{name} + coalesce(r.{name}, 0) as {name}" if name in _AMOUNTS else f"s.{name}"
    for name, _ in TABLES["settlements"].stored
)
# One row per settlement that is no reversal and of which attached reversals leave something: its amounts less theirs.
_SETTLEMENTS = f"""
select {_NETTED} from settlements s left join bill_reversals r on r.settlement_key = s.settlement_key
where not {IS_REVERSAL} and (r.settlement_key is null or s.total_amount + r.total_amount > 0)
"""

# One row per settlement that is attached and not effective: reversals, and bills that they take back in full.
_INEFFECTIVE = f"""
select s.settlement_key from settlements s left join bill_reversals r on r.settlement_key = s.settlement_key
where {IS_REVERSAL} or (r.settlement_key is not null and s.total_amount + r.total_amount <= 0)
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
    ("bill_reversals", _BILL_REVERSALS),
    ("reversed_parts", _REVERSED_PARTS),
    ("line_refunds", _REFUNDS),
    ("effective_settlements", _SETTLEMENTS),
    ("ineffective_settlements", _INEFFECTIVE),
    ("effective_lines", _LINES),
)


def create_effective_views(engine: Engine, *, is_linked: bool) -> None:
    """Create the effective views over what an engine shows of settlements and lines.

    Parameters
    ----------
    engine : Engine
        With the views `settlements` and `claim_lines`.
    is_linked : bool
        Whether a bill may say of another what became of it; see `LINKS` of `standing`.
    """
    for name, sql in EFFECTIVE_VIEWS:
        # Lines are read for it each time, so only where a bill is reversed in part.
        is_idle = name == "reversed_parts" and not (is_linked and _any_partly_reversed(engine))
        engine.create_view(name, _NO_PARTS if is_idle else sql)


def _any_partly_reversed(engine: Engine) -> bool:
    return bool(engine.rows(f"select count(*) from ({_PARTLY_REVERSED}) p")[0][0])
