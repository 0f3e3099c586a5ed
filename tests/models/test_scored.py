import numpy as np
import pandas as pd
import pytest

from fraud.models import Scored


def parts(**columns):
    return pd.DataFrame(columns, index=["a", "b"])


def test_contributions_must_add_up():
    # 1 + (2 + 3) = 6 and 1 + (-1 + 0.5) = 0.5
    contributions = parts(x=[2.0, -1.0], y=[3.0, 0.5])
    Scored(pd.Series([6.0, 0.5], index=["a", "b"]), contributions, 1.0, "log_odds")
    with pytest.raises(ValueError, match="add up"):
        Scored(pd.Series([6.0, 0.6], index=["a", "b"]), contributions, 1.0, "log_odds")


def test_unknown_score_needs_no_sum_but_a_known_one_needs_all_parts():
    scores = pd.Series([np.nan, 1.0], index=["a", "b"])
    assert Scored(scores, parts(x=[np.nan, 1.0]), 0.0, "currency").additivity_gap() == 0
    with pytest.raises(ValueError, match="add up"):
        Scored(scores, parts(x=[1.0, np.nan]), 0.0, "currency")


def test_base_value_may_differ_by_subject():
    index = ["a", "b"]
    Scored(pd.Series([3.0, 5.0], index=index), parts(x=[1.0, 1.0]), pd.Series([2.0, 4.0], index=index), "points")


def test_refusals():
    with pytest.raises(ValueError, match="scale must be one of"):
        Scored(pd.Series([1.0], index=["a"]), pd.DataFrame({"x": [1.0]}, index=["a"]), 0.0, "percent")
    with pytest.raises(ValueError, match="one index"):
        Scored(pd.Series([1.0], index=["b"]), pd.DataFrame({"x": [1.0]}, index=["a"]), 0.0, "points")
