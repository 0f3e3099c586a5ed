import numpy as np
import pandas as pd
import pytest

from fraud.models.anomaly import AnomalyScorer

COLUMNS = ["visits", "amount", "share"]


def planted(seed=1):
    random = np.random.default_rng(seed)
    values = pd.DataFrame(random.normal(size=(300, 3)), columns=COLUMNS, index=[f"P{n:03}" for n in range(300)])
    values.iloc[:6, :2] += 5.0
    values.iloc[10:20, 2] = np.nan
    return values


def test_planted_subjects_come_first():
    scores = AnomalyScorer(["high"] * 3).fit(planted()).explain(planted()).scores
    # One other subject lies at 3.75 in its third column by chance.
    assert {f"P{n:03}" for n in range(6)} <= set(scores.nlargest(7).index)


def test_explanation_adds_up_and_points_at_what_was_planted():
    values = planted()
    scorer = AnomalyScorer(["high"] * 3).fit(values)
    scored = scorer.explain(values)
    assert scored.additivity_gap() < 1e-9
    assert np.array_equal(scored.scores.to_numpy(), scorer.score_samples(values))
    assert (scored.contributions.to_numpy() >= 0).all()
    assert (scored.contributions.iloc[:6][["visits", "amount"]].sum(axis=1) > 0.8 * scored.scores.iloc[:6]).all()


def test_the_innocent_tail_is_not_suspicious():
    values = planted()
    values.iloc[30, 0] = -8.0
    high = AnomalyScorer(["high"] * 3).fit(values).explain(values).contributions
    low = AnomalyScorer(["low", "high", "high"]).fit(values).explain(values).contributions
    assert low["visits"].iloc[30] > high["visits"].iloc[30]


def test_distance_from_peers_counts():
    values = planted()
    distance = pd.DataFrame(0.0, index=values.index, columns=COLUMNS)
    distance.iloc[50] = [9.0, 9.0, 9.0]
    scorer = AnomalyScorer(["high"] * 3)
    with_it = scorer.fit(values, distance=distance).score_samples(values, distance=distance)
    without = scorer.fit(values, distance=distance * 0).score_samples(values, distance=distance * 0)
    # Alone at the top of 300: -log(0.5 / 300) against -log(0.5) for all equal.
    assert with_it[50] - without[50] == pytest.approx(np.log(300))
    with pytest.raises(ValueError, match="shape of X"):
        scorer.fit(values, distance=distance.iloc[:5])


def test_same_seed_same_bytes_and_row_order_does_not_matter():
    values = planted()
    first, again = (AnomalyScorer(seed=3).fit(values).score_samples(values) for _ in range(2))
    assert first.tobytes() == again.tobytes()
    backwards = AnomalyScorer(seed=3).fit(values).score_samples(values[::-1])
    assert np.array_equal(backwards[::-1], first)


def test_profile_values_are_not_changed():
    values = planted()
    distance = values * 2
    kept = distance.copy()
    AnomalyScorer(["low"] * 3).fit(values, distance=distance).score_samples(values, distance=distance)
    pd.testing.assert_frame_equal(distance, kept)
    pd.testing.assert_frame_equal(values, planted())


def test_nothing_differs_nothing_is_strange():
    values = pd.DataFrame(1.0, index=list("abcd"), columns=COLUMNS)
    scored = AnomalyScorer().fit(values).explain(values)
    # Three detectors, each with all four equal: rank one half.
    assert scored.scores.to_numpy() == pytest.approx(3 * np.log(2))


@pytest.mark.parametrize("block", [pytest.param(1, marks=pytest.mark.slow), 7, 300])
def test_rows_are_scored_alike_in_blocks_of_any_size(block, monkeypatch):
    values = planted()
    distance = (values - values.median()) / values.std()
    whole = AnomalyScorer(["high"] * 3).fit(values, distance=distance).score_samples(values, distance=distance)
    monkeypatch.setattr("fraud.models.anomaly._BLOCK", block)
    scorer = AnomalyScorer(["high"] * 3).fit(values, distance=distance)
    assert np.array_equal(scorer.score_samples(values, distance=distance), whole)
