"""The tables of the ledger: made once for all rules of a run that read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.rules.ledger.codes import CODES, SCANS
from fraud.rules.ledger.packs import PACKS
from fraud.rules.ledger.sales import BILLED, LINES, SALES
from fraud.rules.ledger.second_sales import SECOND_SALES, STANDING

if TYPE_CHECKING:
    from features.engine import DuckDBEngine

# Each a name and the SQL that makes it, in the order in which they are made.
LEDGER_TABLES = (
    ("ledger_codes", CODES),
    ("ledger_scans", SCANS),
    ("ledger_packs", PACKS),
    ("ledger_billed", BILLED),
    ("ledger_lines", LINES),
    ("ledger_sales", SALES),
    ("ledger_standing", STANDING),
    ("ledger_second_sales", SECOND_SALES),
)


def make_ledger(engine: DuckDBEngine) -> None:
    """Make the tables that are not there yet, on an engine with the base of the rules."""
    for name, sql in LEDGER_TABLES:
        if name not in engine.tables:
            engine.create_table(name, sql)
