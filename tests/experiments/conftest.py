"""Invented datasets in a workspace with a ready MLflow database."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from experiments.config import TrainConfig
from experiments.dataset import Dataset
from tests.models.invented import profiles
from tests.registry.conftest import template, workspace

__all__ = ["template", "workspace"]


@pytest.fixture
def config():
    return TrainConfig(n_folds=4, n_draws=60, n_trees=60, learning_rate=0.1, review_budget=0.1, window_months=6)


@pytest.fixture
def make_dataset():
    def make(n_labelled=700, n=1200, seed=0, *, shuffled=False, as_of=date(2026, 4, 1), known=date(2026, 3, 1)):
        values, attributes, guilty = profiles(n, seed=seed, share=0.4)
        truth = guilty
        if shuffled:
            truth = pd.Series(np.random.default_rng(9).permutation(guilty), index=guilty.index)
        labels = pd.DataFrame(index=values.index, columns=["decision", "known_date"], dtype=object)
        is_positive = truth.astype("boolean")
        is_positive.iloc[n_labelled:] = pd.NA
        labels["is_positive"] = is_positive
        labels["known_date"] = pd.Timestamp(known)
        families = dict.fromkeys(values.columns, "volume") | {"age_mean": "case_mix"}
        return Dataset(
            "provider", "2026-03", as_of, 6, values, attributes, labels, snapshot="s" * 64, families=families
        )

    return make
