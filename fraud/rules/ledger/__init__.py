"""Trace codes as a ledger: where each box went by the books, and the cheapest explanation of each second sale.

`encodings` brings the ways to write a code to one; `codes` finds those that were sold more than once and collects
their scans; `sales` says which scans are sales at all; `packs` how many boxes an outer code stands for; `second_sales`
which sale stands behind which, and what would explain it; `postings` writes the same as double entry; `tables` makes
them. docs/trace-ledger.md says what is guilty and what not.
"""

from fraud.rules.ledger.tables import LEDGER_TABLES, make_ledger

__all__ = ["LEDGER_TABLES", "make_ledger"]
