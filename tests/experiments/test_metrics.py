import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from experiments.metrics import METRICS, Ranked, brier, calibration_error, measure_rankings

RANKED = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40)


def whole(is_positive, scores, amounts=None, budget=0.4):
    amounts = np.ones(len(scores)) if amounts is None else amounts
    numbers = Ranked(is_positive, scores, amounts).measure(np.ones(len(scores), dtype=int), budget)
    return dict(zip(METRICS, numbers, strict=True))


@settings(max_examples=60, deadline=None)
@given(RANKED)
def test_agrees_with_scikit_learn_ties_included(rows):
    is_positive = np.array([row[0] for row in rows])
    scores = np.array([float(row[1]) for row in rows])
    if is_positive.all() or not is_positive.any():
        return
    numbers = whole(is_positive, scores)
    assert numbers["average_precision"] == pytest.approx(reference.average_precision_score(is_positive, scores))
    assert numbers["auroc"] == pytest.approx(reference.roc_auc_score(is_positive, scores))


@settings(max_examples=60, deadline=None)
@given(RANKED, st.randoms(use_true_random=False))
def test_a_weight_is_a_repetition(rows, random):
    is_positive = np.array([row[0] for row in rows])
    scores = np.array([float(row[1]) for row in rows])
    weight = np.array([random.randint(0, 3) for _ in rows])
    if not is_positive[weight > 0].any():
        return
    amounts = np.arange(1.0, len(rows) + 1)
    weighted = Ranked(is_positive, scores, amounts).measure(weight, 0.3)
    repeated = Ranked(*(np.repeat(part, weight) for part in (is_positive, scores, amounts)))
    assert weighted == pytest.approx(repeated.measure(np.ones(weight.sum(), dtype=int), 0.3), nan_ok=True)


def test_at_the_budget_by_hand():
    is_positive = np.array([True, False, True, False, True])
    scores = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    amounts = np.array([10.0, 99.0, 30.0, 99.0, 60.0])
    two = whole(is_positive, scores, amounts, 0.4)
    assert two["precision_at_budget"] == 0.5
    # Half of the reviewed against three fifths of all.
    assert two["lift_at_budget"] == pytest.approx(0.5 / 0.6)
    # Of 10 + 30 + 60 = 100, the first three hold 10 + 30.
    assert whole(is_positive, scores, amounts, 0.6)["amount_share_at_budget"] == pytest.approx(0.4)


def test_calibration_by_hand():
    outcome = np.array([0.0, 0.0, 1.0, 1.0])
    probability = np.array([0.1, 0.3, 0.5, 0.9])
    # Squares .01 .09 .25 .01 over four; two bins: |.2 - 0| and |.7 - 1|, equal size.
    assert brier(outcome, probability) == pytest.approx(0.09)
    assert calibration_error(outcome, probability, n_bins=2) == pytest.approx((0.2 + 0.3) / 2)


def folded():
    return pd.DataFrame(
        {
            "is_positive": [True, False, False, True, False, False],
            # Fold 1 scores on another scale; inside each fold the ranking is perfect.
            "score": [3.0, 2.0, 1.0, 30.0, 20.0, 10.0],
            "amount": 1.0,
            "fold": [0, 0, 0, 1, 1, 1],
        }
    )


def test_folds_are_never_pooled():
    frame = folded()
    # Pooled: positives at places 1 and 4, (1/1 + 2/4) / 2.
    assert whole(frame["is_positive"].to_numpy(), frame["score"].to_numpy())["average_precision"] == pytest.approx(0.75)
    measured = measure_rankings(frame, ("score",), budget=0.34, n_draws=50, seed=1).intervals()["score"]
    assert measured["average_precision"].value == 1.0
    # One of three is positive and it is the one reviewed.
    assert measured["lift_at_budget"].value == pytest.approx(3.0)


def test_a_fold_without_positives_says_nothing():
    frame = folded()
    frame.loc[3, "is_positive"] = False
    measured = measure_rankings(frame, ("score",), budget=0.34, n_draws=50, seed=1).intervals()["score"]
    assert measured["average_precision"].value == 1.0


def test_interval_holds_the_value_repeats_and_pairs():
    random = np.random.default_rng(3)
    frame = pd.DataFrame({"is_positive": random.random(300) < 0.3, "fold": np.arange(300) % 3, "amount": 1.0})
    frame["good"] = frame["is_positive"] + random.normal(size=300)
    frame["twin"] = 2 * frame["good"]
    frame["noise"] = random.normal(size=300)
    rankings = ("good", "twin", "noise")
    first, again = (measure_rankings(frame, rankings, budget=0.1, n_draws=100, seed=5) for _ in range(2))
    assert first.intervals() == again.intervals()
    good = first.intervals()["good"]["auroc"]
    assert good.low < good.value < good.high
    assert 0.02 < good.high - good.low < 0.25
    # Equal orders gain nothing in any draw; a real signal gains in all but a few.
    assert vars(first.gains("good", "twin")["auroc"]) == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert first.gains("good", "noise")["auroc"].low > 0
