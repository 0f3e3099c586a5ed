"""Components, fusion, ranks and expected recovery, by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from fraud.scoring.detectors import DETECTORS
from fraud.scoring.detectors.excess import excess_component
from fraud.scoring.detectors.model import model_component
from fraud.scoring.detectors.rings import rings_component
from fraud.scoring.detectors.rules import rules_component
from fraud.scoring.fusion import fuse, fusion_weights, rank_subjects
from fraud.scoring.recovery import confirmation_probability, expected_recovery, rank_bands
from fraud.scoring.tail_rank import tail_rank
from fraud.settings import ScoringSettings

SETTINGS = ScoringSettings()
NAMES = [detector.name for detector in DETECTORS]


def components(**given):
    ids = ["a", "b"]
    blank = pd.DataFrame(0.0, index=ids, columns=NAMES)
    for name, values in given.items():
        blank[name] = values
    return blank


def test_one_component_alone_reaches_its_weight():
    fused = fuse(components(rings=[1.0, 0.5]), SETTINGS)
    assert fused.scores.round(9).tolist() == [80.0, 40.0]  # 100 x 0.8 x 1, 100 x 0.8 x 0.5
    assert fused.contributions.loc["a", "rings"] == pytest.approx(80.0)


def test_two_components_are_a_noisy_or():
    fused = fuse(components(rings=[1.0, 0.0], rules=[1.0, 0.0]), SETTINGS)
    assert fused.scores["a"] == pytest.approx(100 * (1 - 0.2 * 0.3))  # 94
    share = math.log(1 / 0.2) / (math.log(1 / 0.2) + math.log(1 / 0.3))
    assert fused.contributions.loc["a", "rings"] == pytest.approx(94 * share)
    assert fused.scores["b"] == 0.0


def test_contributions_add_up_for_random_components():
    random = np.random.default_rng(3)
    frame = pd.DataFrame(random.random((500, 5)), columns=NAMES)
    fused = fuse(frame, SETTINGS)
    gap = (fused.contributions.sum(axis=1) - fused.scores).abs().max()
    assert gap < 1e-9
    assert fused.scores.between(0, 100).all()


def test_money_policy_favours_amounts():
    money = fusion_weights(ScoringSettings(policy="money"))
    precision = fusion_weights(SETTINGS)
    assert money["excess"] > precision["excess"]
    assert money["anomaly"] < precision["anomaly"]


def test_rules_component_by_hand():
    exposure, turnover = pd.Series([0, 200, 100]), pd.Series([1000.0, 10_000.0, 10_000.0])
    # b: share 0.02 is half-way, rank 2 of 2 -> (0.5 + 1) / 2; c: 0.01 / 0.03 and 1 of 2 -> (1/3 + 1/2) / 2
    assert rules_component(exposure, turnover, SETTINGS).round(6).tolist() == [0.0, 0.75, round(5 / 12, 6)]
    money = ScoringSettings(policy="money")
    assert rules_component(exposure, turnover, money).tolist() == [0.0, 1.0, 0.5]


def test_the_other_components_by_hand():
    assert rings_component(pd.Series([np.nan, 0.5, 0.0])).tolist() == [0.0, 0.5, 0.0]
    assert model_component(pd.Series([np.nan, np.nan]), None).tolist() == [0.0, 0.0]
    assert model_component(pd.Series([9.0, 1.0]), pd.Series([0.25, np.nan])).tolist() == [0.25, 0.0]
    # Three subjects, the middle one highest: ln 6 / ln 6; money below expectation says nothing.
    assert excess_component(pd.Series([-5.0, 1.0, -1.0]), pd.DataFrame(index=range(3))).round(6).tolist() == [
        0.0,
        1.0,
        0.0,
    ]


def test_tail_rank_of_equals_and_unknown():
    ranks = tail_rank(pd.Series([1.0, 1.0, np.nan]))
    assert ranks.iloc[0] == ranks.iloc[1] == pytest.approx(math.log(2) / math.log(4))  # both at the middle of two
    assert ranks.iloc[2] == 0.0


def test_ranks_break_ties_by_id():
    assert rank_subjects(pd.Series([2.0, 2.0, 3.0], index=["b", "a", "c"])).tolist() == [3, 2, 1]


def test_probability_by_band_is_stated_then_measured():
    ranks = pd.Series(range(1, 101), index=[f"P{number:03}" for number in range(1, 101)])
    unknown = pd.Series(pd.NA, index=ranks.index, dtype="boolean")
    stated = confirmation_probability(ranks, unknown, None, SETTINGS)
    assert stated.iloc[[0, 1, 4, 5]].tolist() == [0.5, 0.25, 0.25, 0.05]
    known = unknown.copy()
    known.iloc[10:30] = [True] * 3 + [False] * 17
    measured = confirmation_probability(ranks, known, None, SETTINGS)
    assert measured.iloc[50] == pytest.approx(3 / 20)  # twenty known in the lowest band: measured
    assert measured.iloc[0] == 0.5  # none known in the top band: stated


def test_bands_hold_at_least_one():
    assert rank_bands(pd.Series([1, 2, 3])).tolist() == [0, 2, 2]


def test_expected_recovery_takes_the_largest_and_never_overflows():
    result = expected_recovery(
        pd.Series([0.25, 0.5, 1.0, 0.5]),
        [
            pd.Series([1000, 0, 9 * 10**17, 10]),
            pd.Series([0, 0, 5, 300]),
            pd.Series([400, -7, None, 20], dtype="Int64"),
        ],
    )
    assert result.tolist() == [250, 0, 9 * 10**17, 150]
