import pandas as pd

from fraud.models.folds import group_folds


def test_groups_stay_together_and_strata_are_even():
    ids = [f"P{n}" for n in range(100)]
    groups = pd.Series([f"G{n // 2}" for n in range(100)], index=ids)
    positive = pd.Series([n < 40 for n in range(100)], index=ids)
    folds = group_folds(groups, n_folds=5, seed=7, strata=positive)
    assert (folds.groupby(groups).max() == folds.groupby(groups).min()).all()
    # 20 positive and 30 other groups over 5 folds: 4 and 6 groups of two.
    assert folds[positive].value_counts().tolist() == [8] * 5
    assert folds[~positive].value_counts().tolist() == [12] * 5


def test_order_of_rows_does_not_matter_but_the_seed_does():
    groups = pd.Series([f"G{n}" for n in range(50)], index=range(50))
    one = group_folds(groups, n_folds=5, seed=7)
    assert one.equals(group_folds(groups[::-1], n_folds=5, seed=7)[::-1])
    assert not one.equals(group_folds(groups, n_folds=5, seed=8))


def test_a_missing_group_is_the_subject_alone():
    groups = pd.Series([None, None, "x", "x"], index=list("abcd"), dtype=object)
    folds = group_folds(groups, n_folds=3, seed=7)
    # Three groups (a, b, x) over three folds.
    assert folds.nunique() == 3
    assert folds["c"] == folds["d"]
