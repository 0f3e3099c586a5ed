"""A model that learned from one window reads profiles of no other."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from experiments.compare import compare_versions
from experiments.evaluate import evaluate_month, measure_against
from experiments.retrain import retrain
from features.claims import ClaimsStore
from features.errors import InputError
from fraud.models.supervised import BoosterParameters, train_booster
from fraud.registry.records import RunRecord
from fraud.registry.runs import log_run
from fraud.registry.versions import load_model, promote
from fraud.rules import library_rules
from fraud.runs.read import ScoredRun
from fraud.scoring import score_month
from fraud.scoring.models import load_models
from fraud.scoring.request import MonthRequest
from fraud.settings import Settings
from tests.registry.conftest import template

__all__ = ["template"]
MONTH, AS_OF = "2026-03", date(2026, 4, 1)
FEATURES = ["fund_paid_amount", "patients_count", "settlements_count"]


@pytest.fixture
def workspace(own_copy, template):
    """The scored city with a provider champion that looks back 12 months; the month was scored with 6."""
    shutil.copy(template, own_copy.tracking_database)
    values = ScoredRun.open(own_copy, MONTH).profiles("provider")[FEATURES]
    is_dear = values["fund_paid_amount"] > values["fund_paid_amount"].median()
    booster = train_booster(values, is_dear, seed=1, parameters=BoosterParameters(n_trees=3))
    card = {"mode": "labelled", "month": MONTH, "window_months": 12, "as_of": "2026-04-01", "features": FEATURES}
    log_run(own_copy, RunRecord("provider", booster, card, {}, {}, {}))
    promote(own_copy, "provider", 1, reason="test")
    return own_copy


def asked(model="champion", **given):
    models = {"provider": model, "patient": "none"}
    return MonthRequest(
        MONTH, given.get("window_months", 6), AS_OF, models, "duckdb", None, Settings(), library_rules()
    )


def test_a_month_of_another_window_is_not_scored(workspace):
    before = sorted(workspace.versions.iterdir())
    refusal = (
        "model fraud-provider/1 of the registry: looks back 12 months, this run 6. "
        "Hint: score with --window-months 12, train again, or score with --model none"
    )
    with workspace.writer(), pytest.raises(InputError, match=refusal):
        score_month(workspace, MONTH, settings=Settings())
    assert sorted(workspace.versions.iterdir()) == before


def test_every_way_out_of_the_hint_is_one(workspace):
    assert load_models(workspace, asked(window_months=12))["provider"].version == 1
    assert load_models(workspace, asked("none")) == {"provider": None, "patient": None}


def test_a_model_is_not_measured_on_profiles_of_another_window(workspace):
    given = {"entity": "provider", "budget": 0.1, "n_draws": 50}
    store = ClaimsStore.open(workspace.store)
    refusal = "looks back 12 months, the profiles of 2026-03 6. Hint: score the month with --window-months 12"
    with pytest.raises(InputError, match=f"{refusal}, or leave the model out with --alias none"):
        evaluate_month(workspace, MONTH, as_of=AS_OF, store=store, **given)
    with pytest.raises(InputError, match=refusal):
        measure_against(workspace, MONTH, {"H0001"}, **given)
    with pytest.raises(InputError, match=f"{refusal}, or name another month with --month"):
        compare_versions(workspace, "1", "champion", entity="provider", month=MONTH, budget=0.1)
    assert "model" not in measure_against(workspace, MONTH, {"H0001"}, alias="none", **given)


def test_a_champion_of_another_window_cannot_be_compared_with_a_challenger(workspace):
    refusal = "looks back 12 months, this retraining 6. Hint: champion and challenger are compared on the same profiles"
    with workspace.writer(), pytest.raises(InputError, match=refusal):
        retrain(workspace, "provider", AS_OF, Settings())
    with pytest.raises(InputError, match="not in the registry"):
        load_model(workspace, "provider", "2")  # nothing was trained
