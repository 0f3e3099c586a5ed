"""The review budget: the findings of the model and the evaluation of its ranking speak of the same subjects."""

from __future__ import annotations

import pandas as pd

from experiments.recall.scored import Budget
from fraud.budget import review_size
from fraud.scoring.detectors.model import model_findings


def test_the_nearest_whole_number_at_least_one_and_never_more_than_there_are():
    # 2.0, 0.2, 5.94, 1 of none
    assert [review_size(n, 0.02) for n in (100, 10, 297, 0)] == [2, 1, 6, 0]


def test_two_per_cent_of_297_providers_are_six_everywhere():
    ids = [f"H{number:03}" for number in range(297)]
    score = pd.Series(range(297), index=ids, dtype="float64")
    named = model_findings(score, entity="provider", month="2026-03", version="m/1", probability=None, budget=0.02)
    # 297 x 0.02 = 5.94: the nearest whole number, not the whole part.
    assert len(named) == review_size(297, 0.02) == Budget(0.02, 200).size("provider", 297) == 6
    assert set(named.findings["subject_id"]) == set(ids[-6:])
