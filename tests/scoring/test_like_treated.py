"""Innocent care by schedule is not odd: cycles of chemotherapy do not rank for being cycles of chemotherapy."""

import numpy as np
import pandas as pd

from features.vocabulary.text import Text
from fraud.models.expectation import excess_amount
from fraud.scoring.detectors.excess import excess_component
from fraud.scoring.like_treated import among_like_treated, say_pathways
from fraud.scoring.reasons import merge_reasons

N, ON = 400, 40


def _patients(seed=1):
    lot = np.random.default_rng(seed)
    pathway = np.r_[np.full(N, None, object), np.full(ON, "cancer", object)]
    dear = np.r_[np.full(N, 1.0), np.full(ON, 60.0)]
    spent = dear * np.exp(0.4 * lot.normal(size=N + ON))
    index = [f"P{number:03d}" for number in range(N + ON)]
    values = pd.DataFrame({"fund_paid_amount": 100 * spent, "visits": spent}, index=index)
    return values, pd.DataFrame({"care_pathway": pathway}, index=index)


def test_who_is_treated_alike_spreads_over_all_places():
    values, attributes = _patients()
    before = values["visits"].copy()
    placed = among_like_treated(values.copy(), attributes)["visits"]
    on = attributes["care_pathway"].notna()
    assert before.rank(pct=True)[on].min() > 0.9
    assert abs(placed.rank(pct=True)[on].mean() - 0.5) < 0.1
    assert placed[on].rank().equals(before[on].rank())
    assert placed[~on].equals(before[~on])


def test_unknown_values_stay_unknown_and_nobody_else_moves():
    values = pd.DataFrame({"x": [1.0, np.nan, 3.0, np.nan], "y": [np.nan] * 4})
    attributes = pd.DataFrame({"care_pathway": [None, None, "cancer", "cancer"]})
    placed = among_like_treated(values.copy(), attributes)
    assert placed["x"].isna().tolist() == [False, True, False, True]
    assert placed["x"].iloc[0] == 1.0
    assert placed["y"].isna().all()
    assert among_like_treated(values.copy(), attributes[[]]).equals(values)


def test_the_first_by_excess_are_not_all_of_one_illness():
    values, attributes = _patients()
    excess = excess_amount(values, attributes, context=["visits"][:0], seed=7).scores
    first = excess_component(excess, attributes).nlargest(20).index
    assert attributes.loc[first, "care_pathway"].notna().sum() <= 5


def test_the_expectation_of_a_dear_pathway_is_not_that_of_the_rest():
    values, attributes = _patients()
    excess = excess_amount(values, attributes, context=[], seed=7).scores
    on = attributes["care_pathway"].notna()
    assert abs(excess[on].median()) < 0.2 * values.loc[on, "fund_paid_amount"].median()


def test_reasons_end_with_whom_the_subject_was_compared_with():
    attributes = pd.DataFrame({"care_pathway": ["cancer", "cancer", None]}, index=["A", "B", "C"])
    told = [{"A": [Text("one", "一"), Text("two", "二")], "C": [Text("three", "三")]}]
    reasons = merge_reasons(attributes.index, told, 1, (), say_pathways(attributes))
    assert reasons.loc["A", "reasons_en"][0] == "one"
    assert "cancer care" in reasons.loc["A", "reasons_en"][1]
    assert "恶性肿瘤" in reasons.loc["A", "reasons_zh"][1]
    assert len(reasons.loc["B", "reasons_en"]) == 1
    assert reasons.loc["C", "reasons_en"] == ["three"]
