"""What executors return, and how one rule is asked for it.

Their SQL reads `fraud.rules.relations.base` and returns hits, one row per subject, line and role: `settlement_key`,
`line_number` (null when the whole settlement is meant), `role`, `provider_key`, `person_key`, `practitioner_key` (the
subjects, also on involved rows), `service_date`, `in_scope`, `part` and `whole` (exposure = in_scope x part / whole),
and the executor's measures: nights, days, minutes. An executor that sets `is_graded` returns `is_certain` as well:
false on a violating line that rests on something which may not be so, such as an identifier that stands for many. Of a
definite rule such lines make a finding of their own, which is suspicious.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.rules.declare.predicates import parse_predicate
from fraud.rules.relations.base import show_piece
from fraud.rules.relations.shared import create_shared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule
    from fraud.rules.declare.scope import Scope


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
    sql = in_scope(rule.executor.sql(engine.dialect, month, values, lawful_sql(rule, values)), rule.scope)
    create_shared(engine, sql, month)
    engine.drop("rule_hits")
    if pieces == 1:
        engine.create_table("rule_hits", sql)
        return
    try:
        for piece in range(pieces):
            show_piece(engine, rule.executor.together, piece, pieces)
            if piece:
                engine.execute(f"insert into rule_hits {sql}")
            else:
                engine.create_table("rule_hits", sql)
    finally:
        show_piece(engine, (), 0, 1)


def lawful_sql(rule: Rule, values: Mapping[str, int]) -> str:
    """Return the predicate that is true for what one of a rule's exemptions leaves in peace.

    Each exemption is made two-valued, so that an unknown one does not hide what another knows.
    """
    texts = [exemption.sql for exemption in rule.exemptions if exemption.sql is not None]
    predicates = [parse_predicate(text, rule.executor.aliases).bound(values) for text in texts]
    return f"({' or '.join(f'coalesce(({predicate}), false)' for predicate in predicates) or 'false'})"


def in_scope(hits_sql: str, scope: Scope) -> str:
    """Leave out violating rows of which the rule does not speak; where none is left, nobody is named."""
    inside = scope.condition("h", "s")
    if inside == "true":
        return hits_sql
    return f"""
    select h.* from window_settlements s join ({hits_sql}) h on h.settlement_key = s.settlement_key
    where h.role = 'involved' or ({inside})
    """
