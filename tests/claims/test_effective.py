"""Reversals and refunds net off among the attached months; stored rows stay as they came."""

import pytest

from features.engine import DuckDBEngine
from tests.support.claims import make_store


@pytest.fixture
def store(tmp_path):
    settlements = [
        {"settlement_id": "S1", "settle_time": "2026-01-10 09:00:00"},
        {"settlement_id": "S2", "settle_time": "2026-01-11 09:00:00"},
        {
            "settlement_id": "S3",
            "settle_time": "2026-02-01 09:00:00",
            "is_reversal": "true",
            "original_settlement_id": "S2",
        },
    ]
    lines = [
        {"settlement_id": "S1", "line_number": 1, "amount": "10.00", "quantity": "2"},
        {"settlement_id": "S1", "line_number": 2, "amount": "20.00", "quantity": "4"},
        {"settlement_id": "S1", "line_number": 3, "amount": "-10.00", "quantity": "-2", "original_line_number": 1},
        {"settlement_id": "S1", "line_number": 4, "amount": "-5.00", "quantity": "-1", "original_line_number": 2},
        {"settlement_id": "S2", "line_number": 1, "amount": "7.00"},
        {"settlement_id": "S3", "line_number": 1, "amount": "-7.00", "quantity": "-1"},
    ]
    return make_store(tmp_path, {"settlements": settlements, "claim_lines": lines})


def effective(store, months):
    with DuckDBEngine() as engine:
        store.attach(engine, months=months)
        settlements = engine.rows("select settlement_key from effective_settlements order by 1")
        lines = engine.rows("select settlement_key, line_number, amount from effective_lines order by 1, 2")
        return [row[0] for row in settlements], lines


def test_what_is_left(store):
    # Line 1 of S1 is refunded in full, line 2 in part (it stays); S3 reverses S2.
    assert effective(store, None) == ([1], [(1, 2, 2000)])


def test_a_later_reversal_is_not_seen_before_its_month(store):
    assert effective(store, ["2026-01"]) == ([1, 2], [(1, 2, 2000), (2, 1, 700)])


def test_a_month_without_rows_is_empty_not_an_error(store):
    assert effective(store, ["2031-01"]) == ([], [])


def test_views_of_tables_never_given_are_empty_and_typed(store):
    with DuckDBEngine() as engine:
        store.attach(engine)
        assert engine.frame("select * from trace_events").shape[0] == 0
        assert engine.rows("select provider_key, person_key, month from claim_lines where settlement_key = 2") == [
            (1, 1, "2026-01")
        ]
    assert (store.has("trace_events"), store.has("claim_lines", "days_supply")) == (False, False)
