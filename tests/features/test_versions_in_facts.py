"""A bill that is replaced leaves the facts, profiles and findings of what sees its replacement, and of nothing else."""

import pytest

from features.build import build_profiles
from features.engine import DuckDBEngine
from features.facts.keep import ensure_facts
from fraud.rules import run_rules
from fraud.rules.catalogue import find_rule
from tests.support.claims import make_store

TIME = "2026-03-05 09:30:00"
# March: a bill of 900.00 and one that repeats a line of it. April: the first is replaced by one without that line.
SETTLEMENTS = [
    {"settlement_id": "A1", "settle_time": "2026-03-05 10:00:00"},
    {"settlement_id": "B1", "settle_time": "2026-03-06 10:00:00"},
    {"settlement_id": "A2", "settle_time": "2026-04-02 10:00:00", "replaces_settlement_id": "A1"},
]
LINES = [
    {"settlement_id": "A1", "fee_time": TIME, "item_code": "I1", "amount": "800.00"},
    {"settlement_id": "A1", "line_number": 2, "fee_time": TIME, "item_code": "I2", "amount": "100.00"},
    {"settlement_id": "B1", "fee_time": TIME, "item_code": "I2", "amount": "100.00"},
    {"settlement_id": "A2", "fee_time": TIME, "item_code": "I1", "amount": "700.00"},
]
MARCH, BOTH = ["2026-03"], ["2026-03", "2026-04"]


@pytest.fixture
def store(tmp_path):
    return make_store(tmp_path, {"settlements": SETTLEMENTS, "claim_lines": LINES})


def facts(store, months, folder):
    """What facts bill, by month, and the names under which they are kept."""
    with DuckDBEngine(threads=1) as engine:
        ensure_facts(store, engine, months, folder)
        billed = engine.rows("select month, sum(total_amount), sum(lines_amount) from settlement_facts group by 1")
        worked = engine.rows("select month, sum(amount) from provider_item_facts group by 1")
    assert {month: amount for month, amount, _ in billed} == dict(worked)
    return {month: (int(total), int(lines)) for month, total, lines in billed}


def names(folder, month):
    return {f"{path.parent.name}/{path.name}" for path in folder.glob(f"*/{month}-*.parquet")}


def test_facts_of_a_month_are_those_of_what_stands_in_the_window(store, tmp_path):
    folder = tmp_path / "facts"
    assert facts(store, MARCH, folder) == {"2026-03": (100_000, 100_000)}
    known = names(folder, "2026-03")
    assert facts(store, BOTH, folder) == {"2026-03": (10_000, 10_000), "2026-04": (70_000, 70_000)}
    assert not known & names(folder, "2026-03")
    assert facts(store, MARCH, folder) == {"2026-03": (100_000, 100_000)}
    assert known == names(folder, "2026-03")


def test_where_all_stands_facts_are_kept_under_the_names_they_have(tmp_path):
    rows = [
        SETTLEMENTS[0],
        {"settlement_id": "R1", "settle_time": TIME.replace("-03-", "-04-"), "is_reversal": "true"}
        | {"original_settlement_id": "A1"},
    ]
    back = {"settlement_id": "R1", "amount": "-800.00", "quantity": "-1"}
    reversed_later = make_store(tmp_path, {"settlements": rows, "claim_lines": [LINES[0], LINES[0] | back]})
    folder = tmp_path / "facts"
    facts(reversed_later, MARCH, folder)
    known = names(folder, "2026-03")
    assert facts(reversed_later, BOTH, folder) == {"2026-03": (80_000, 80_000), "2026-04": (-80_000, -80_000)}
    assert known == names(folder, "2026-03")


def test_profiles_bill_what_stood_in_their_month(store):
    with DuckDBEngine(threads=1) as engine:
        billed = [
            build_profiles(store, months[-1], engine, peers=False).providers.features.loc["H1"]
            for months in (MARCH, BOTH)
        ]
    assert [(row["billed_amount"], row["fund_paid_amount"], row["settlements_count"]) for row in billed] == [
        (1000, 1000, 2),
        (800, 800, 2),
    ]


@pytest.mark.parametrize(("month", "exposure"), [("2026-03", [10_000]), ("2026-04", [])])
def test_a_rule_sees_no_bill_that_was_replaced(store, month, exposure):
    with DuckDBEngine(threads=1) as engine:
        run = run_rules(store, engine, month, rules=(find_rule("duplicate_line"),))
        attached = engine.rows("select count(*) from effective_lines")
    assert list(run.findings.findings["exposure_amount"]) == exposure
    assert attached == [(3 if exposure else 2,)]
