"""Texts become exact integers, or nothing: never a rounded amount."""

import pytest

from features.claims.contract import TABLES
from features.claims.parse import value_sql
from features.engine import DuckDBEngine


def parsed(table, column, text):
    with DuckDBEngine() as engine:
        return engine.rows(f"select {value_sql(TABLES[table].by_name[column], 't')} from (select ? as t)", [text])[0][0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.01", 1),
        ("-12.5", -1250),
        ("12.50000", 1250),
        ("1e2", 10_000),
        ("9999999999.99", 999_999_999_999),
        ("10000000000.01", 1_000_000_000_001),  # beyond the fast way
        ("92233720368547758.07", 2**63 - 1),
        ("92233720368547758.08", None),  # beyond 64 bits
        ("12.345", None),
        ("10000000000.001", None),
        ("1,000.00", None),
        ("¥5", None),
        ("nan", None),
        ("", None),
    ],
)
def test_money(text, value):
    assert parsed("claim_lines", "amount", text) == value


@pytest.mark.parametrize(
    ("table", "column", "text", "value"),
    [
        ("claim_lines", "unit_price", "1.234567", 1_234_567),
        ("claim_lines", "unit_price", "1.2345678", None),
        ("claim_lines", "quantity", "-0.5", -5000),
        ("claim_lines", "line_number", "7.0", 7),
        ("claim_lines", "line_number", "7.5", None),
        ("claim_lines", "discount_share", "inf", None),
        ("settlements", "is_reversal", "1", True),
        ("settlements", "is_reversal", "maybe", None),
        ("settlements", "encounter_type", "INPATIENT", "inpatient"),
        ("settlements", "encounter_type", "spaceship", "other"),
        ("persons", "gender", "both", None),
    ],
)
def test_other_types(table, column, text, value):
    assert parsed(table, column, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-02-28", "2026-02-28"),
        ("2026-02-28 23:59:59", "2026-02-28"),
        ("2026-02-30", "None"),
        ("0001-01-01", "None"),
    ],
)
def test_dates(text, value):
    assert str(parsed("persons", "birth_date", text)) == value
