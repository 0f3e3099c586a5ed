"""Model: LightGBM trees trained on earlier decisions, as the registry holds them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.errors import ToolkitError
from features.vocabulary.text import Text
from fraud.budget import review_size
from fraud.models.trained import TrainedModel
from fraud.scoring.detectors.measured import Measured
from fraud.scoring.remarks import Remark, remark_findings
from fraud.scoring.sentences import in_unit
from fraud.scoring.tail_rank import tail_rank

if TYPE_CHECKING:
    from fraud.findings import Findings
    from fraud.registry.records import LoadedModel
    from fraud.scoring.entity_month import EntityMonth
    from fraud.scoring.shown import Shown
    from fraud.settings import ScoringSettings

# In both languages, as the rules' articles are.
_BASIS = (
    "统计方法，非法规条款：由既往核查结论训练的模型排序 (Rank by a model trained on earlier decisions; "
    "method of this toolkit, not a regulation)"
)


def measure_model(given: EntityMonth, settings: ScoringSettings) -> Measured:
    """Measure the model by its score: log odds with a calibrated probability, or points of priority.

    Parameters
    ----------
    given : EntityMonth
        Its features, and the model of the registry.
    settings : ScoringSettings
        Review budget: the share of subjects that become findings.

    Returns
    -------
    Measured
        `model_score`, and `fraud_probability` in mode labelled; explained by TreeSHAP. Without a model both are
        unknown and the component is zero.

    Raises
    ------
    ToolkitError
        The model needs features that the profiles do not have.
    """
    unknown = pd.Series(np.nan, index=given.subjects)
    if given.model is None or given.features.empty:
        return Measured(model_component(unknown, None), {"model_score": unknown, "fraud_probability": unknown})
    trained = _trained(given.model, given.features)
    scored = trained.score(given.features.astype(np.float64))
    probability = trained.probability(scored.scores)
    return Measured(
        model_component(scored.scores, probability),
        {"model_score": scored.scores, "fraud_probability": unknown if probability is None else probability},
        probability=probability,
        explain=lambda _: scored,
        find=partial(_find, given, given.model.name, scored.scores, probability, settings.review_budget),
    )


def model_component(score: pd.Series, probability: pd.Series | None) -> pd.Series:
    """Take the calibrated probability where there is one, else the tail rank of the score."""
    return tail_rank(score) if probability is None else probability.fillna(0.0)


def model_findings(
    score: pd.Series, *, entity: str, month: str, version: str, probability: pd.Series | None, budget: float
) -> Findings:
    """Name the subjects inside the review budget by the model's score.

    Parameters
    ----------
    score : Series
        Model score; higher is more suspicious.
    entity, month, version : str
        Of whom, of when, by which model.
    probability : Series or None
        Calibrated probability.
    budget : float
        Share of subjects that can be reviewed.
    """
    known = score.dropna()
    order = sorted(known.index, key=lambda subject: (-known[subject], subject))[: review_size(len(known), budget)]
    remarks = []
    for rank, subject in enumerate(order, start=1):
        en = f"Rank {rank:,} of {len(known):,} by the model trained on earlier decisions; worth a look"
        zh = f"根据既往核查结论训练的模型中排第{rank:,}位（共{len(known):,}个对象），建议核查"
        if probability is not None:
            share = float(probability[subject])
            en += f" (probability of confirmation {in_unit(share, 'share', 'en')})"
            zh += f"（核实概率{in_unit(share, 'share', 'zh')}）"
        remarks.append(Remark(str(subject), "model_score", "", Text(en, zh)))
    return remark_findings(remarks, source="model", entity=entity, month=month, version=version, basis=_BASIS)


def _trained(loaded: LoadedModel, features: pd.DataFrame) -> TrainedModel:
    trained = TrainedModel.from_loaded(loaded)
    missing = sorted(set(trained.features) - set(features.columns))
    if missing:
        raise ToolkitError(
            f"model {loaded.name}: features {', '.join(missing[:5])} are not in the profiles. "
            "Hint: train again, or score with --model none"
        )
    return trained


def _find(
    given: EntityMonth, version: str, score: pd.Series, probability: pd.Series | None, budget: float, _: Shown
) -> Findings:
    return model_findings(
        score, entity=given.entity, month=given.month, version=version, probability=probability, budget=budget
    )
