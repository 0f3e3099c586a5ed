"""The risk score: components fused so that one strong piece of evidence is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fraud.models.scored import Scored
from fraud.scoring.components import COMPONENTS

if TYPE_CHECKING:
    from fraud.settings import ScoringSettings

# What money-minded weights take from the evidence of conduct and give to the amounts.
_MONEY_FACTORS = {"rules": 1.2, "rings": 0.8, "model": 0.8, "anomaly": 0.6, "excess": 2.0}


def fusion_weights(settings: ScoringSettings) -> dict[str, float]:
    """Weight of each component, 0..1: how far its strongest word alone may carry the score.

    Examples
    --------
    >>> from fraud.settings import ScoringSettings
    >>> fusion_weights(ScoringSettings())["rules"]
    0.7
    """
    weights = {
        "rules": settings.rules_weight,
        "rings": settings.rings_weight,
        "model": settings.model_weight,
        "anomaly": settings.anomaly_weight,
        "excess": settings.excess_weight,
    }
    if settings.policy == "money":
        weights = {name: min(weight * _MONEY_FACTORS[name], 0.95) for name, weight in weights.items()}
    return weights


def fuse(components: pd.DataFrame, settings: ScoringSettings) -> Scored:
    """Fuse components to 0..100 as a noisy or: 100 x (1 - product of (1 - weight x component)).

    Pearl (1988), Probabilistic Reasoning in Intelligent Systems, section 4.3.2. Each component takes of the score
    the share that its -log(1 - weight x component) has of their sum, so contributions add up to the score and the
    base value is zero.

    Parameters
    ----------
    components : DataFrame
        From `make_components`.

    Returns
    -------
    Scored
        In points.
    """
    weights = np.array([fusion_weights(settings)[name] for name in COMPONENTS])
    evidence = -np.log1p(-weights * components[list(COMPONENTS)].to_numpy(dtype=float))
    total = evidence.sum(axis=1)
    scores = -100.0 * np.expm1(-total)
    shares = evidence / np.where(total > 0, total, 1.0)[:, None]
    contributions = pd.DataFrame(shares * scores[:, None], index=components.index, columns=list(COMPONENTS))
    return Scored(pd.Series(scores, index=components.index, name="risk_score"), contributions, 0.0, "points")


def rank_subjects(scores: pd.Series) -> pd.Series:
    """Rank 1 is the most suspicious; ties are broken by id.

    Examples
    --------
    >>> rank_subjects(pd.Series([1.0, 5.0, 5.0], index=["a", "c", "b"])).to_dict()
    {'a': 3, 'c': 2, 'b': 1}
    """
    order = sorted(range(len(scores)), key=lambda place: (-scores.iloc[place], scores.index[place]))
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[order] = np.arange(1, len(scores) + 1)
    return pd.Series(ranks, index=scores.index, name="rank")
