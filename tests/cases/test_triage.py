"""Priority by hand, quotas, and a random audit that can be drawn again."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from fraud.cases.triage import choose, priority_of, weigh
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


def _weighed(n: int, **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"entity": "provider", "subject_id": [f"H{i:03d}" for i in range(n)], "rank": range(1, n + 1)})
    frame["total_amount"] = [1000 - i for i in range(n)]
    return frame.assign(region="", scheme_codes=[()] * n, **columns)


def _everyone(weighed: pd.DataFrame) -> pd.DataFrame:
    return weighed[["entity", "subject_id"]]


def test_the_queue_follows_priority_and_ends_with_a_random_audit() -> None:
    weighed = _weighed(100)
    queue, sampling = choose(weighed, _everyone(weighed), 20, "2026-06", CaseSettings(random_audit_share=0.1))
    ranked = [c.subject_id for c in queue if c.selection_reason == "ranked"]
    audit = [c for c in queue if c.selection_reason == "random_audit"]
    assert ranked == [f"H{i:03d}" for i in range(18)]
    assert len(audit) == 2
    assert {c.selection_probability for c in audit} == {2 / 82}  # two drawn from the 82 outside the list
    assert not {c.subject_id for c in audit} & set(ranked)
    assert (sampling["provider_frame_size"], sampling["provider_n_drawn"], sampling["n_drawn"]) == (82, 2, 2)


def test_providers_and_persons_are_drawn_each_by_themselves() -> None:
    # 5 of 50 places; three tenths of 5, rounded down, are persons. One draw from all would hardly meet a provider.
    weighed = _weighed(60)
    persons = pd.DataFrame({"entity": "patient", "subject_id": [f"P{i:04d}" for i in range(2000)]})
    everyone = pd.concat([_everyone(weighed), persons], ignore_index=True)
    settings = CaseSettings(random_audit_share=0.1, max_patient_share=0.3)
    audit = [c for c in choose(weighed, everyone, 50, "2026-06", settings)[0] if c.selection_reason == "random_audit"]
    drawn = [(c.entity, c.selection_probability) for c in audit]
    assert drawn == [("provider", 4 / 15)] * 4 + [("patient", 1 / 2000)]  # 60 - 45 ranked = 15 in the frame


def test_the_audit_can_be_drawn_again_from_what_the_pack_tells() -> None:
    weighed = _weighed(100)
    queue, told = choose(weighed, _everyone(weighed), 20, "2026-06", CaseSettings(random_audit_share=0.1))
    frame = sorted(set(weighed["subject_id"]) - {c.subject_id for c in queue if c.selection_reason == "ranked"})
    assert hashlib.sha256("\n".join(frame).encode()).hexdigest() == told["provider_frame_digest"]
    drawn = np.random.default_rng(told["provider_seed"]).choice(len(frame), told["provider_n_drawn"], replace=False)
    assert {frame[n] for n in drawn} == {c.subject_id for c in queue if c.selection_reason == "random_audit"}


def test_an_equal_seed_draws_the_same_audit_and_another_month_another() -> None:
    weighed = _weighed(300)
    draws = [
        choose(weighed, _everyone(weighed), 50, month, CaseSettings())[0] for month in ("2026-06", "2026-06", "2026-07")
    ]
    assert draws[0] == draws[1]
    assert draws[0] != draws[2]


def test_no_scheme_floods_the_queue_while_others_wait() -> None:
    weighed = _weighed(20).assign(scheme_codes=[("R01",)] * 15 + [("H04",)] * 5)
    settings = CaseSettings(max_scheme_share=0.5, random_audit_share=0)
    queue, _ = choose(weighed, _everyone(weighed), 10, "2026-06", settings)
    ids = {c.subject_id for c in queue}
    assert {f"H{i:03d}" for i in range(15, 20)} <= ids  # the five of H04
    assert len(ids) == 10


def test_a_queue_for_everybody_needs_no_audit() -> None:
    weighed = _weighed(12)
    queue, sampling = choose(weighed, _everyone(weighed), 12, "2026-06", CaseSettings())
    assert len(queue) == 12
    assert sampling["n_drawn"] == 0
