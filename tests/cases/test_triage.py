"""Priority by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from fraud.cases.triage import priority_of, weigh
from fraud.settings import CaseSettings

SETTINGS = CaseSettings(desk_audit_cost=300, data_request_cost=800, on_site_cost=4000, on_site_from_amount=50_000)


def _findings(*rows: tuple[str, str, str, str, int]) -> pd.DataFrame:
    columns = ["subject_id", "source", "scheme_code", "result_type", "exposure_amount"]
    return pd.DataFrame(rows, columns=columns)


def _scores(**recovery: int) -> pd.DataFrame:
    return pd.DataFrame({"expected_recovery_amount": recovery, "rule_exposure_amount": 0})


def test_priority_is_the_product_of_its_factors_minus_the_cost() -> None:
    # A suspicious rule finding of H08 (severity 0.9) with fresh evidence: 200,000 x 0.9 x 1 x 0.8 - 300 x 100.
    findings = _findings(("A", "rule", "H08", "suspicious", 90_000))
    row = weigh(_scores(A=200_000), findings, pd.Series(dtype=object), "2026-06-30", SETTINGS).loc["A"]
    priority = priority_of(row)
    assert (priority.severity, priority.recency, priority.actionability) == (0.9, 1.0, 0.8)
    assert priority.total_amount == 200_000 * 0.9 * 0.8 - 30_000
    assert row["action"] == "desk_audit"


def test_evidence_loses_half_its_weight_in_a_half_life() -> None:
    findings = _findings(("A", "ring", "R01", "suspicious", 0))
    half_life = CaseSettings(recency_half_life_days=181)
    last = pd.Series({"A": pd.Timestamp("2025-12-31")})  # 181 days before the end of June
    row = weigh(_scores(A=100_000), findings, last, "2026-06-30", half_life).loc["A"]
    assert row["recency"] == pytest.approx(0.5)


def test_a_definite_finding_is_more_actionable_than_a_number_unlike_its_peers() -> None:
    findings = _findings(("A", "rule", "P11", "definite", 1), ("B", "peer", "P02", "suspicious", 0))
    rows = weigh(_scores(A=1, B=1), findings, pd.Series(dtype=object), "2026-06-30", SETTINGS)
    assert rows["actionability"].to_dict() == {"A": 1.0, "B": 0.4}


def test_large_money_calls_for_an_on_site_check() -> None:
    findings = _findings(("A", "rule", "H08", "suspicious", 1))
    row = weigh(_scores(A=50_000 * 100), findings, pd.Series(dtype=object), "2026-06-30", SETTINGS).loc["A"]
    assert (row["action"], row["cost_amount"]) == ("on_site", 4000 * 100)
