"""Labels that are few, or all of one owner: a training says so, or ends."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from experiments.known_then import Known
from experiments.splits import out_of_fold
from features.errors import InputError
from fraud.models.recipe import Recipe
from fraud.models.supervised import BoosterParameters

IDS = [f"H{n:03}" for n in range(300)]
ROWS = pd.MultiIndex.from_product([IDS, ["2026-03"]], names=["subject_id", "month"])
VALUES = pd.DataFrame({name: np.arange(300.0) % k for name, k in (("fund_paid_amount", 7), ("b", 5))}, index=ROWS)
OWN = pd.Series(IDS, index=ROWS)
TREES = BoosterParameters(n_trees=350)


def labels(positives, negatives=()):
    known = pd.Series(pd.NA, index=IDS, dtype="boolean")
    known[list(positives)], known[list(negatives)] = True, False
    return known.set_axis(ROWS)


def scored(known, mode, groups=OWN):
    cuts = Known(known, pd.Series(pd.NaT, ROWS), date(2026, 4, 1), 3).cuts(mode, bool)
    return out_of_fold(VALUES, known, groups, Recipe(mode, 7, TREES), cuts, n_folds=5, seed=7)


def test_labels_of_one_class_are_told():
    for is_positive, what in ((True, "all 300 subjects are confirmed"), (False, "all 300 subjects are cleared")):
        known = pd.Series(is_positive, index=ROWS, dtype="boolean")
        with pytest.raises(InputError, match=f"one class of label: {what}.*Hint: "):
            scored(known, "positive_unlabelled")


@pytest.mark.parametrize("n", [2, 3, 12])
def test_two_confirmed_subjects_are_enough_to_rank_by(n):
    scores = scored(labels(IDS[:n]), "positive_unlabelled")
    assert len(scores) == 300
    assert scores["score"].notna().all()


@pytest.mark.parametrize(
    ("mode", "known"),
    [
        ("positive_unlabelled", labels(IDS[:9])),
        ("labelled", labels(IDS[:9], IDS[20:60])),
        ("labelled", labels(IDS[20:60], IDS[:9])),
        ("labelled", labels(IDS[:1], IDS[20:60])),
    ],
)
def test_labels_of_one_owner_judge_nobody(mode, known):
    groups = OWN.where(~OWN.isin(IDS[:9]), "one owner")
    with pytest.raises(InputError, match=r"labels of the training: .*one owner.*Hint: .*fraud feedback import"):
        scored(known, mode, groups)
