"""The choice of columns: anew in every fold, and of none that only chance speaks for."""

import numpy as np
import pandas as pd

from fraud.models.columns import _average_precision, _clearly_best, choose_columns
from fraud.models.recipe import Recipe
from fraud.models.supervised import BoosterParameters

TREES = BoosterParameters(n_trees=40, learning_rate=0.1, min_leaf_subjects=5)


def world(n=240, n_noise=150, *, signal=2.5, seed=0):
    """Two columns that tell the guilty, and many that do not."""
    random = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([[f"P{place:04}" for place in range(n)], ["2026-03"]])
    guilty = pd.Series(random.random(n) < 0.3, index, dtype="boolean")
    told = {f"told_{place}": random.normal(size=n) + signal * guilty.to_numpy(dtype=float) for place in range(2)}
    noise = {f"noise_{place}": random.normal(size=n) for place in range(n_noise)}
    values = pd.DataFrame({**noise, **told, "fund_paid_amount": random.lognormal(size=n)}, index)
    return values, guilty, pd.Series(index.get_level_values(0), index)


def test_few_columns_are_chosen_where_few_tell():
    values, guilty, groups = world()
    for mode in ("labelled", "positive_unlabelled"):
        model = Recipe(mode, 7, TREES, column_counts=(2, 10)).fit(values, guilty, groups)
        chosen = model.booster.feature_name()
        assert {"told_0", "told_1"} <= set(chosen)
        assert len(chosen) in (2, 10)
        assert len(model.score(values).scores) == 240
    # The money of a priority is needed whether or not trees look at it.
    assert "fund_paid_amount" in model.features


def test_a_choice_is_not_fooled_by_what_it_has_seen():
    values, guilty, groups = world(signal=0.0)
    half, rest = values.index[:120], values.index[120:]
    model = Recipe("labelled", 7, TREES, column_counts=(5,)).fit(values.loc[half], guilty[half], groups[half])
    known, scores = guilty[rest].astype(bool), model.score(values.loc[rest]).scores
    # Nothing tells, so that ranks of others are no better than chance (0.3, give or take).
    assert abs(_average_precision(known, scores) - known.mean()) < 0.12


def test_a_smaller_number_is_taken_only_where_it_clearly_beats_all():
    # Better by .01 in two folds and worse by .02 in the third: that is luck. Better in all of three: that is none.
    assert _clearly_best(np.array([[0.51, 0.50], [0.51, 0.50], [0.48, 0.50]])) == 1
    assert _clearly_best(np.array([[0.53, 0.51, 0.50], [0.54, 0.52, 0.50], [0.52, 0.51, 0.50]])) == 0
    assert _clearly_best(np.array([[0.50, 0.50], [0.50, 0.50], [0.50, 0.50]])) == 1


def test_all_columns_are_kept_where_nothing_can_be_measured():
    values, guilty, groups = world()
    one = guilty & (guilty.cumsum() == 1)
    fit = Recipe("positive_unlabelled", 7, TREES)._fit
    assert choose_columns(fit, values, one, groups, counts=(5,), seed=7) == list(values.columns)
    assert choose_columns(fit, values, guilty, groups, counts=(5_000,), seed=7) == list(values.columns)


def test_average_precision_by_hand():
    # Found at places 1 and 3: (1/1 + 2/3) / 2; two of a tie of three from the top: 2/3.
    assert _average_precision(pd.Series([True, False, True]), pd.Series([3.0, 2, 1])) == (1 + 2 / 3) / 2
    assert _average_precision(pd.Series([True, False, True]), pd.Series([1.0, 1, 1])) == 2 / 3
