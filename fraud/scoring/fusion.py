"""The risk score: components fused so that one strong piece of evidence is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fraud.models.scored import Scored
from fraud.scoring.detectors import DETECTORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraud.scoring.detectors.declare import Detector
    from fraud.settings import ScoringSettings

# Under policy money no weight grows so large that one component decides alone.
_MOST_UNDER_MONEY = 0.95


def fusion_weights(settings: ScoringSettings, detectors: Sequence[Detector] = DETECTORS) -> dict[str, float]:
    """Weight of each component, 0..1: how far it may carry the score alone, at its strongest.

    Examples
    --------
    >>> from fraud.settings import ScoringSettings
    >>> fusion_weights(ScoringSettings())
    {'rules': 0.7, 'rings': 0.8, 'model': 0.6, 'anomaly': 0.4, 'excess': 0.3}
    >>> fusion_weights(ScoringSettings(policy="money"))["excess"]
    0.6
    """
    weights = {detector.name: float(getattr(settings, detector.weight)) for detector in detectors}
    if settings.policy == "money":
        return {each.name: min(weights[each.name] * each.money_factor, _MOST_UNDER_MONEY) for each in detectors}
    return weights


def fuse(components: pd.DataFrame, settings: ScoringSettings, detectors: Sequence[Detector] = DETECTORS) -> Scored:
    """Fuse components to 0..100 as a noisy or: 100 x (1 - product of (1 - weight x component)).

    Pearl (1988), Probabilistic Reasoning in Intelligent Systems, section 4.3.2. Each component takes of the score
    the share that its -log(1 - weight x component) has of their sum, so contributions add up to the score and the
    base value is zero.

    Parameters
    ----------
    components : DataFrame
        From `make_components`.
    settings : ScoringSettings
        Policy and weights.
    detectors : sequence of Detector
        Those that the components are of.

    Returns
    -------
    Scored
        In points.

    Examples
    --------
    >>> from fraud.settings import ScoringSettings
    >>> components = pd.DataFrame(0.0, index=["H1", "H2"], columns=[detector.name for detector in DETECTORS])
    >>> components.loc["H1", "rings"] = 1.0  # weight 0.8
    >>> components.loc["H2", ["rings", "rules"]] = 1.0  # 1 - 0.2 x 0.3
    >>> fuse(components, ScoringSettings()).scores.round(6).to_dict()
    {'H1': 80.0, 'H2': 94.0}
    """
    weights = fusion_weights(settings, detectors)
    names = list(weights)
    evidence = -np.log1p(-np.array(list(weights.values())) * components[names].to_numpy(dtype=float))
    total = evidence.sum(axis=1)
    scores = -100.0 * np.expm1(-total)
    shares = evidence / np.where(total > 0, total, 1.0)[:, None]
    contributions = pd.DataFrame(shares * scores[:, None], index=components.index, columns=names)
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
