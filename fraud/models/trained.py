"""A trained model: the Booster, and what turns its margin into the model score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from fraud.models.calibration import Platt
from fraud.models.explain import booster_contributions, booster_margins
from fraud.models.positive_unlabelled import Blend, fit_blend, train_bagged
from fraud.models.supervised import BoosterParameters, train_booster

if TYPE_CHECKING:
    from collections.abc import Sequence

    import lightgbm

    from fraud.models.mode import Mode
    from fraud.models.scored import Scored
    from fraud.registry.records import LoadedModel

AMOUNT = "fund_paid_amount"


@dataclass(frozen=True)
class TrainedModel:
    """What scores profiles, in one of the two modes that have a model.

    Parameters
    ----------
    booster : Booster
        LightGBM's trees.
    mode : str
        `labelled` or `positive_unlabelled`.
    platt : Platt or None
        Margin to probability; only when labelled.
    blend : Blend or None
        Margin and money to priority; only when positive_unlabelled.
    """

    booster: lightgbm.Booster
    mode: Mode
    platt: Platt | None = None
    blend: Blend | None = None

    @classmethod
    def from_loaded(cls, loaded: LoadedModel) -> Self:
        """Rebuild the model from what the registry handed out."""
        platt, blend = loaded.card.get("platt"), loaded.card.get("blend")
        return cls(
            booster=loaded.booster,
            mode=loaded.card["mode"],
            platt=None if platt is None else Platt(**platt),
            blend=None if blend is None else Blend(**blend),
        )

    @property
    def features(self) -> list[str]:
        """Features that must be there to score: those of the trees and the money of the blend."""
        names: list[str] = list(self.booster.feature_name())
        if self.blend is not None and self.blend.amount not in names:
            names.append(self.blend.amount)
        return names

    def parts(self) -> dict[str, Any]:
        """Return everything but the trees as plain values, for the registry."""
        return {
            "mode": self.mode,
            "platt": None if self.platt is None else self.platt.as_dict(),
            "blend": None if self.blend is None else self.blend.as_dict(),
        }

    def score(self, values: pd.DataFrame) -> Scored:
        """Score subjects: log odds when labelled, points of priority when positive_unlabelled.

        Raises
        ------
        ValueError
            A feature of the model is missing.
        """
        margin = booster_contributions(self.booster, values)
        return margin if self.blend is None else self.blend.apply(margin, values[self.blend.amount])

    def scores(self, values: pd.DataFrame) -> pd.Series:
        """Return the scores alone, for whoever explains nothing; as `score` but for the last digits."""
        margins = booster_margins(self.booster, values)
        return margins if self.blend is None else self.blend.points(margins, values[self.blend.amount])

    def probability(self, scores: pd.Series) -> pd.Series | None:
        """Probability of confirmation, or None when the mode does not allow one."""
        if self.platt is None:
            return None
        probabilities = self.platt.apply(scores.to_numpy(dtype=float))
        return pd.Series(probabilities, index=scores.index, name="fraud_probability")


def fit_model(
    values: pd.DataFrame,
    is_positive: pd.Series,
    mode: Mode,
    *,
    seed: int,
    parameters: BoosterParameters | None = None,
    amount: str = AMOUNT,
    columns: Sequence[str] | None = None,
) -> TrainedModel:
    """Train in the given mode.

    Parameters
    ----------
    values : DataFrame
        One row per subject; float64 features.
    is_positive : Series
        Nullable boolean, same index: confirmed, cleared, or unknown (NA). When labelled, the unknown are left
        out; when positive_unlabelled, the cleared count as unlabelled.
    mode : str
        `labelled` or `positive_unlabelled`.
    seed : int
        Seed of the subsampling.
    parameters : BoosterParameters, optional
        Size of the trees.
    amount : str
        Money of the blend.
    columns : sequence of str, optional
        Features that trees may look at; default: all.
    """
    seen = values if columns is None else values[list(columns)]
    if mode == "labelled":
        known = is_positive.notna()
        booster = train_booster(seen[known], is_positive[known].astype(bool), seed=seed, parameters=parameters)
        return TrainedModel(booster, mode, platt=Platt())
    if mode == "positive_unlabelled":
        positive = is_positive.fillna(value=False).astype(bool)
        booster = train_bagged(seen, positive, seed=seed, parameters=parameters)
        return TrainedModel(booster, mode, blend=fit_blend(booster, values, amount))
    raise ValueError(f"mode must be labelled or positive_unlabelled. Got {mode!r} instead")


def apply_model(loaded: LoadedModel, values: pd.DataFrame) -> tuple[Scored, pd.Series | None]:
    """Score profiles with a model of the registry.

    Parameters
    ----------
    loaded : LoadedModel
        From `fraud.registry.versions.load_model`.
    values : DataFrame
        Profile values; features that the model does not know are ignored.

    Returns
    -------
    tuple of Scored and (Series or None)
        Score with contributions, and the probability where the mode allows one.
    """
    model = TrainedModel.from_loaded(loaded)
    scored = model.score(values.astype(np.float64))
    return scored, model.probability(scored.scores)
