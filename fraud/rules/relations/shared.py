"""Relations that several rules of a run read, made when the first of them is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fraud.rules.ledger import LEDGER_TABLES, make_ledger
from fraud.rules.relations.drug_fills import DRUG_FILLS, create_drug_fills
from fraud.rules.relations.pooled import POOLED, create_pooled
from fraud.rules.relations.practitioner_days import PRACTITIONER_DAYS, create_practitioner_days
from fraud.rules.relations.ratios import RATIO_VALUES, create_ratio_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from features.engine import DuckDBEngine

# Name -> what makes it, on an engine with the base, for a month.
SHARED: Mapping[str, Callable[[DuckDBEngine, str], None]] = {
    RATIO_VALUES: create_ratio_values,
    DRUG_FILLS: create_drug_fills,
    POOLED: lambda engine, _month: create_pooled(engine),
    PRACTITIONER_DAYS: create_practitioner_days,
    **{name: lambda engine, _month: make_ledger(engine) for name, _ in LEDGER_TABLES},
}


def create_shared(engine: DuckDBEngine, sql: str, month: str) -> None:
    """Create the relations that a rule's statement names and no rule before it has read."""
    for name, make in SHARED.items():
        if name not in engine.tables and re.search(rf"\b{name}\b", sql):
            make(engine, month)


def forget_shared(engine: DuckDBEngine) -> None:
    """Drop them: the engine shows other months now."""
    for name in sorted(SHARED.keys() & engine.tables):
        engine.drop(name)
