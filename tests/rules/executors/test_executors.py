"""The registry of executors, and the rows that exemptions may speak of."""

from pathlib import Path

import pytest

from features.claims import ClaimsStore
from features.claims.store.catalog import Catalog
from features.engine import DuckDBEngine
from fraud.rules.declare.executor import ANY_FAMILY, FAMILIES
from fraud.rules.executors import EXECUTORS
from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS, create_base
from tests.rules.payer import README


@pytest.mark.parametrize("kind", EXECUTORS)
def test_an_executor_lies_in_the_folder_of_its_family(kind):
    executor = EXECUTORS[kind]
    assert executor.family in {*FAMILIES, ANY_FAMILY}
    assert executor.__module__ == f"fraud.rules.executors.{executor.family}.{kind}"


def test_the_readme_shows_every_family_with_its_executors():
    page = README.read_text(encoding="utf-8")
    for family in (*FAMILIES, ANY_FAMILY):
        own = [f"`{kind}`" for kind, executor in EXECUTORS.items() if executor.family == family]
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{family}` |")]
        assert sorted(row.split(" | ")[-1].removesuffix(" |").split(", ")) == sorted(own or ["none yet"])


@pytest.mark.parametrize(
    ("relation", "columns"), [("rule_lines", LINE_COLUMNS), ("rule_settlements", SETTLEMENT_COLUMNS)]
)
def test_the_columns_said_are_the_columns_there(relation, columns):
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore(Path(), Catalog()).attach(engine)
        create_base(engine)
        assert tuple(engine.frame(f"select * from {relation}").columns) == columns
