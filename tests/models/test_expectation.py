import numpy as np
import pandas as pd
import pytest

from fraud.models.expectation import excess_amount
from tests.models.invented import profiles


def test_guilty_exceed_and_innocent_do_not():
    values, attributes, guilty = profiles()
    scored = excess_amount(values, attributes, context=["age_mean"], seed=7)
    share = scored.scores / values["fund_paid_amount"]
    # Planted: half as much again per patient, so a third of the guilty's money.
    assert share[guilty].median() > 0.15
    assert abs(share[~guilty].median()) < 0.2
    assert share[guilty].median() - share[~guilty].median() > 0.2
    assert scored.additivity_gap() < 1e-9
    assert scored.scale == "currency"


def test_case_mix_explains_what_it_explains():
    values, attributes, _ = profiles(share=0.0)
    with_age = excess_amount(values, attributes, context=["age_mean"], seed=7).scores
    without = excess_amount(values, attributes, context=[], seed=7).scores
    assert with_age.abs().mean() < 0.95 * without.abs().mean()


def test_small_place_by_hand():
    values = pd.DataFrame(
        {"patients_count": [10.0, 10.0, 20.0], "fund_paid_amount": [100.0, 200.0, 700.0]}, index=list("abc")
    )
    attributes = pd.DataFrame({"provider_type": ["clinic"] * 3}, index=list("abc"))
    scored = excess_amount(values, attributes, context=["age_mean"], seed=7)
    # Per patient 10, 20, 35: median 20; so 100-200, 200-200, 700-400.
    assert scored.scores.to_list() == [-100.0, 0.0, 300.0]


def test_own_group_never_teaches():
    values, attributes, _ = profiles()
    owner = pd.Series("many", index=values.index)
    owner.iloc[:200] = [f"O{n % 40}" for n in range(200)]
    first = excess_amount(values, attributes, context=["age_mean"], groups=owner, seed=7).scores
    changed = values.copy()
    same_owner = owner == "O3"
    changed.loc[same_owner, "fund_paid_amount"] += 1e6
    second = excess_amount(changed, attributes, context=["age_mean"], groups=owner, seed=7).scores
    assert (second - first)[same_owner].to_numpy() == pytest.approx(1e6)


def test_unknown_amount_gives_unknown_excess():
    values, attributes, _ = profiles()
    values.iloc[4, values.columns.get_loc("fund_paid_amount")] = np.nan
    scores = excess_amount(values, attributes, context=["age_mean"], seed=7).scores
    assert scores.isna().sum() == 1
    assert np.isnan(scores.iloc[4])
    assert scores.index.equals(values.index)
