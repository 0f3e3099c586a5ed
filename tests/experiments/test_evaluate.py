"""Evaluation of a scored month against the truth of an invented city, and against labels."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from experiments.evaluate import evaluate_month
from features.claims import ClaimsStore, ingest_source
from features.errors import InputError
from fraud.outputs import read_output

MONTH = "2026-03"


def test_schemes_are_counted_by_hand(scored_city) -> None:
    workspace = scored_city[0]
    truth = workspace.root.parent / "source-truth"
    result = evaluate_month(workspace, MONTH, entity="provider", budget=0.1, truth=truth, n_draws=20)
    scores = read_output(workspace.run(MONTH), "provider_scores")
    ordered = list(scores.sort_values(["risk_score", "provider_id"], ascending=[False, True])["provider_id"])
    guilty = pd.read_parquet(truth / "truth_providers.parquet")
    guilty = guilty[guilty["first_month"] <= MONTH]
    assert result.n_budget == max(1, round(0.1 * len(ordered)))
    for row in result.schemes.itertuples():
        own = set(guilty.loc[guilty["scheme_code"] == row.scheme_code, "provider_id"]) & set(ordered)
        assert row.n_guilty == len(own)
        assert row.n_possible == min(len(own), result.n_budget)
        assert row.n_found == len(own & set(ordered[: result.n_budget]))
        assert row.best_rank == min(ordered.index(name) + 1 for name in own)


def test_the_risk_score_beats_the_amount_on_the_city(scored_city) -> None:
    workspace = scored_city[0]
    truth = workspace.root.parent / "source-truth"
    metrics = evaluate_month(workspace, MONTH, entity="patient", budget=0.02, truth=truth, n_draws=20).metrics
    assert metrics["risk"]["average_precision"].value > metrics["amount"]["average_precision"].value


def test_labels_known_later_are_not_used(own_copy, tmp_path) -> None:
    names = list(read_output(own_copy.run(MONTH), "provider_scores")["provider_id"])[:6]
    rows = [
        {
            "label_id": f"L{i}",
            "subject_type": "provider",
            "subject_id": name,
            "decision": "confirmed_fraud" if i % 2 else "unfounded",
            "decided_date": "2026-04-10",
            "known_date": "2026-04-10" if i < 4 else "2026-06-01",
        }
        for i, name in enumerate(names)
    ]
    (tmp_path / "labels").mkdir()
    pd.DataFrame(rows).to_csv(tmp_path / "labels" / "labels.csv", index=False)
    ingest_source(tmp_path / "labels", own_copy.store)
    store = ClaimsStore.open(own_copy.store)
    asked = {"entity": "provider", "budget": 0.5, "store": store, "n_draws": 20}
    assert evaluate_month(own_copy, MONTH, as_of=date(2026, 5, 1), **asked).n_subjects == 4
    assert evaluate_month(own_copy, MONTH, as_of=date(2026, 7, 1), **asked).n_subjects == 6
    with pytest.raises(InputError, match="no positive provider"):
        evaluate_month(own_copy, MONTH, as_of=date(2026, 4, 1), **asked)


def test_a_truth_that_is_not_there_is_refused(scored_city, tmp_path) -> None:
    with pytest.raises(InputError, match="truth"):
        evaluate_month(scored_city[0], MONTH, entity="provider", budget=0.1, truth=tmp_path / "nowhere")
