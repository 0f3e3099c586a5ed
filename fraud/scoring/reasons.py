"""The reasons of a subject, strongest first: findings, then features and sentences by the points they add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.catalogue import features
from features.vocabulary.text import LANGUAGES, Text
from fraud.scoring.detectors import DETECTORS, reason_sources
from fraud.scoring.sentences import say_clue, say_combination, say_nothing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from fraud.models.scored import Scored
    from fraud.scoring.detectors.declare import Detector
    from fraud.scoring.detectors.measured import Measured
    from fraud.scoring.shown import Shown
    from fraud.settings import ScoringSettings

# Reasons of each subject with the points of the risk score that they tell of.
Weighed = dict[str, list[tuple[float, Text]]]
# A sentence for what adds less would claim precision that the score does not have.
_MIN_POINTS = 0.5
_MAX_IN_COMBINATION = 3


def finding_reasons(
    findings: pd.DataFrame, entity: str, detectors: Sequence[Detector] = DETECTORS
) -> dict[str, list[Text]]:
    """Reasons of findings by subject: in the order of the detectors that speak by them, each kind by exposure.

    Parameters
    ----------
    findings : DataFrame
        Columns of `findings`.
    entity : str
        Whose findings.
    detectors : sequence of Detector
        Says which sources speak, and in which order.
    """
    places = {source: place for place, source in enumerate(reason_sources(detectors))}
    own = findings[(findings["subject_type"] == entity) & findings["source"].isin(list(places))]
    own = own.assign(place=own["source"].map(places)).sort_values(
        ["subject_id", "place", "exposure_amount", "finding_id"], ascending=[True, True, False, True]
    )
    by_subject: dict[str, list[Text]] = {}
    for row in own.itertuples(index=False):
        by_subject.setdefault(str(row.subject_id), []).append(Text(str(row.reason_en), str(row.reason_zh)))
    return by_subject


def sentence_reasons(
    measured: Mapping[str, Measured], fused: Scored, subjects: pd.Index, detectors: Sequence[Detector] = DETECTORS
) -> Weighed:
    """Reasons by subject of the detectors that have a sentence of their own, with the points of their component.

    Parameters
    ----------
    measured : mapping of str to Measured
        By name of the detector.
    fused : Scored
        The risk score, contributions by component.
    subjects : Index
        Whose.
    detectors : sequence of Detector
        Says which have one.
    """
    reasons: Weighed = {}
    for detector in detectors:
        say = measured[detector.name].say
        if detector.reasons != "sentence" or say is None:
            continue
        points = fused.contributions.loc[subjects, detector.name]
        for subject, added in points[points >= _MIN_POINTS].items():
            reasons.setdefault(str(subject), []).append((float(added), say(str(subject))))
    return reasons


def feature_reasons(
    points: pd.DataFrame, sentences: Weighed, shown: Shown, settings: ScoringSettings
) -> dict[str, list[Text]]:
    """Reasons of features by subject, by the points they add, and the sentences of detectors among them.

    A feature speaks for itself only where its value lies in the suspicious tail of enough peers; what else raises
    the score is named in one sentence, as contributing in combination.

    Parameters
    ----------
    points : DataFrame
        From `feature_points`; its index says for whom.
    sentences : dict
        From `sentence_reasons`.
    shown : Shown
        Values and places among peers.
    settings : ScoringSettings
        Least percentile and how many reasons.
    """
    declared = features(shown.entity)
    names = [name for name in points.columns if name in declared]
    added = points[names].to_numpy(dtype=float)
    speaks = _in_tail(shown, points.index, names, settings.min_peer_percentile)
    reasons: dict[str, list[Text]] = {}
    for place, subject in enumerate(points.index):
        order = sorted(np.flatnonzero(added[place] >= _MIN_POINTS), key=lambda at: (-added[place, at], names[at]))
        alone = [at for at in order if speaks[place, at]][: settings.max_reasons]
        weighed = list(sentences.get(str(subject), []))
        for at in alone:
            gained = float(added[place, at])
            weighed.append((gained, say_clue(shown.clue(subject, names[at], gained))))
        own = [reason for _, reason in sorted(weighed, key=lambda each: -each[0])]
        combined = [at for at in order if not speaks[place, at]][:_MAX_IN_COMBINATION]
        if combined:
            titles = [declared[names[at]].title for at in combined]
            own.append(say_combination(titles, float(added[place, combined].sum())))
        reasons[str(subject)] = own
    return reasons


def merge_reasons(
    subjects: pd.Index,
    parts: Sequence[Mapping[str, list[Text]]],
    most: int,
    without_peers: Collection[str] = (),
    compared_with: Mapping[str, Text] | None = None,
) -> pd.DataFrame:
    """Put the reasons of several sources one after the other and keep the first; say so where there is none.

    Parameters
    ----------
    subjects : Index
        Whose.
    parts : sequence of mapping
        Reasons by subject, strongest source first.
    most : int
        Reasons kept.
    without_peers : collection of str
        Subjects that nothing could be compared with.
    compared_with : mapping of str to Text, optional
        With whom a subject was compared, where that is not a matter of course: said after its reasons.

    Returns
    -------
    DataFrame
        `reasons_en` and `reasons_zh` per subject, lists of equal length.
    """
    nothing, alone = say_nothing(), say_nothing(has_peers=False)
    rows = []
    for subject in subjects:
        key = str(subject)
        own = [reason for part in parts for reason in part.get(key, [])][:most]
        context = [compared_with[key]] if own and compared_with and key in compared_with else []
        rows.append([*own, *context] or [alone if key in without_peers else nothing])
    return pd.DataFrame(
        {
            f"reasons_{language}": pd.Series(
                [[reason.of(language) for reason in row] for row in rows], subjects, object
            )
            for language in LANGUAGES
        }
    )


def _in_tail(shown: Shown, subjects: pd.Index, names: list[str], least: float) -> np.ndarray:
    """Say of which subjects and features the value is known and far enough in the suspicious tail of its peers."""
    in_tail = shown.tails.percentile.loc[subjects, names] >= least
    known = shown.features.loc[subjects, names].notna() & shown.profile.peers.median.loc[subjects, names].notna()
    cells: np.ndarray = (in_tail & known).to_numpy()
    return cells
