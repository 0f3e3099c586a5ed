"""What models say of the profiles of a month: model score, anomaly score, excess amount."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.errors import ToolkitError
from fraud.models.anomaly import AnomalyScorer
from fraud.models.expectation import excess_amount
from fraud.models.trained import TrainedModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.build import Profile
    from fraud.models.scored import Scored
    from fraud.registry.records import LoadedModel
    from fraud.scoring.catalogue import FeatureWords

_MIN_SUBJECTS = 2


@dataclass(frozen=True)
class Detected:
    """Scores of one entity's subjects; higher is more suspicious.

    Parameters
    ----------
    mode : str
        none, positive_unlabelled or labelled.
    model : Scored or None
        None in mode none.
    probability : Series or None
        Only when labelled and calibrated.
    anomaly : Series
        Points.
    excess : Scored
        Currency, major units.
    scorer : AnomalyScorer or None
        What explains the anomaly score, and `curated`, its columns.
    """

    mode: str
    model: Scored | None
    probability: pd.Series | None
    anomaly: pd.Series
    excess: Scored
    scorer: AnomalyScorer | None
    curated: tuple[str, ...]

    def explain_anomaly(self, profile: Profile, subjects: pd.Index) -> Scored | None:
        """Share the anomaly points of some subjects among the features."""
        if self.scorer is None or not len(subjects):
            return None
        columns = list(self.curated)
        own = profile.of(subjects)
        return self.scorer.explain(own.features[columns], distance=own.peers.distance[columns])


def detect(profile: Profile, words: Mapping[str, FeatureWords], loaded: LoadedModel | None, *, seed: int) -> Detected:
    """Score profiles by all three.

    The anomaly score reads the features that have a suspicious tail and are known of somebody; the expectation
    reads the family `case_mix` alone.

    Raises
    ------
    ToolkitError
        The model needs features that the profiles do not have.
    """
    values = profile.features
    model, probability, mode = None, None, "none"
    if loaded is not None and len(values):
        trained = TrainedModel.from_loaded(loaded)
        missing = sorted(set(trained.features) - set(values.columns))
        if missing:
            raise ToolkitError(
                f"model {loaded.name}: features {', '.join(missing[:5])} are not in the profiles. "
                "Hint: train again, or score with --model none"
            )
        model = trained.score(values.astype(np.float64))
        probability, mode = trained.probability(model), trained.mode
    curated = tuple(
        name
        for name in values.columns
        if name in words and words[name].direction is not None and values[name].notna().any()
    )
    anomaly, scorer = pd.Series(np.nan, index=values.index, name="anomaly_score"), None
    if curated and len(values) >= _MIN_SUBJECTS:
        columns = list(curated)
        scorer = AnomalyScorer([words[name].direction or "both" for name in curated], seed=seed)
        cells, distance = values[columns], profile.peers.distance[columns]
        scorer.fit(cells, distance=distance)
        anomaly = pd.Series(scorer.score_samples(cells, distance=distance), index=values.index, name="anomaly_score")
    return Detected(mode, model, probability, anomaly, _excess(profile, words, seed), scorer, curated)


def _excess(profile: Profile, words: Mapping[str, FeatureWords], seed: int) -> Scored:
    values, attributes = profile.features, profile.attributes
    context = [name for name in values.columns if name in words and words[name].family == "case_mix"]
    groups = None
    if "group_id" in attributes.columns:
        own = values.index.to_series()
        owner = attributes["group_id"].astype(object)
        groups = owner.where(owner.notna() & (owner != ""), own)
    return excess_amount(values, attributes, context=context, groups=groups, seed=seed)
