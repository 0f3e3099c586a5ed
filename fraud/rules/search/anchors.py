"""Anchors of rules: what a rule cannot do without, asked for first, so that most statements of a small month never run.

An executor may have `anchor(values)`: SQL of rows without which it has no hit, cheap to look for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.rules.relations.shared import create_shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule


def without_anchor(
    engine: DuckDBEngine, month: str, rules: Iterable[Rule], values: Mapping[str, Mapping[str, int]]
) -> frozenset[str]:
    """Return the codes of rules that can have no hit.

    Parameters
    ----------
    engine : DuckDBEngine
        With the base.
    month : str
        The month.
    rules : iterable of Rule
        All that run.
    values : mapping of str to mapping
        Parameters by rule code.
    """
    asked: dict[str, str] = {}
    for rule in rules:
        anchor = getattr(rule.executor, "anchor", None)
        if anchor is not None:
            asked[rule.code] = anchor(values[rule.code])
    if not asked:
        return frozenset()
    for sql in asked.values():
        create_shared(engine, sql, month)
    (found,) = engine.rows(f"select {', '.join(f'exists ({sql})' for sql in asked.values())}")
    return frozenset(code for code, is_there in zip(asked, found, strict=True) if not is_there)
