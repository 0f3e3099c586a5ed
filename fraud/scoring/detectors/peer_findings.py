"""Findings of source `peer`: conduct in which a subject is further from its peers than chance would place it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.catalogue import features
from features.vocabulary.text import Text
from fraud.scoring.chance.cells import chances
from fraud.scoring.chance.q_values import q_values
from fraud.scoring.remarks import Remark, remark_findings
from fraud.scoring.sentences import say_clue, say_q_value

if TYPE_CHECKING:
    from features.build import Profile
    from fraud.findings import Findings
    from fraud.scoring.shown import Shown
    from fraud.settings import ScoringSettings

VERSION = "2"
_NOBODY = pd.Index([])
# In both languages, as the rules' articles are.
_BASIS = (
    "统计方法，非法规条款：与同类的偏离程度，按业务量校正，并控制错误发现率 "
    "(Distance from comparable subjects, corrected for volume, with the false discovery rate controlled over subjects "
    "and features, Spiegelhalter 2005, Benjamini and Bogomolov 2014; method of this toolkit, not a regulation)"
)


def peer_findings(
    profile: Profile, shown: Shown, *, month: str, settings: ScoringSettings, spared: pd.Index = _NOBODY
) -> Findings:
    """Name the conduct in which a subject is far from its peers, the most certain first, a few per subject.

    Exposure is zero: distance from peers is a clue about conduct and names no line.

    Parameters
    ----------
    profile : Profile
        Of all subjects: whoever is looked at counts, also who is not shown.
    shown : Shown
        Those who are named, and their places among peers.
    month : str
        Of when.
    settings : ScoringSettings
        False discovery rate, least distance, least percentile, most findings per subject.
    spared : Index, optional
        Who is not named: identifiers under which many work.
    """
    certain = q_values(chances(profile))
    certain = certain[
        (certain["q_value"] <= settings.peer_q) & certain["subject"].isin(shown.subjects.difference(spared))
    ]
    certain = certain[_is_far(certain, shown, settings)].groupby("subject", sort=False).head(settings.max_peer_findings)
    declared = features(shown.entity)
    remarks = []
    for subject, feature, q_value in certain[["subject", "feature", "q_value"]].itertuples(index=False):
        schemes = declared[feature].schemes
        clue, rate = say_clue(shown.clue(subject, feature)), say_q_value(q_value)
        reason = Text(clue.en + rate.en, clue.zh + rate.zh)
        remarks.append(Remark(str(subject), str(feature), schemes[0] if schemes else "", reason, float(q_value)))
    return remark_findings(remarks, source="peer", entity=shown.entity, month=month, version=VERSION, basis=_BASIS)


def _is_far(cells: pd.DataFrame, shown: Shown, settings: ScoringSettings) -> pd.Series:
    """Whether each cell also lies far enough out to be worth a look: in large groups small differences are certain."""
    rows, columns = shown.subjects.get_indexer(cells["subject"]), shown.features.columns.get_indexer(cells["feature"])
    far = shown.tails.distance.to_numpy()[rows, columns] >= settings.min_peer_distance
    return pd.Series(
        far & (shown.tails.percentile.to_numpy()[rows, columns] >= settings.min_peer_percentile), index=cells.index
    )
