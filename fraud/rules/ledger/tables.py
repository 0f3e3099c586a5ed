"""The tables of the ledger, each a name and the SQL that makes it, in the order in which they are made."""

from __future__ import annotations

from fraud.rules.ledger.codes import CODES, SCANS
from fraud.rules.ledger.packs import PACKS
from fraud.rules.ledger.sales import LINES, SALES
from fraud.rules.ledger.second_sales import SECOND_SALES, STANDING

LEDGER_TABLES = (
    ("ledger_codes", CODES),
    ("ledger_scans", SCANS),
    ("ledger_packs", PACKS),
    ("ledger_lines", LINES),
    ("ledger_sales", SALES),
    ("ledger_standing", STANDING),
    ("ledger_second_sales", SECOND_SALES),
)
