"""Invented datasets in a workspace with a ready MLflow database."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from experiments.config import TrainConfig
from experiments.dataset import Dataset
from experiments.groups import join_groups
from tests.models.invented import profiles
from tests.registry.conftest import template, workspace

__all__ = ["template", "workspace"]


def of_month(frame, month="2026-03"):
    """Rows of subjects as those of a month."""
    return pd.concat({month: frame}, names=["month", "subject_id"]).swaplevel()


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
            entity="provider",
            as_of=as_of,
            months=("2026-03",),
            window_months=6,
            label_delay_months=3,
            profiles=of_month(values),
            attributes=of_month(attributes),
            labels=of_month(labels),
            groups=join_groups(values.index.to_series(), pd.Series(dtype=object), max_share=0.2),
            snapshot="s" * 64,
            families=families,
        )

    return make


@pytest.fixture
def make_stacked(make_dataset):
    """Three months of one world: who is guilty stays so, values are drawn anew, decisions come after two months."""

    def make(n_labelled=900, as_of=date(2026, 12, 31)):
        months = ("2026-06", "2026-09", "2026-12")
        base = make_dataset(n_labelled)
        truth = base.labels.droplevel("month")
        parts = {month: profiles(len(truth), seed=place, share=0.4)[0] for place, month in enumerate(months)}
        guilty = profiles(len(truth), seed=0, share=0.4)[2].to_numpy()
        for values in parts.values():
            values["visits_per_patient_mean"] = values["weekend_share"].rank(pct=True).fillna(0.5) + 0.7 * guilty
        since = {"2026-06": "2026-08-15", "2026-09": "2026-11-15", "2026-12": "2026-12-20"}
        labels = {month: truth.assign(known_date=pd.Timestamp(since[month])) for month in months}
        return replace(
            base,
            as_of=as_of,
            months=months,
            profiles=stacked(parts),
            attributes=stacked(dict.fromkeys(months, base.attributes.droplevel("month"))),
            labels=stacked(labels),
        )

    return make


def stacked(frames):
    return pd.concat(frames, names=["month", "subject_id"]).swaplevel().sort_index()
