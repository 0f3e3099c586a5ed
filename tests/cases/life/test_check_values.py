"""Values of decisions are checked whatever way they came."""

from __future__ import annotations

from datetime import date

import pytest

from fraud.cases.life.check_values import value_faults

TODAY = date(2026, 8, 1)
LABEL = {"subject_type": "provider", "subject_id": "H1", "decision": "confirmed_fraud", "decided_date": "2026-07-01"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"selection_probability": "7"}, "selection_probability: not a probability"),
        ({"selection_probability": "0"}, "selection_probability: not a probability"),
        ({"selection_probability": "-0.1"}, "selection_probability: not a probability"),
        ({"selection_probability": "nan"}, "selection_probability: not a probability"),
        ({"selection_probability": "1.0000001"}, "selection_probability: not a probability"),
        ({"selection_reason": "luck"}, "selection_reason: not one of"),
        ({"confirmed_amount": "-5"}, "confirmed_amount: below 0"),
        ({"recovered_amount": "-0.01"}, "recovered_amount: below 0"),
        ({"confirmed_amount": "9.99", "recovered_amount": "10"}, "recovered_amount: more than confirmed_amount"),
        ({"confirmed_amount": "12.345"}, "confirmed_amount: not a number of at most 2 decimals"),
        ({"confirmed_amount": "1e9"}, "confirmed_amount: not a number"),
        ({"confirmed_amount": "1_000"}, "confirmed_amount: not a number"),
        ({"confirmed_amount": "1,000.00"}, "confirmed_amount: not a number"),
        ({"confirmed_amount": "１００"}, "confirmed_amount: not a number"),
        ({"confirmed_amount": "9" * 15}, "confirmed_amount: not a number"),
        ({"decided_date": "1899-12-31"}, "decided_date: before 2000-01-01"),
        ({"decided_date": "2199-01-01"}, "decided_date: after today"),
        ({"decided_date": "2026-08-02"}, "decided_date: after today"),
        ({"decided_date": "2026-02-30"}, "decided_date: not a date"),
        ({"decided_date": "04/10/2026"}, "decided_date: not a date"),
        ({"decided_date": "epoch"}, "decided_date: not a date"),
        ({"decided_date": "20260701"}, "decided_date: not a date"),
        ({"known_date": "2026-06-30"}, "known_date: before decided_date"),
        ({"known_date": "2027-01-01"}, "known_date: after today"),
        (
            {"period_start_date": "2026-05-01", "period_end_date": "2026-04-01"},
            "period_start_date: after period_end_date",
        ),
        ({"subject_type": "planet"}, "subject_type: not one of"),
        ({"decision": "guilty"}, "decision: not one of"),
        ({"decided_date": ""}, "decided_date: empty"),
        ({"subject_id": ""}, "subject_id: empty"),
        ({"scheme_code": "a\rb"}, "scheme_code: holds control characters"),
        ({"label_id": "x\nfake,row"}, "label_id: holds control characters"),
        ({"scheme_code": "x" * 501}, "scheme_code: longer than 500 characters"),
        ({"note": "x" * 2_001}, "note: longer than 2,000 characters"),
    ],
)
def test_a_value_that_cannot_be_is_refused(changes: dict[str, str], fault: str) -> None:
    (told,) = value_faults(LABEL | changes, TODAY)
    assert told.startswith(fault)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"confirmed_amount": "12345678901234.56", "recovered_amount": "12345678901234.56"},
        {"recovered_amount": "5"},
        {"selection_probability": "1"},
        {"selection_probability": "0.000000033", "selection_reason": "random_audit"},
        {"decided_date": "2026-08-01", "known_date": "2026-08-01"},
        {"note": "two\r\nlines", "scheme_code": "H08"},
    ],
)
def test_a_value_that_can_be_passes(changes: dict[str, str]) -> None:
    assert value_faults(LABEL | changes, TODAY) == []


def test_every_reason_is_told() -> None:
    told = value_faults({"decision": "guilty", "subject_type": "x", "confirmed_amount": "-1"}, TODAY)
    assert [each.split(":")[0] for each in told] == [
        "subject_type", "subject_id", "decision", "decided_date", "confirmed_amount",
    ]  # fmt: skip
