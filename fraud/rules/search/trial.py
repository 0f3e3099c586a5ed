"""Rules tried on a store without rows, so that what the engine refuses is refused before work starts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from features.claims import ClaimsStore
from features.claims.store.catalog import Catalog
from features.engine import DuckDBEngine
from features.errors import InputError
from fraud.rules.relations.base import create_base
from fraud.rules.search.hits import create_hits
from fraud.rules.search.why_failed import why_failed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.rules.declare import Rule

_ANY_MONTH = "2000-01"


def try_out(rules: Iterable[Rule]) -> None:
    """Run each rule once, with its default numbers, where every table of the contract is empty.

    Raises
    ------
    InputError
        The engine cannot run one: types that do not fit, words in the wrong order.
    """
    chosen = list(rules)
    if not chosen:
        return
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore(Path(), Catalog()).attach(engine)
        create_base(engine)
        for rule in chosen:
            try:
                create_hits(engine, rule, _ANY_MONTH, {each.name: each.default for each in rule.parameters})
            except (duckdb.ProgrammingError, duckdb.DataError) as error:
                what, hint = f"rule '{rule.code}'", "mend the sql of its exemptions"
                raise InputError.of(what, f"in {rule.origin}", why_failed(error), hint) from error
