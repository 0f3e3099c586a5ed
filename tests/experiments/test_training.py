import json
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from experiments.config import TrainConfig, load_config
from experiments.groups import join_groups
from experiments.months import last_ended_month
from experiments.retrain import retrain_on
from experiments.train import cross_validate, cuts_of, train_on
from features.errors import InputError
from fraud.models.trained import apply_model
from fraud.registry.versions import load_model, version_tags
from fraud.settings import Settings

SETTINGS = Settings()


def profiles_of(data):
    """Profiles of the last month, as a scored month holds them."""
    return data.profiles.xs(data.month, level="month")


def test_planted_signal_beats_amount_and_gets_a_probability(workspace, make_dataset, config):
    report = train_on(workspace, make_dataset(), SETTINGS, config)
    assert (report.mode, report.version, report.n_positives + report.n_negatives) == ("labelled", 1, 700)
    ap = {name: measured["average_precision"].value for name, measured in report.metrics.items()}
    assert ap["model"] > ap["amount"] + 0.1
    assert ap["model"] > 0.65
    assert report.calibration["calibration_error"] < 0.15
    loaded = load_model(workspace, "provider", "challenger")
    scored, probability = apply_model(loaded, profiles_of(make_dataset()))
    assert probability.between(0, 1).all()
    assert scored.additivity_gap() < 1e-9
    assert loaded.card["as_of"] == "2026-04-01"


def test_shuffled_labels_teach_nothing_and_are_refused(workspace, make_dataset, config):
    data = make_dataset(shuffled=True)
    report = retrain_on(workspace, data, SETTINGS, config)
    assert abs(report.training.metrics["model"]["auroc"].value - 0.5) < 0.08
    assert load_model(workspace, "provider", "challenger").version == 1


def test_too_few_labels_train_nothing(workspace, make_dataset, config):
    report = retrain_on(workspace, make_dataset(n_labelled=40), SETTINGS, config)
    assert report.training.mode == "none"
    assert report.training.version is None
    assert "positives known; needs 30" in report.decision.reasons[0]
    assert not report.decision.promoted
    assert load_model(workspace, "provider", "challenger") is None


def test_few_labels_give_a_priority(workspace, make_dataset, config):
    report = train_on(workspace, make_dataset(n_labelled=150), SETTINGS, config)
    assert report.mode == "positive_unlabelled"
    assert report.calibration == {}
    # Metrics look at everybody, the unlabelled counted as not positive.
    assert len(report.folds) == 1200
    scored, probability = apply_model(load_model(workspace, "provider", "challenger"), profiles_of(make_dataset()))
    assert probability is None
    assert scored.scale == "points"


def test_first_champion_then_an_equal_one_then_a_worse_one(workspace, make_dataset, config):
    first = retrain_on(workspace, make_dataset(), SETTINGS, config)
    assert first.decision.promoted
    assert first.decision.basis == "no champion"
    second = retrain_on(workspace, make_dataset(), SETTINGS, config)
    # The same recipe in the same folds: no gain, no loss.
    assert second.decision.basis == "recipes in equal folds"
    assert second.decision.gains["champion"]["average_precision"].value == 0
    assert second.decision.promoted
    blind = config.model_copy(update={"leave_out": ("visits_per_patient_mean", "fund_paid_amount")})
    third = retrain_on(workspace, make_dataset(), SETTINGS, blind)
    assert not third.decision.promoted
    assert "lower bound is not above" in third.decision.reasons[0]
    assert load_model(workspace, "provider", "champion").version == 2
    tags = version_tags(workspace, "provider", 3)
    assert tags["decision"] == "refused"
    assert "champion 2" in tags["decision_reasons"]
    decided = [json.loads(line) for line in workspace.audit_log.read_text().splitlines()]
    assert [entry["decision"] for entry in decided if entry["action"] == "challenger decided"] == [
        "promoted",
        "promoted",
        "refused",
    ]


def test_champion_is_judged_on_labels_it_has_not_seen(workspace, make_dataset, config):
    retrain_on(workspace, make_dataset(), SETTINGS, config)
    later = make_dataset(as_of=date(2026, 7, 1))
    labels = later.labels.copy()
    labels.iloc[300:700, labels.columns.get_loc("known_date")] = pd.Timestamp("2026-06-01")
    second = retrain_on(workspace, replace(later, labels=labels), SETTINGS, config)
    assert second.decision.basis == "labels new to the champion"


def test_two_trainings_are_equal(workspace, make_dataset, config):
    digests = set()
    for _ in range(2):
        version = train_on(workspace, make_dataset(), SETTINGS, config).version
        digests.add(load_model(workspace, "provider", str(version)).digest)
    assert len(digests) == 1


def test_no_person_in_the_registry(workspace, make_dataset, config):
    data = make_dataset()
    patients = replace(data, entity="patient")
    train_on(workspace, patients, SETTINGS, config)
    table = pd.read_parquet(next(workspace.artifacts.rglob("contributions.parquet")))
    assert table.index.tolist() == ["case_mix", "volume"]
    train_on(workspace, data, SETTINGS, config)
    tables = [pd.read_parquet(path) for path in workspace.artifacts.rglob("contributions.parquet")]
    by_provider = max(tables, key=len)
    assert len(by_provider) == 1200
    assert not set(by_provider.index) & set(data.profiles.index.unique("subject_id"))
    for path in workspace.artifacts.rglob("*"):
        if path.is_file():
            assert b"P0007" not in path.read_bytes()
    assert b"P0007" not in workspace.tracking_database.read_bytes()


def test_groups_are_never_split(make_dataset, config):
    data = make_dataset()
    owner = pd.Series([f"G{n // 3}" for n in range(1200)], index=data.groups.of.index)
    owned = replace(data, groups=join_groups(owner, pd.Series(dtype=object), max_share=0.2))
    cuts = cuts_of(owned, "labelled", SETTINGS)
    folds = cross_validate(owned, owned.profiles, config.recipe("labelled"), cuts, config)
    per_owner = folds.groupby(owned.group_of.reindex(folds.index))["fold"]
    assert per_owner.count().max() == 3
    assert (per_owner.min() == per_owner.max()).all()


def test_month_is_the_last_that_had_ended():
    months = ["2026-01", "2026-02", "2026-03"]
    assert last_ended_month(months, date(2026, 3, 30)) == "2026-02"
    assert last_ended_month(months, date(2026, 3, 31)) == "2026-03"
    with pytest.raises(InputError, match="no month of the store had ended by then"):
        last_ended_month(months, date(2026, 1, 30))


def test_settings_of_a_training_refuse_what_they_do_not_know(tmp_path):
    assert load_config("provider").n_trees == 350
    assert load_config("patient").n_trees == 200
    file = tmp_path / "mine.toml"
    file.write_text("n_tree = 3")
    with pytest.raises(InputError, match="did you mean 'n_trees'"):
        load_config("provider", file)
    file.write_text("n_trees = 0")
    with pytest.raises(InputError, match="training setting 'n_trees'"):
        load_config("provider", file)
    with pytest.raises(InputError, match="give a readable TOML file"):
        load_config("provider", tmp_path / "absent.toml")


def test_features_that_do_not_exist_cannot_be_left_out(workspace, make_dataset):
    with pytest.raises(InputError, match="feature 'visits' in leave_out"):
        train_on(workspace, make_dataset(), SETTINGS, TrainConfig(leave_out=("visits",)))
