"""DETECTORS: every kind of evidence in the risk score, declared once; scoring, triage, cases and page words read it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from features.vocabulary.text import Text
from fraud.scoring.detectors.anomaly import measure_anomaly
from fraud.scoring.detectors.declare import Detector, FindingSource
from fraud.scoring.detectors.excess import measure_excess
from fraud.scoring.detectors.model import measure_model
from fraud.scoring.detectors.rings import measure_rings
from fraud.scoring.detectors.rules import measure_rules
from fraud.settings import ScoringSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

# Their order is that of components, of reasons, and of findings in a case. Factors and actionability are our
# proposal: money-minded weights take from the evidence of conduct and give to the amounts, and a review acts best on
# lines that contradict themselves, then on lines that need a look, a group of subjects, a number unlike those of peers.
DETECTORS: tuple[Detector, ...] = (
    Detector(
        name="rules",
        measure=measure_rules,
        score="rule_exposure_amount",
        weight="rules_weight",
        money_factor=1.2,
        reasons="findings",
        source=FindingSource(
            "rule", Text("rule", "规则"), actionability=0.8, definite_actionability=1.0, names_lines=True
        ),
    ),
    Detector(
        name="rings",
        measure=measure_rings,
        score="ring_score",
        weight="rings_weight",
        money_factor=0.8,
        reasons="findings",
        source=FindingSource("ring", Text("ring", "团组"), actionability=0.6),
    ),
    Detector(
        name="model",
        measure=measure_model,
        score="model_score",
        weight="model_weight",
        money_factor=0.8,
        reasons="features",
        source=FindingSource("model", Text("model", "模型"), actionability=0.4),
    ),
    Detector(
        name="anomaly",
        measure=measure_anomaly,
        score="anomaly_score",
        weight="anomaly_weight",
        money_factor=0.6,
        reasons="features",
        source=FindingSource("peer", Text("peers", "同类比较"), actionability=0.4),
    ),
    Detector(
        name="excess",
        measure=measure_excess,
        score="excess_amount",
        weight="excess_weight",
        money_factor=2.0,
        reasons="sentence",
        source=None,
    ),
)


def check_detectors(detectors: Sequence[Detector], settings: type[ScoringSettings] = ScoringSettings) -> None:
    """Refuse detectors that share a name, a score or a source, or whose weight is no setting.

    Raises
    ------
    ValueError
        Of the first such.
    """
    sources = [detector.source.name for detector in detectors if detector.source is not None]
    for what, names in (
        ("name", [detector.name for detector in detectors]),
        ("score", [detector.score for detector in detectors]),
        ("source", sources),
    ):
        twice = sorted(name for name, n in Counter(names).items() if n > 1)
        if twice:
            raise ValueError(f"detectors: {what} {twice[0]!r} is given twice")
    for detector in detectors:
        if detector.weight not in settings.model_fields:
            raise ValueError(f"detector {detector.name!r}: {detector.weight!r} is no key of the scoring settings")


check_detectors(DETECTORS)


def finding_sources(detectors: Sequence[Detector] = DETECTORS) -> dict[str, FindingSource]:
    """Return the sources of findings by name, in the order in which a case lists their findings.

    Examples
    --------
    >>> [(name, source.title.zh, source.actionability) for name, source in finding_sources().items()]
    [('rule', '规则', 0.8), ('ring', '团组', 0.6), ('model', '模型', 0.4), ('peer', '同类比较', 0.4)]
    """
    return {detector.source.name: detector.source for detector in detectors if detector.source is not None}


def reason_sources(detectors: Sequence[Detector] = DETECTORS) -> tuple[str, ...]:
    """Return the sources whose findings are reasons, in the order in which they speak.

    Examples
    --------
    >>> reason_sources()
    ('rule', 'ring')
    """
    spoken = [detector for detector in detectors if detector.reasons == "findings"]
    return tuple(finding_sources(spoken))


def featured_scores(detectors: Sequence[Detector] = DETECTORS) -> tuple[str, ...]:
    """Return the scores whose reasons are the features that raise them, in the order of the detectors.

    Examples
    --------
    >>> featured_scores()
    ('model_score', 'anomaly_score')
    """
    return tuple(detector.score for detector in detectors if detector.reasons == "features")


def explained_scores(detectors: Sequence[Detector] = DETECTORS) -> dict[str, str]:
    """Return the scores that are explained by feature, as columns of the score tables, by name of the detector.

    Examples
    --------
    >>> explained_scores()
    {'model': 'model_score', 'anomaly': 'anomaly_score', 'excess': 'excess_amount'}
    """
    return {detector.name: detector.score for detector in detectors if detector.reasons != "findings"}
