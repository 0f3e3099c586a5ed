"""Findings of source `peer`: features in which a subject is far from comparable subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.catalogue import features
from fraud.scoring.remarks import Remark, remark_findings
from fraud.scoring.sentences import say_clue

if TYPE_CHECKING:
    from fraud.findings import Findings
    from fraud.scoring.shown import Shown
    from fraud.settings import ScoringSettings

VERSION = "1"
# In both languages, as the rules' articles are.
_BASIS = (
    "统计方法，非法规条款：与同类中位数的稳健距离 (Robust distance from the median of comparable subjects, "
    "Iglewicz and Hoaglin 1993; method of this toolkit, not a regulation)"
)


def peer_findings(shown: Shown, *, month: str, settings: ScoringSettings) -> Findings:
    """Name the features in which a subject is far from its peers, the farthest first, a few per subject.

    Exposure is zero: distance from peers is a clue about conduct and names no line.

    Parameters
    ----------
    shown : Shown
        Those to look at, and their places among peers.
    month : str
        Of when.
    settings : ScoringSettings
        Least distance, least percentile, most findings per subject.
    """
    far, percentile = shown.tails.distance, shown.tails.percentile
    is_far = (far >= settings.min_peer_distance) & (percentile >= settings.min_peer_percentile)
    stacked = far.where(is_far).stack().dropna().rename("distance").reset_index()
    stacked.columns = ["subject", "feature", "distance"]
    stacked = stacked.sort_values(["subject", "distance", "feature"], ascending=[True, False, True])
    stacked = stacked.groupby("subject", sort=True).head(settings.max_peer_findings)
    declared = features(shown.entity)
    remarks = []
    for subject, feature in zip(stacked["subject"], stacked["feature"], strict=True):
        schemes = declared[feature].schemes
        reason = say_clue(shown.clue(subject, feature))
        remarks.append(Remark(str(subject), str(feature), schemes[0] if schemes else "", reason))
    return remark_findings(remarks, source="peer", entity=shown.entity, month=month, version=VERSION, basis=_BASIS)
