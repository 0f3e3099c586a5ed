"""Contributions of features to the score of a model: exact, against peers, by family, and as a picture."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fraud.models.scored import Scored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import lightgbm


def booster_contributions(booster: lightgbm.Booster, values: pd.DataFrame) -> Scored:
    """Score subjects and split each score over the features.

    LightGBM's `pred_contrib` is TreeSHAP (Lundberg et al. 2020, "From local explanations to global
    understanding with explainable AI for trees") and exact.

    Parameters
    ----------
    booster : Booster
        The model; its features are taken from `values` by name.
    values : DataFrame
        One row per subject; float64 features, NaN for unknown.

    Returns
    -------
    Scored
        Margins on the scale `log_odds` with their contributions.

    Raises
    ------
    ValueError
        A feature of the model is missing.
    """
    features = booster.feature_name()
    numbers = _numbers(booster, values)
    if values.empty:
        nothing = pd.DataFrame(index=values.index, columns=features, dtype="float64")
        return Scored(pd.Series(index=values.index, dtype="float64"), nothing, 0.0, "log_odds")
    parts = booster.predict(numbers, pred_contrib=True)
    contributions = pd.DataFrame(parts[:, :-1], index=values.index, columns=features)
    base = float(parts[0, -1])
    return Scored(base + contributions.sum(axis=1), contributions, base, "log_odds")


def booster_margins(booster: lightgbm.Booster, values: pd.DataFrame) -> pd.Series:
    """Score subjects without splitting the scores, in a twentieth of the time; parameters and errors as there.

    Returns
    -------
    Series
        Margins in log odds, equal to those of `booster_contributions` but for the last digits.
    """
    numbers = _numbers(booster, values)
    margins = booster.predict(numbers, raw_score=True) if len(values) else np.empty(0)
    return pd.Series(margins, index=values.index, dtype="float64")


def _numbers(booster: lightgbm.Booster, values: pd.DataFrame) -> np.ndarray:
    features = booster.feature_name()
    missing = [name for name in features if name not in values.columns]
    if missing:
        raise ValueError(f"features of the model are missing: {', '.join(missing)}")
    numbers: np.ndarray = values[features].to_numpy(dtype=np.float64)
    return numbers


def peer_relative(contributions: pd.DataFrame, peer_group: pd.Series) -> pd.DataFrame:
    """Subtract the mean contributions of each subject's peer group: what sets it apart from its like.

    Parameters
    ----------
    contributions : DataFrame
        One row per subject, one column per feature.
    peer_group : Series
        Peer group per subject, same index.

    Returns
    -------
    DataFrame
        Same shape; per peer group each column has mean zero. Row sums are the score minus the peers' mean score.
    """
    return contributions - contributions.groupby(peer_group).transform("mean")


def by_family(contributions: pd.DataFrame, family_of: Mapping[str, str]) -> pd.DataFrame:
    """Sum contributions by family of features; columns sorted by name.

    Raises
    ------
    ValueError
        A feature has no family.
    """
    homeless = [name for name in contributions.columns if name not in family_of]
    if homeless:
        raise ValueError(f"features without a family: {', '.join(homeless)}")
    families = pd.Index([family_of[name] for name in contributions.columns])
    # Summed column by column in their order, so equal input gives equal doubles.
    return pd.DataFrame(
        {name: contributions.loc[:, families == name].sum(axis=1) for name in sorted(set(families))},
        index=contributions.index,
    )


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Shap jitters its points with numpy's global generator: seeded here, and put back as it was."""
    state = np.random.get_state()  # noqa: NPY002 - shap draws from this one
    np.random.seed(seed)  # noqa: NPY002 - shap draws from this one
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002 - shap draws from this one


def summary_picture(scored: Scored, values: pd.DataFrame, *, top: int = 15, aggregate: bool = False) -> bytes:
    """Draw shap's beeswarm of the strongest features, as PNG; it names no subject.

    Parameters
    ----------
    scored : Scored
        Scores with contributions.
    values : DataFrame
        Values of the features, same subjects.
    top : int
        How many features to show.
    aggregate : bool
        Bars of the mean size of contributions in place of one dot per subject.
    """
    import matplotlib as mpl

    with warnings.catch_warnings(), mpl.rc_context():
        # shap 0.5x warns of matplotlib's planned changes when imported and when it draws.
        warnings.simplefilter("ignore")
        mpl.use("Agg")
        import matplotlib.pyplot as plt
        import shap

        explanation = shap.Explanation(
            values=scored.contributions.to_numpy(dtype=float),
            base_values=np.broadcast_to(np.asarray(scored.base_value, dtype=float), (len(scored.scores),)),
            data=values[list(scored.contributions.columns)].to_numpy(dtype=float),
            feature_names=list(scored.contributions.columns),
        )
        with _seeded(0):
            draw = shap.plots.bar if aggregate else shap.plots.beeswarm
            draw(explanation, max_display=top, show=False)
        figure = plt.gcf()
        figure.set_size_inches(10, 0.4 * top + 1.5)
        axes = figure.axes[0]
        what = "mean size of contribution" if aggregate else "contribution"
        axes.set_xlabel(f"{what} to the score ({scored.scale.replace('_', ' ')})")
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=110, bbox_inches="tight", metadata={"Software": None})
        plt.close(figure)
    return stream.getvalue()
