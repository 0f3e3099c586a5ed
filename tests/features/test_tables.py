"""Tables of a window: each says what one row is, and how far back a row lies is said in full."""

from __future__ import annotations

import re

from features.engine import DuckDBDialect
from features.tables import profile_tables

MONTHS = ["2025-12", "2026-01", "2026-03"]
TABLES = list(profile_tables(DuckDBDialect(), MONTHS))


def test_every_table_has_a_name_of_its_own_and_says_its_grain() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES)
    assert [table.name for table in TABLES if not re.fullmatch(r"One row per .+\.", table.grain)] == []


def test_months_back_are_calendar_months() -> None:
    money = next(table.sql for table in TABLES if table.name == "money")
    assert "when '2025-12' then 4 when '2026-01' then 3 when '2026-03' then 1 end as months_back" in money
    assert not any(re.search(r"\bas w\b(?! \()", table.sql) for table in TABLES)
