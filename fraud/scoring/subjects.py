"""One entity's month: components, scores, ranks, reasons and explanations of all its subjects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.vocabulary.entities import ID_COLUMNS
from fraud.findings import Findings
from fraud.scoring.components import make_components
from fraud.scoring.detectors import DETECTORS
from fraud.scoring.explanations import RISK_SCORE, explain_score, put_together
from fraud.scoring.feature_points import feature_points
from fraud.scoring.fusion import fuse, rank_subjects
from fraud.scoring.like_treated import say_pathways
from fraud.scoring.reasons import feature_reasons, finding_reasons, merge_reasons, sentence_reasons
from fraud.scoring.recovery import confirmation_probability, expected_recovery
from fraud.scoring.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.build import Profile
    from features.vocabulary.text import Text
    from fraud.models.scored import Scored
    from fraud.scoring.detectors.declare import Detector
    from fraud.scoring.detectors.measured import Measured
    from fraud.scoring.entity_month import EntityMonth
    from fraud.settings import ScoringSettings


@dataclass(frozen=True)
class EntityScores:
    """Scores of one entity.

    Parameters
    ----------
    mode : str
        none, positive_unlabelled or labelled.
    scores : DataFrame
        One row per subject, columns of its score table.
    explanations : DataFrame
        Rows of `explanations`.
    findings : Findings
        Those that detectors made here.
    """

    mode: str
    scores: pd.DataFrame
    explanations: pd.DataFrame
    findings: Findings


def score_subjects(
    given: EntityMonth, settings: ScoringSettings, detectors: Sequence[Detector] = DETECTORS
) -> EntityScores:
    """Score the subjects of one entity: measure, fuse, rank, explain, and give reasons.

    Parameters
    ----------
    given : EntityMonth
        Everything known of them.
    settings : ScoringSettings
        Weights, limits, seed.
    detectors : sequence of Detector
        What to measure.

    Returns
    -------
    EntityScores
        All subjects are scored and ranked; all providers and the highest ranked persons are explained.

    Raises
    ------
    ToolkitError
        The model needs features that the profiles do not have.
    """
    measured = {detector.name: detector.measure(given, settings) for detector in detectors}
    fused = fuse(make_components(measured, detectors), settings, detectors)
    ranks = rank_subjects(fused.scores)
    shown = Shown.of(given.profile, _explained(given.entity, ranks, settings))
    explained = _explain(measured, shown)
    found = Findings.concat([each.find(shown) for each in measured.values() if each.find is not None])
    findings = pd.concat([given.findings.findings, found.findings], ignore_index=True)
    told = _reasons(findings, shown, settings, measured=measured, explained=explained, fused=fused, detectors=detectors)
    first = {subject: [said] for subject, said in given.shared.items()}
    alone, compared_with = _without_peers(given.profile), say_pathways(shown.profile.attributes)
    reasons = merge_reasons(given.subjects, [first, *told], settings.max_reasons, alone, compared_with)
    scores = _score_table(given, measured, fused.scores, ranks, settings)
    scores = scores.assign(n_findings=_n_findings(findings, given), **reasons).reset_index(drop=True)
    by_score = {each.score: explained[each.name] for each in detectors if each.name in explained}
    explanations = put_together(
        explain_score(scored, name, shown) for name, scored in [*by_score.items(), (RISK_SCORE, fused)]
    )
    return EntityScores(given.mode, scores, explanations, found)


def _explained(entity: str, ranks: pd.Series, settings: ScoringSettings) -> pd.Index:
    """Whose scores are explained, sorted: persons are so many that only the highest ranked are."""
    first = ranks.sort_values().index
    most = {"patient": settings.explained_patients, "practitioner": settings.explained_practitioners}
    return first[: most.get(entity)].sort_values()


def _explain(measured: Mapping[str, Measured], shown: Shown) -> dict[str, Scored]:
    """Scores with contributions by feature, by name of the detector; of those that can explain theirs."""
    asked = {name: each.explain(shown) for name, each in measured.items() if each.explain is not None}
    return {name: scored for name, scored in asked.items() if scored is not None}


def _reasons(
    findings: pd.DataFrame,
    shown: Shown,
    settings: ScoringSettings,
    *,
    measured: Mapping[str, Measured],
    explained: Mapping[str, Scored],
    fused: Scored,
    detectors: Sequence[Detector],
) -> list[dict[str, list[Text]]]:
    """Reasons by subject, the strongest source first: each detector speaks as it declares."""
    by_features = [each.name for each in detectors if each.reasons == "features" and each.name in explained]
    points = feature_points(fused, {name: explained[name] for name in by_features}, shown.subjects)
    sentences = sentence_reasons(measured, fused, shown.subjects, detectors)
    return [
        finding_reasons(findings, shown.entity, detectors),
        feature_reasons(points, sentences, shown, settings),
    ]


def _without_peers(profile: Profile) -> set[str]:
    """Subjects that nothing could be compared with."""
    compared = profile.peers.median.notna().any(axis=1)
    return {str(subject) for subject in compared.index[~compared]}


def _score_table(
    given: EntityMonth,
    measured: Mapping[str, Measured],
    risk_score: pd.Series,
    ranks: pd.Series,
    settings: ScoringSettings,
) -> pd.DataFrame:
    """One row per subject, index its id: rank, scores of fusion and detectors, expected recovery."""
    positive = given.is_positive.reindex(given.subjects).astype("boolean")
    calibrated = next((each.probability for each in measured.values() if each.probability is not None), None)
    probability = confirmation_probability(ranks, positive, calibrated, settings)
    recoverable = [each.recoverable for each in measured.values() if each.recoverable is not None]
    unknown = pd.Series(np.nan, index=given.subjects)
    before = unknown if given.previous_ranks is None else given.previous_ranks.reindex(given.subjects)
    return pd.DataFrame(
        {
            ID_COLUMNS[given.entity]: given.subjects,
            "month": given.month,
            "rank": ranks,
            "previous_rank": before.astype("Int64"),
            RISK_SCORE: risk_score,
            "score_mode": given.mode,
            **{name: column for each in measured.values() for name, column in each.columns.items()},
            "expected_recovery_amount": expected_recovery(probability, recoverable),
        },
        index=given.subjects,
    )


def _n_findings(findings: pd.DataFrame, given: EntityMonth) -> pd.Series:
    counts = findings.loc[findings["subject_type"] == given.entity, "subject_id"].value_counts()
    return counts.reindex(given.subjects).fillna(0).astype("int64")
