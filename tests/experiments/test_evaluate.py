"""Rankings of a scored month against who is guilty, and against labels."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from experiments.evaluate import evaluate_month, measure_against
from experiments.recall import read_truth
from features.claims import ClaimsStore, ingest_source
from features.errors import InputError
from fraud.runs.tables import read_output

MONTH = "2026-03"


def test_the_risk_score_beats_the_amount_on_the_city(scored_city) -> None:
    workspace = scored_city[0]
    truth = read_truth(workspace.root.parent / "source-truth")
    guilty = set(truth.patients.loc[truth.patients["first_month"] <= MONTH, "person_id"])
    metrics = measure_against(workspace, MONTH, guilty, entity="patient", budget=0.02, n_draws=20)
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
