"""One entity's month: components, scores, ranks, reasons and explanations of all its subjects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.vocabulary.entities import ID_COLUMNS
from fraud.findings import Findings, dedupe_exposure
from fraud.scoring.catalogue import feature_words
from fraud.scoring.components import make_components
from fraud.scoring.detect import detect
from fraud.scoring.explanations import explain_score, put_together
from fraud.scoring.feature_points import feature_points
from fraud.scoring.fusion import fuse, rank_subjects
from fraud.scoring.peer_findings import model_findings, peer_findings
from fraud.scoring.reasons import feature_reasons, finding_reasons, merge_reasons
from fraud.scoring.recovery import confirmation_probability, expected_recovery
from fraud.scoring.tails import suspicious_tails

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.build import Profile
    from features.declare import Family
    from features.vocabulary.entities import Entity
    from fraud.models.scored import Scored
    from fraud.registry.records import LoadedModel
    from fraud.scoring.detect import Detected
    from fraud.settings import ScoringSettings


@dataclass(frozen=True)
class EntityMonth:
    """Everything known of one entity's subjects before they are scored.

    Parameters
    ----------
    entity, month : str
        `provider` or `patient`; YYYY-MM.
    profile : Profile
        Values, peers, attributes.
    families : sequence of Family
        Declarations of its features.
    findings : Findings
        Of rules and rings, on any subject.
    ring_scores : DataFrame
        From `fraud.rings.ring_scores`.
    is_positive : Series
        Labels known: nullable boolean per subject.
    model : LoadedModel or None
        None scores without one.
    previous_ranks : Series or None
        Ranks of the month before.
    """

    entity: Entity
    month: str
    profile: Profile
    families: Sequence[Family]
    findings: Findings
    ring_scores: pd.DataFrame
    is_positive: pd.Series
    model: LoadedModel | None
    previous_ranks: pd.Series | None


@dataclass(frozen=True)
class EntityScores:
    """Scores of one entity.

    Parameters
    ----------
    mode : str
        none, positive_unlabelled or labelled.
    scores : DataFrame
        One row per subject, columns of provider_scores or patient_scores.
    explanations : DataFrame
        Rows of `explanations`.
    findings : Findings
        Of peers and model, made here.
    """

    mode: str
    scores: pd.DataFrame
    explanations: pd.DataFrame
    findings: Findings


def score_subjects(given: EntityMonth, settings: ScoringSettings) -> EntityScores:
    """Score, rank and explain the subjects of one entity."""
    profile, index = given.profile, given.profile.attributes.index
    values = profile.features
    words = feature_words(given.families)
    detected = detect(profile, words, given.model, seed=settings.seed)
    exposure = _exposure(given)
    rings = given.ring_scores[given.ring_scores["subject_type"] == given.entity].set_index("subject_id")
    components = make_components(
        exposure=exposure,
        turnover=values["billed_amount"] * 100.0,
        ring_score=rings["ring_score"].reindex(index).astype("float64"),
        model_score=None if detected.model is None else detected.model.scores,
        probability=detected.probability,
        anomaly_score=detected.anomaly,
        excess_amount=detected.excess.scores,
        settings=settings,
    )
    fused = fuse(components, settings)
    ranks = rank_subjects(fused.scores)
    explained = ranks.sort_values().index
    if given.entity == "patient":
        explained = explained[: settings.explained_patients]
    explained = explained.sort_values()
    anomaly = detected.explain_anomaly(profile, explained)
    shown = profile.of(explained)
    tails = suspicious_tails(shown, words)
    found = Findings.concat(
        [
            peer_findings(shown, entity=given.entity, month=given.month, words=words, tails=tails, settings=settings),
            *_model_findings(given, detected, settings),
        ]
    )
    points = feature_points(fused, _by_component(detected, anomaly), explained)
    reasons = merge_reasons(
        index,
        [
            finding_reasons(given.findings.findings, given.entity),
            feature_reasons(
                points,
                entity=given.entity,
                profile=shown,
                words=words,
                tails=tails,
                excess=detected.excess.scores,
                fused=fused,
                settings=settings,
            ),
        ],
        settings.max_reasons,
    )
    excess = (detected.excess.scores * 100.0).round().astype("Int64")
    positive = given.is_positive.reindex(index).astype("boolean")
    probability = confirmation_probability(ranks, positive, detected.probability, settings)
    all_findings = Findings.concat([given.findings, found]).findings
    n_findings = all_findings.loc[all_findings["subject_type"] == given.entity, "subject_id"].value_counts()
    unknown = pd.Series(np.nan, index=index)
    before = unknown if given.previous_ranks is None else given.previous_ranks.reindex(index)
    ring_ids = rings["ring_ids"].reindex(index)
    scores = pd.DataFrame(
        {
            ID_COLUMNS[given.entity]: index,
            "month": given.month,
            "rank": ranks,
            "previous_rank": before.astype("Int64"),
            "risk_score": fused.scores,
            "score_mode": detected.mode,
            "model_score": unknown if detected.model is None else detected.model.scores,
            "fraud_probability": unknown if detected.probability is None else detected.probability,
            "anomaly_score": detected.anomaly,
            "excess_amount": excess,
            "rule_exposure_amount": exposure,
            "ring_score": rings["ring_score"].reindex(index).astype("float64"),
            "expected_recovery_amount": expected_recovery(probability, exposure, _ring_exposure(given), excess),
            "n_findings": n_findings.reindex(index).fillna(0).astype("int64"),
            "ring_ids": [value if isinstance(value, list) else [] for value in ring_ids],
            **reasons,
        },
        index=index,
    ).reset_index(drop=True)
    listed: list[tuple[str, Scored | None]] = [
        ("model_score", detected.model),
        ("anomaly_score", anomaly),
        ("excess_amount", detected.excess),
        ("risk_score", fused),
    ]
    explanations = put_together(
        explain_score(scored, name, subject_type=given.entity, subjects=explained, profile=shown, words=words)
        for name, scored in listed
        if scored is not None
    )
    return EntityScores(detected.mode, scores, explanations, found)


def _exposure(given: EntityMonth) -> pd.Series:
    """Exposure of rule findings per subject, each line once, minor units."""
    findings = given.findings.findings
    own = findings[(findings["subject_type"] == given.entity) & (findings["source"] == "rule")]
    lines = given.findings.lines.merge(own[["finding_id", "subject_id"]], on="finding_id")
    sums = {
        subject: int(dedupe_exposure(group)["exposure_amount"].sum())
        for subject, group in lines.groupby("subject_id", sort=True)
    }
    return pd.Series(sums, dtype="int64").reindex(given.profile.attributes.index, fill_value=0)


def _ring_exposure(given: EntityMonth) -> pd.Series:
    """Exposure of the strongest ring finding per subject, minor units; rings of one subject overlap."""
    findings = given.findings.findings
    own = findings[(findings["subject_type"] == given.entity) & (findings["source"] == "ring")]
    largest = own.groupby("subject_id")["exposure_amount"].max().astype("int64")
    return largest.reindex(given.profile.attributes.index, fill_value=0)


def _by_component(detected: Detected, anomaly: Scored | None) -> dict[str, Scored]:
    # What lifts the excess amount is the amount itself; it has a sentence of its own.
    listed = {"model": detected.model, "anomaly": anomaly}
    return {name: scored for name, scored in listed.items() if scored is not None}


def _model_findings(given: EntityMonth, detected: Detected, settings: ScoringSettings) -> list[Findings]:
    if detected.model is None or given.model is None:
        return []
    return [
        model_findings(
            detected.model.scores,
            entity=given.entity,
            month=given.month,
            version=given.model.name,
            probability=detected.probability,
            budget=settings.review_budget,
        )
    ]
