"""Trainings on several months: judged forward, by other groups, on the same rows for champion and challenger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

import experiments.splits
from experiments.metrics import measure_rankings
from experiments.retrain import retrain_on
from experiments.train import cross_validate, cuts_of, train_on
from fraud.models.recipe import Recipe
from fraud.registry.versions import load_model, promote
from fraud.settings import Settings

SETTINGS = Settings()


@pytest.fixture
def taught(monkeypatch):
    """Rows that each model learned from, and rows that it judged."""
    seen = []

    class Watched(Recipe):
        def fit(self, values, is_positive, groups):
            model = super().fit(values, is_positive, groups)
            seen.append((values.index, is_positive))
            return model

    assert experiments.splits
    monkeypatch.setattr("experiments.config.Recipe", Watched)
    return seen


def test_judges_know_neither_the_future_nor_the_group(make_stacked, config, taught):
    data = make_stacked()
    cuts = cuts_of(data, "labelled", SETTINGS)
    # Of June nothing is earlier; September was judged when a model of June could have been made.
    assert [(cut.month, cut.is_forward) for cut in cuts] == [("2026-09", True), ("2026-12", True)]
    folds = cross_validate(data, data.profiles, config.recipe("labelled"), cuts, config)
    assert len(folds) == 2 * 900
    assert len(taught) == 2 * config.n_folds
    judged = [(place, fold) for place in range(2) for fold in range(config.n_folds)]
    for (place, fold), (rows, is_positive) in zip(judged, taught, strict=True):
        own = folds[(folds["month"] == place) & (folds["fold"] == fold)].index
        months, subjects = (rows.get_level_values(level) for level in ("month", "subject_id"))
        assert max(months) < cuts[place].month
        assert not set(subjects) & set(own.get_level_values("subject_id"))
        known = pd.to_datetime(data.labels.loc[is_positive.index, "known_date"])
        assert (known <= pd.Timestamp(f"{cuts[place].month}-28") + pd.Timedelta(days=3)).all()
    # A subject is in one fold, whatever the month.
    assert (folds.groupby(level="subject_id")["fold"].agg(lambda own: len(set(own))) == 1).all()


def test_a_stacked_training_says_what_it_saw(workspace, make_stacked, config):
    report = train_on(workspace, make_stacked(), SETTINGS, config.model_copy(update={"column_counts": (2,)}))
    assert (report.mode, report.n_positives + report.n_negatives, report.n_subjects) == ("labelled", 900, 1200)
    assert report.metrics["model"]["average_precision"].value > 0.6
    card = load_model(workspace, "provider", "challenger").card
    assert card["months"] == ["2026-06", "2026-09", "2026-12"]
    assert card["judged_months"] == ["2026-09", "2026-12"]
    assert (card["is_forward"], card["grouped_by"]) == (True, "owner and ring")
    assert (card["label_delay_months"], card["n_groups"]) == (3, 1200)
    assert len(card["features"]) == report.n_columns <= len(card["candidates"]) == 6
    # Where there is one month, subjects of other groups judge.
    alone = train_on(workspace, only(make_stacked(), "2026-12"), SETTINGS, config)
    assert [(cut.month, cut.is_forward) for cut in alone.cuts] == [("2026-12", False)]


def only(data, month):
    """The dataset with the rows of one month."""
    rows = data.profiles.index[data.profiles.index.get_level_values("month") == month]
    frames = {name: getattr(data, name).loc[rows] for name in ("profiles", "attributes", "labels")}
    return replace(data, months=(month,), **frames)


def test_young_silence_is_no_evidence(make_stacked):
    data = make_stacked(n_labelled=150)
    cuts = cuts_of(data, "positive_unlabelled", SETTINGS)
    # Of December the decisions have not come: nobody is judged there, least of all who is silent.
    assert [cut.month for cut in cuts] == ["2026-09"]
    assert len(cuts[0].judged) == 1200
    assert len(cuts_of(replace(data, label_delay_months=0), "positive_unlabelled", SETTINGS)) == 2


def test_champion_and_challenger_are_judged_on_the_same_rows(workspace, make_stacked, config):
    data = make_stacked()
    first = retrain_on(workspace, data, SETTINGS, config)
    assert first.decision.promoted
    again = retrain_on(workspace, data, SETTINGS, config)
    assert again.decision.basis == "recipes in equal folds"
    # The same rows, folds and months: no gain, no loss.
    assert again.decision.gains["champion"]["average_precision"].value == 0
    assert again.decision.promoted


def test_a_subject_of_whom_the_champion_knew_a_month_is_not_new_to_it(workspace, make_stacked, config):
    learned = replace(only(make_stacked(), "2026-06"), as_of=date(2026, 9, 1))
    version = train_on(workspace, learned, SETTINGS, config).version
    promote(workspace, "provider", version, reason="the first")
    # All decisions on December are newer, but each speaks of a subject that the champion knew from June.
    second = retrain_on(workspace, make_stacked(), SETTINGS, config)
    assert second.decision.basis == "recipes in equal folds"
    labels = make_stacked().labels
    unheard = labels.index.get_level_values("subject_id") < "P0300"
    labels.loc[unheard, "known_date"] = pd.Timestamp("2026-12-01")
    promote(workspace, "provider", version, reason="the first again")
    third = retrain_on(workspace, replace(make_stacked(), labels=labels), SETTINGS, config)
    assert third.decision.basis == "labels new to the champion"


def test_months_of_a_fold_are_measured_apart_and_drawn_together():
    index = pd.MultiIndex.from_product([list("abcd"), ["2026-06", "2026-09"]])
    scores = [4, 1, 3, 2, 2, 3, 1, 4]
    frame = pd.DataFrame({"score": scores, "amount": 1.0, "fold": 0, "month": [0, 1] * 4}, index)
    frame["is_positive"] = [True, True] + [False] * 6
    measured = measure_rankings(frame, ("score",), budget=0.25, n_draws=50, seed=7)
    # First of four in one month, last in the other: (1/1 + 1/4) / 2; pooled it would have been 1/2 of other numbers.
    assert measured.values[0, 0] == (1 + 1 / 4) / 2
    # Who is drawn is drawn with both months, so that a draw without the positive says nothing of either.
    drawn = measured.draws[:, 0, 0]
    assert pd.isna(drawn).any()
    assert set(frame.index.get_level_values(0)) == set("abcd")
