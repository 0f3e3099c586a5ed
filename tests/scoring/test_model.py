"""Scoring with a model: contributions, probability, findings inside the budget."""

import pandas as pd
import pytest

from features.errors import ToolkitError
from fraud.budget import review_size
from fraud.findings import Findings
from fraud.models.trained import fit_model
from fraud.registry.records import LoadedModel
from fraud.rings import Rings, ring_scores
from fraud.scoring.entity_month import EntityMonth
from fraud.scoring.subjects import score_subjects
from fraud.settings import ScoringSettings


@pytest.fixture(scope="module")
def patients(profiles):
    return profiles.patients


def table(profile):
    return profile.features


def given(profile, mode, values=None):
    values = table(profile) if values is None else values
    amount = values["fund_paid_amount"].fillna(0)
    positive = pd.Series(amount > amount.quantile(0.8), index=values.index, dtype="boolean")
    model = fit_model(values, positive, mode, seed=3)
    loaded = LoadedModel("patient", 4, model.booster, model.parts(), "digest")
    nobody = Findings.empty()
    return EntityMonth("patient", "2026-03", profile, nobody, ring_scores(Rings.empty()), positive, loaded, None)


@pytest.mark.parametrize(("mode", "scale"), [("labelled", "log_odds"), ("positive_unlabelled", "points")])
def test_model_score_is_explained_and_counted(patients, mode, scale):
    month = given(patients, mode)
    result = score_subjects(month, ScoringSettings(explained_patients=100))
    scores = result.scores.set_index("person_id")
    rows = result.explanations[result.explanations["score_name"] == "model_score"]
    total = rows.groupby("subject_id")["contribution"].sum() + rows.groupby("subject_id")["base_value"].first()
    assert len(total) == 100
    assert (total - scores.loc[total.index, "model_score"]).abs().max() < 1e-6
    assert set(rows["scale"]) == {scale}
    assert result.mode == mode
    assert scores["fraud_probability"].notna().all() == (mode == "labelled")
    n_model = (result.findings.findings["source"] == "model").sum()
    assert n_model == review_size(len(scores), 0.02)
    known = month.is_positive.reindex(scores.index).astype(bool)
    assert scores.loc[known, "rank"].mean() < scores.loc[~known, "rank"].mean()


def test_a_model_of_other_features_is_refused(patients):
    month = given(patients, "labelled", table(patients).assign(unheard_of=table(patients)["fund_paid_amount"]))
    with pytest.raises(ToolkitError, match="features unheard_of are not in the profiles"):
        score_subjects(month, ScoringSettings())
