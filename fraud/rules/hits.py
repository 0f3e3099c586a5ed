"""What executors read and what they return.

They read two relations of the month and its window:

`rule_settlements`, one row per effective settlement, with `SETTLEMENT_COLUMNS`: those of `settlements` as stored, save
that `settled_at` is its settle time, `in_scope` and `fund_paid` are its money, and `admit_date` and `discharge_date`
its days, null where they break the order that `check` counts. `is_dated` says that its lines tell days apart (they
carry several dates, or the care lasted one day), so that a line's day can be trusted.

`rule_lines`, one row per effective line of positive amount, with `LINE_COLUMNS`: those of `claim_lines` as stored,
and `fee_date`, `net_quantity` and `in_scope`, the last two net of its partial refunds.

Where a rule does not fit into memory, both are shown to it in pieces, one after the other: what an executor finds
depends only on rows that are equal in its `together`, and these are always in one piece.

They return hits, one row per subject, line and role: `settlement_key`, `line_number` (null when the whole
settlement is meant), `role`, `provider_key`, `person_key`, `practitioner_key` (the subjects, also on involved
rows), `service_date`, `in_scope`, `part` and `whole` (exposure = in_scope x part / whole), and the executor's
measures: nights, days, minutes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims import TABLES
from features.claims.quality.orders import sound
from fraud.rules.predicates import parse_predicate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule
    from fraud.rules.numbers import Measure
    from fraud.rules.scope import Scope

LINE_COLUMNS = (*(name for name, _ in TABLES["claim_lines"].stored), "fee_date", "net_quantity", "in_scope")
# Columns of settlements that have another name or sense there.
_OWN = ("settle_time", "admit_time", "discharge_time", "in_scope_amount", "fund_paid_amount")
_STORED = tuple(name for name, _ in TABLES["settlements"].stored if name not in _OWN)
SETTLEMENT_COLUMNS = (
    *_STORED,
    *("settlement_id", "settled_at", "admit_date", "discharge_date", "in_scope", "fund_paid", "is_dated"),
)
_LINES = """
select l.*, cast(l.fee_time as date) as fee_date,
       l.quantity + coalesce(r.refunded_quantity, 0) as net_quantity,
       coalesce(l.in_scope_amount, l.amount) + coalesce(r.refunded_in_scope_amount, 0) as in_scope
from effective_lines l
left join line_refunds r on r.settlement_key = l.settlement_key and r.line_number = l.line_number
where l.amount > 0 and l.quantity + coalesce(r.refunded_quantity, 0) > 0
  and coalesce(l.in_scope_amount, l.amount) + coalesce(r.refunded_in_scope_amount, 0) > 0
"""
_SETTLEMENTS = f"""
with days as (
  select settlement_key, min(fee_date) as first_fee_date, max(fee_date) as last_fee_date
  from window_lines group by settlement_key
)
select {", ".join(f"s.{name}" for name in _STORED)},
       c.settlement_id, s.settle_time as settled_at,
       cast({sound("settlements", "admit_time", "s")} as date) as admit_date,
       cast({sound("settlements", "discharge_time", "s")} as date) as discharge_date,
       coalesce(s.in_scope_amount, s.total_amount) as in_scope, s.fund_paid_amount as fund_paid,
       coalesce(d.first_fee_date < d.last_fee_date, false) or s.service_start_date = s.service_end_date as is_dated
from effective_settlements s
left join days d on d.settlement_key = s.settlement_key
join codes_settlement c on c.settlement_key = s.settlement_key
"""


def create_base(engine: DuckDBEngine) -> None:
    """Create the relations that executors read, on an engine where the store is attached.

    From then on the engine joins as statements are written, with the smaller rows on the right: it takes each of the
    conditions on a line for one that few lines meet, and would put all lines of a window into memory to look few up.
    """
    engine.execute("set disabled_optimizers = 'build_side_probe_side'")
    engine.create_view("window_lines", _LINES)
    engine.create_table("window_settlements", _SETTLEMENTS)
    _show(engine, (), 0, 1)


def create_hits(engine: DuckDBEngine, rule: Rule, month: str, values: Mapping[str, int], pieces: int = 1) -> None:
    """Create `rule_hits`, what a rule finds in a month, on an engine with the base.

    Parameters
    ----------
    engine : DuckDBEngine
        With the base.
    rule : Rule
        What to look for.
    month : str
        The month whose findings are wanted.
    values : mapping of str to int
        The rule's parameters by name.
    pieces : int, default 1
        Into how many pieces the claims are cut; the hits are the same, the memory is less.
    """
    texts = [exemption.sql for exemption in rule.exemptions if exemption.sql is not None]
    predicates = [parse_predicate(text, rule.executor.aliases).sql for text in texts]
    # Each predicate is made two-valued, so that an unknown one does not hide what another knows.
    lawful = " or ".join(f"coalesce(({predicate}), false)" for predicate in predicates) or "false"
    found = rule.executor.sql(engine.dialect, month, values, f"({lawful})")
    sql = _in_scope(found, rule.scope)
    engine.drop("rule_hits")
    for piece in range(pieces):
        _show(engine, rule.executor.together, piece, pieces)
        if piece:
            engine.execute(f"insert into rule_hits {sql}")
        else:
            engine.create_table("rule_hits", sql)


def _in_scope(hits_sql: str, scope: Scope) -> str:
    """Leave out violating rows of which the rule does not speak; where none is left, nobody is named."""
    inside = scope.condition("h", "s")
    if inside == "true":
        return hits_sql
    return f"""
    select h.* from ({hits_sql}) h join window_settlements s on s.settlement_key = h.settlement_key
    where h.role = 'involved' or ({inside})
    """


def _show(engine: DuckDBEngine, together: Iterable[str], piece: int, pieces: int) -> None:
    """Show executors one piece of the claims: lines by `together`, settlements too where they have these columns."""
    columns = list(together)
    own = f"where {engine.dialect.hash64(', '.join(columns))} % {pieces} = {piece}" if pieces > 1 else ""
    engine.create_view("rule_lines", f"select * from window_lines {own}")
    is_of_settlement = set(columns) <= set(SETTLEMENT_COLUMNS)
    engine.create_view("rule_settlements", f"select * from window_settlements {own if is_of_settlement else ''}")


def resolve(hits_sql: str, measures: Iterable[Measure]) -> str:
    """Wrap an executor's SELECT: identifiers for keys, and the settlement's money."""
    own = "".join(f"h.{measure.name}, " for measure in measures)
    return f"""
    select h.role, s.settlement_id, h.line_number, h.service_date, {own}h.in_scope, h.part, h.whole,
           s.in_scope as settlement_in_scope, s.fund_paid as settlement_fund_paid,
           cp.provider_id, cn.person_id, cd.practitioner_id,
           lp.provider_id as line_provider_id, ln.person_id as line_person_id
    from ({hits_sql}) h
    join window_settlements s on s.settlement_key = h.settlement_key
    left join codes_provider cp on cp.provider_key = h.provider_key
    left join codes_person cn on cn.person_key = h.person_key
    left join codes_practitioner cd on cd.practitioner_key = h.practitioner_key
    join codes_provider lp on lp.provider_key = s.provider_key
    join codes_person ln on ln.person_key = s.person_key
    order by s.settlement_id, h.line_number, h.role, cp.provider_id, cn.person_id, cd.practitioner_id
    """
