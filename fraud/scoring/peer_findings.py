"""Findings of source `peer` and `model`: far from comparable subjects, or high in the model's ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from fraud.budget import review_size
from fraud.findings import Findings, make_finding_id
from fraud.scoring.sentences import Clue, in_unit, say_clue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.build import Profile
    from fraud.scoring.catalogue import FeatureWords
    from fraud.scoring.tails import Tails
    from fraud.settings import ScoringSettings

VERSION = "1"
# In both languages, as the rules' articles are.
_PEER_BASIS = (
    "统计方法，非法规条款：与同类中位数的稳健距离 (Robust distance from the median of comparable subjects, "
    "Iglewicz and Hoaglin 1993; method of this toolkit, not a regulation)"
)
_MODEL_BASIS = (
    "统计方法，非法规条款：由既往核查结论训练的模型排序 (Rank by a model trained on earlier decisions; "
    "method of this toolkit, not a regulation)"
)


def peer_findings(
    profile: Profile,
    *,
    entity: str,
    month: str,
    words: Mapping[str, FeatureWords],
    tails: Tails,
    settings: ScoringSettings,
) -> Findings:
    """Name the features in which a subject is far from its peers, the farthest first, a few per subject.

    Exposure is zero: distance from peers is a clue about conduct and names no line.

    Parameters
    ----------
    profile : Profile
        Of those to look at.
    entity, month : str
        Of whom, of when.
    words, tails
        Declarations, places among peers.
    settings : ScoringSettings
        Least distance, least percentile, most findings per subject.
    """
    far = tails.distance
    is_far = (far >= settings.min_peer_distance) & (tails.percentile >= settings.min_peer_percentile)
    stacked = far.where(is_far).stack().dropna().rename("distance").reset_index()  # noqa: PD013 - melt drops the index
    stacked.columns = ["subject", "feature", "distance"]
    stacked = stacked.sort_values(["subject", "distance", "feature"], ascending=[True, False, True])
    stacked = stacked.groupby("subject", sort=True).head(settings.max_peer_findings)
    values, peers = profile.features, profile.peers
    frames = (values, peers.median, peers.percentile, peers.n, tails.is_low)
    rows = []
    for subject, feature in zip(stacked["subject"], stacked["feature"], strict=True):
        word, cell = words[feature], (subject, feature)
        value, median, percentile, n, is_low = (frame.loc[cell] for frame in frames)
        clue = Clue(
            word.label_en,
            word.label_zh,
            word.unit,
            entity,
            float(value),
            float(median),
            float(percentile),
            int(n),
            bool(is_low),
            None,
        )
        reason = {language: say_clue(clue, language) for language in ("en", "zh")}
        said = {"source": "peer", "code": str(feature), "version": VERSION}
        rows.append(_finding(said, (entity, str(subject)), month, reason, scheme=word.scheme_code, basis=_PEER_BASIS))
    return _as_findings(rows)


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
    n_reviewed = review_size(len(known), budget)
    order = sorted(known.index, key=lambda subject: (-known[subject], subject))[:n_reviewed]
    rows = []
    for rank, subject in enumerate(order, start=1):
        reason = {
            "en": f"Rank {rank:,} of {len(known):,} by the model trained on earlier decisions; worth a look",
            "zh": f"根据既往核查结论训练的模型中排第{rank:,}位（共{len(known):,}个对象），建议核查",
        }
        if probability is not None:
            share = float(probability[subject])
            reason["en"] += f" (probability of confirmation {in_unit(share, 'share', 'en')})"
            reason["zh"] += f"（核实概率{in_unit(share, 'share', 'zh')}）"
        said = {"source": "model", "code": "model_score", "version": version}
        rows.append(_finding(said, (entity, str(subject)), month, reason, scheme="", basis=_MODEL_BASIS))
    return _as_findings(rows)


def _finding(
    said: dict[str, str],
    subject: tuple[str, str],
    month: str,
    reason: Mapping[str, str],
    *,
    scheme: str,
    basis: str,
) -> dict[str, object]:
    named = {**said, "month": month, "subject_type": subject[0], "subject_id": subject[1]}
    return {
        **named,
        "finding_id": make_finding_id(**named),
        "scheme_code": scheme,
        "result_type": "suspicious",
        "exposure_amount": 0,
        "fund_exposure_amount": 0,
        "n_lines": 0,
        "reason_en": reason["en"],
        "reason_zh": reason["zh"],
        "basis": basis,
    }


def _as_findings(rows: list[dict[str, object]]) -> Findings:
    return Findings(pd.DataFrame(rows), Findings.empty().lines) if rows else Findings.empty()
