"""The contract as data agrees with itself."""

import pytest

from features.claims.contract import (
    CODE_COLUMNS,
    DOMAINS,
    KEYS,
    MONTH_COLUMNS,
    REQUIRED_TABLES,
    SETTLEMENT_TABLES,
    TABLES,
    table_named,
)
from features.errors import InputError


def test_keys_months_and_domains_name_columns_that_exist():
    assert set(KEYS) == set(TABLES)
    assert set(REQUIRED_TABLES) <= set(TABLES)
    for name, table in TABLES.items():
        assert set(table.key) <= set(table.by_name), name
        assert name not in MONTH_COLUMNS or MONTH_COLUMNS[name] in table.by_name
        assert name not in SETTLEMENT_TABLES or "settlement_id" in table.by_name
        stored = [column for column, _ in table.stored]
        assert len(stored) == len(set(stored)), name
    named = {column.name for table in TABLES.values() for column in table.columns}
    assert set(DOMAINS) <= named
    assert set(CODE_COLUMNS.values()) <= named


def test_canonical_names_and_types():
    lines = dict(TABLES["claim_lines"].stored)
    assert (lines["settlement_key"], lines["item_key"], lines["amount"]) == ("BIGINT", "BIGINT", "BIGINT")
    assert (lines["fee_time"], lines["days_supply"], lines["item_type"]) == ("TIMESTAMP", "BIGINT", "VARCHAR")
    assert {"provider_key", "person_key", "month", "prescriber_key", "executor_key"} <= set(lines)
    assert TABLES["settlements"].by_name["original_settlement_id"].stored_name == "original_settlement_key"
    assert TABLES["claim_lines"].by_name["quantity"].scale == 4
    assert TABLES["persons"].by_name["gender"].values == ("male", "female", "unknown")


def test_an_unknown_table_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'claim_lines'"):
        table_named("claim_line")
