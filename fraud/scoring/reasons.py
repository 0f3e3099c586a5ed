"""The reasons of a subject, strongest first: rules, rings, then features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from features.vocabulary.text import LANGUAGES
from fraud.scoring.sentences import Clue, in_unit, phrases, say_clue, say_combination

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.build import Profile
    from fraud.models.scored import Scored
    from fraud.scoring.catalogue import FeatureWords
    from fraud.scoring.tails import Tails
    from fraud.settings import ScoringSettings

Reasons = dict[str, tuple[str, ...]]
# A sentence for what adds less would claim precision that the score does not have.
_MIN_POINTS = 0.5
_MAX_IN_COMBINATION = 3


def finding_reasons(findings: pd.DataFrame, entity: str) -> dict[str, list[Reasons]]:
    """Reasons of rule and ring findings by subject: rules first, each kind by exposure.

    Parameters
    ----------
    findings : DataFrame
        Columns of `findings`.
    entity : str
        Whose findings.
    """
    own = findings[(findings["subject_type"] == entity) & findings["source"].isin(["rule", "ring"])]
    own = own.assign(is_ring=own["source"] == "ring").sort_values(
        ["subject_id", "is_ring", "exposure_amount", "finding_id"], ascending=[True, True, False, True]
    )
    by_subject: dict[str, list[Reasons]] = {}
    for row in own.itertuples(index=False):
        by_subject.setdefault(str(row.subject_id), []).append({"en": (row.reason_en,), "zh": (row.reason_zh,)})
    return by_subject


def feature_reasons(
    points: pd.DataFrame,
    *,
    entity: str,
    profile: Profile,
    words: Mapping[str, FeatureWords],
    tails: Tails,
    excess: pd.Series,
    fused: Scored,
    settings: ScoringSettings,
) -> dict[str, list[Reasons]]:
    """Reasons of features by subject, by the points they add.

    A feature speaks for itself only where its value lies in the suspicious tail of enough peers; what else raises
    the score is named in one sentence, as contributing in combination.

    Parameters
    ----------
    points : DataFrame
        From `feature_points`; its index says for whom.
    entity : str
        `provider` or `patient`.
    profile, words, tails
        Values, declarations, places among peers.
    excess : Series
        Major units.
    fused : Scored
        The risk score.
    settings : ScoringSettings
        Least percentile and how many reasons.
    """
    names = [name for name in points.columns if name in words]
    values = profile.features
    frames: list[Any] = [values, profile.peers.median, profile.peers.percentile, profile.peers.n, tails.is_low]
    value, median, percentile, n, is_low = (frame.loc[points.index, names].to_numpy() for frame in frames)
    added = points[names].to_numpy(dtype=float)
    in_tail = (tails.percentile.loc[points.index, names] >= settings.min_peer_percentile).to_numpy()
    in_tail = in_tail & ~np.isnan(value.astype(float)) & ~np.isnan(median.astype(float))
    reasons: dict[str, list[Reasons]] = {}
    from_excess = fused.contributions.loc[points.index, "excess"].to_numpy(dtype=float)
    for place, subject in enumerate(points.index):
        own: list[tuple[float, Reasons]] = []
        excess_points = float(from_excess[place])
        if excess_points >= _MIN_POINTS:
            own.append((excess_points, _excess_reason(float(excess[subject]), entity)))
        order = sorted(np.flatnonzero(added[place] >= _MIN_POINTS), key=lambda at: (-added[place, at], names[at]))
        alone = [at for at in order if in_tail[place, at]][: settings.max_reasons]
        for at in alone:
            word = words[names[at]]
            clue = Clue(
                word.label_en,
                word.label_zh,
                word.unit,
                entity,
                float(value[place, at]),
                float(median[place, at]),
                float(percentile[place, at]),
                int(n[place, at]),
                bool(is_low[place, at]),
                float(added[place, at]),
            )
            own.append((float(added[place, at]), {language: (say_clue(clue, language),) for language in LANGUAGES}))
        own.sort(key=lambda entry: -entry[0])
        combined = [at for at in order if not in_tail[place, at]][:_MAX_IN_COMBINATION]
        if combined:
            own.append((0.0, _combination([words[names[at]] for at in combined], float(added[place, combined].sum()))))
        reasons[str(subject)] = [reason for _, reason in own]
    return reasons


def merge_reasons(subjects: pd.Index, parts: list[dict[str, list[Reasons]]], most: int) -> pd.DataFrame:
    """Put the reasons of several sources one after the other and keep the first; say so where there is none.

    Returns
    -------
    DataFrame
        `reasons_en` and `reasons_zh` per subject, lists of equal length.
    """
    rows: list[list[list[str]]] = []
    for subject in subjects:
        own = [reason for part in parts for reason in part.get(str(subject), [])][:most] or [_nothing()]
        rows.append([[sentence for reason in own for sentence in reason[language]] for language in LANGUAGES])
    return pd.DataFrame(
        {
            f"reasons_{language}": pd.Series([row[at] for row in rows], subjects, dtype=object)
            for at, language in enumerate(LANGUAGES)
        }
    )


def _nothing() -> Reasons:
    return {language: (str(phrases()[language]["nothing"]),) for language in LANGUAGES}


def _excess_reason(amount: float, entity: str) -> Reasons:
    return {
        language: (phrases()[language]["excess"][entity].format(value=in_unit(amount, "currency", language)),)
        for language in LANGUAGES
    }


def _combination(listed: list[FeatureWords], points: float) -> Reasons:
    return {
        "en": (say_combination([word.label_en for word in listed], points, "en"),),
        "zh": (say_combination([word.label_zh for word in listed], points, "zh"),),
    }
