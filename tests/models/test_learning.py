import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from fraud.models.calibration import Platt, fit_platt
from fraud.models.explain import booster_contributions, by_family, peer_relative, summary_picture
from fraud.models.folds import group_folds
from fraud.models.supervised import train_booster
from fraud.models.trained import fit_model
from tests.models.invented import profiles


def out_of_fold(values, labels, truth, mode):
    folds = group_folds(pd.Series(values.index, index=values.index), n_folds=4, seed=1, strata=truth)
    scores = pd.Series(np.nan, index=values.index)
    for fold in range(4):
        model = fit_model(values[folds != fold], labels[folds != fold], mode, seed=7)
        scores[folds == fold] = model.score(values[folds == fold]).scores
    return scores


def test_planted_signal_is_learned_and_shuffled_labels_are_not():
    values, _, guilty = profiles()
    scores = out_of_fold(values, guilty.astype("boolean"), guilty, "labelled")
    assert roc_auc_score(guilty, scores) > 0.8
    shuffled = pd.Series(np.random.default_rng(5).permutation(guilty), index=guilty.index)
    scores = out_of_fold(values, shuffled.astype("boolean"), shuffled, "labelled")
    assert 0.4 < roc_auc_score(shuffled, scores) < 0.6


def test_a_third_of_the_positives_still_finds_the_others():
    values, _, guilty = profiles()
    revealed = guilty & (np.arange(len(guilty)) % 3 == 0)
    labels = pd.Series(pd.NA, index=guilty.index, dtype="boolean")
    labels[revealed] = True
    model = fit_model(values, labels, "positive_unlabelled", seed=7)
    hidden = ~revealed
    margin = booster_contributions(model.booster, values[hidden]).scores
    assert average_precision_score(guilty[hidden], margin) > 2 * guilty[hidden].mean()
    assert model.probability(model.scores(values)) is None


def test_priority_adds_up_and_rises_with_money():
    values, _, guilty = profiles()
    labels = guilty.where(guilty).astype("boolean")
    model = fit_model(values, labels, "positive_unlabelled", seed=7)
    scored = model.score(values)
    assert scored.scale == "points"
    assert scored.additivity_gap() < 1e-9
    assert model.scores(values).to_numpy() == pytest.approx(scored.scores.to_numpy(), abs=1e-9)
    # Money is not among these trees' features: the blend brings it back.
    few = fit_model(
        values.drop(columns=["fund_paid_amount"]).assign(fund_paid_amount=1.0), labels, "positive_unlabelled", seed=7
    )
    richer = values.assign(fund_paid_amount=values["fund_paid_amount"] * 10)
    assert (few.score(richer).scores >= few.score(values).scores).all()


def test_unlabelled_are_left_out_when_labelled():
    values, _, guilty = profiles()
    labels = guilty.astype("boolean")
    labels.iloc[:50] = pd.NA
    whole = fit_model(values, labels, "labelled", seed=7)
    alone = fit_model(values.iloc[50:], labels.iloc[50:], "labelled", seed=7)
    assert whole.booster.model_to_string() == alone.booster.model_to_string()


def test_contributions_are_exact_and_in_log_odds():
    values, _, guilty = profiles()
    booster = train_booster(values, guilty, seed=7)
    scored = booster_contributions(booster, values)
    raw = booster.predict(values.to_numpy(), raw_score=True)
    assert np.abs(scored.scores.to_numpy() - raw).max() < 1e-9
    assert scored.additivity_gap() < 1e-9
    probability = fit_model(values, guilty.astype("boolean"), "labelled", seed=7).probability(scored.scores)
    assert probability.to_numpy() == pytest.approx(booster.predict(values.to_numpy()))
    with pytest.raises(ValueError, match="missing: age_mean"):
        booster_contributions(booster, values.drop(columns="age_mean"))


def test_row_order_does_not_matter():
    values, _, guilty = profiles()
    order = np.random.default_rng(2).permutation(len(values))
    one = train_booster(values, guilty, seed=7).model_to_string()
    other = train_booster(values.iloc[order], guilty.iloc[order], seed=7).model_to_string()
    assert one == other


@pytest.mark.parametrize("mode", [pytest.param("labelled", marks=pytest.mark.slow), "positive_unlabelled"])
def test_same_bytes_at_one_and_two_threads(mode):
    program = (
        "import hashlib; from fraud.models.trained import fit_model; from tests.models.invented import profiles\n"
        "values, _, guilty = profiles(2000)\n"
        f"model = fit_model(values, guilty.astype('boolean'), '{mode}', seed=7)\n"
        "parts = model.score(values).contributions.to_numpy().tobytes()\n"
        "print(hashlib.sha256(model.booster.model_to_string().encode() + parts).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "OMP_NUM_THREADS": threads, "OMP_THREAD_LIMIT": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(digests) == 1


def test_refuses_one_class():
    values, _, guilty = profiles()
    with pytest.raises(ValueError, match=r"both classes must be there\. Got 0 positives of 400"):
        train_booster(values, guilty & False, seed=7)
    with pytest.raises(ValueError, match="mode must be"):
        fit_model(values, guilty.astype("boolean"), "none", seed=7)


def test_platt_mends_what_weights_bent():
    random = np.random.default_rng(4)
    margins = random.normal(-2, 1.5, 20000)
    is_positive = random.random(20000) < 1 / (1 + np.exp(-margins))
    # Margins of twice the size and shifted by 3, as weights would make them: slope 1/2, intercept -3/2.
    platt = fit_platt(2 * margins + 3, is_positive)
    assert platt.slope == pytest.approx(0.5, abs=0.02)
    assert platt.intercept == pytest.approx(-1.5, abs=0.06)
    assert Platt().apply(np.array([np.log(3)]))[0] == pytest.approx(0.75)


def test_perfect_separation_stays_finite():
    platt = fit_platt(np.array([-5.0, -4.0, 4.0, 5.0]), np.array([False, False, True, True]))
    # Smoothed targets: at most (2 + 1) / (2 + 2) on average.
    assert 0.5 < platt.apply(np.array([5.0]))[0] < 0.9


def test_peer_relative_and_families_by_hand():
    contributions = pd.DataFrame({"x": [1.0, 3.0, 5.0], "y": [0.0, 2.0, 7.0], "z": [1.0, 1.0, 1.0]}, index=list("abc"))
    relative = peer_relative(contributions, pd.Series(["g", "g", "h"], index=list("abc")))
    assert relative.loc["a"].tolist() == [-1.0, -1.0, 0.0]
    assert relative.loc["c"].tolist() == [0.0, 0.0, 0.0]
    families = by_family(relative, {"x": "volume", "y": "volume", "z": "calendar"})
    assert families.columns.tolist() == ["calendar", "volume"]
    assert families["volume"].tolist() == [-2.0, 2.0, 0.0]
    with pytest.raises(ValueError, match="without a family: z"):
        by_family(relative, {"x": "volume", "y": "volume"})


def test_picture_is_drawn_and_names_no_subject():
    values, _, guilty = profiles(120)
    scored = booster_contributions(train_booster(values, guilty, seed=7), values)
    picture = summary_picture(scored, values)
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 10_000
    assert picture == summary_picture(scored, values)
