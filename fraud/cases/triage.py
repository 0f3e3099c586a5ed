"""How much a review of a subject is worth: its priority with every factor, and the step to take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.vocabulary.money import minor_units
from features.vocabulary.schemes import scheme
from features.vocabulary.text import Text
from fraud.cases.case import Priority
from fraud.scoring.detectors import DETECTORS, finding_sources
from fraud.scoring.review_list import ordered_schemes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fraud.scoring.detectors.declare import Detector, FindingSource
    from fraud.settings import CaseSettings

# How well a review can act on a subject without findings: as on a number unlike those of peers. Our proposal.
_LEAST_ACTIONABILITY = 0.4
_WEIGHED = [
    "expected_recovery_amount",
    "severity",
    "recency",
    "actionability",
    "cost_amount",
    "total_amount",
    "action",
    "scheme_codes",
]
_ACTIONS = {
    "on_site": Text(
        "On-site check with records, stock and patient interviews", "现场检查：调阅病历、盘点进销存、走访参保人"
    ),
    "data_request": Text("Request records and a written statement", "调取资料并要求书面说明"),
    "desk_audit": Text("Desk audit of the lines named", "书面审核所列明细"),
    "random_audit": Text("Random audit: review as any other, without presumption", "随机抽查：按常规审核，不作预设"),
}


def weigh(
    scores: pd.DataFrame,
    findings: pd.DataFrame,
    last_dates: pd.Series,
    end: str,
    settings: CaseSettings,
    *,
    detectors: Sequence[Detector] = DETECTORS,
) -> pd.DataFrame:
    """Compute the priority of subjects.

    Parameters
    ----------
    scores : DataFrame
        Score table of one entity, index the subject; money in minor units.
    findings : DataFrame
        Findings of those subjects.
    last_dates : Series
        Last day of the evidence per subject, where there is any.
    end : str
        Last day of the month, for recency.
    settings : CaseSettings
        Costs, half-life.
    detectors : sequence of Detector
        How well a review can act on the findings of each.

    Returns
    -------
    DataFrame
        One row per subject: `expected_recovery_amount`, `severity`, `recency`, `actionability`, `cost_amount`,
        `total_amount`, `action`, `scheme_codes`.

    Examples
    --------
    >>> from fraud.settings import CaseSettings
    >>> scores = pd.DataFrame({"expected_recovery_amount": [200_000], "rule_exposure_amount": [90_000]}, index=["H1"])
    >>> findings = pd.DataFrame({"subject_id": ["H1"], "source": ["rule"], "scheme_code": ["H08"],
    ...     "result_type": ["suspicious"], "exposure_amount": [90_000]})
    >>> last_dates = pd.Series(dtype=object)
    >>> row = weigh(scores, findings, last_dates, "2026-06-30", CaseSettings()).loc["H1"]
    >>> float(row["severity"]), float(row["recency"]), float(row["actionability"]), row["action"]
    (0.9, 1.0, 0.8, 'desk_audit')
    >>> int(row["total_amount"])  # 2,000.00 x 0.9 x 1 x 0.8 - 300.00, in minor units
    114000
    """
    sources = finding_sources(detectors)
    by_subject = {str(name): group for name, group in findings.groupby("subject_id", sort=True)}
    nothing, rows = findings.iloc[:0], []
    for subject, score in scores.iterrows():
        day = last_dates.get(subject)
        age_days = max((pd.Timestamp(end) - pd.Timestamp(day)).days, 0) if day is not None else 0
        rows.append(_weigh_one(score, by_subject.get(str(subject), nothing), age_days, sources, settings))
    return pd.DataFrame(rows, index=scores.index, columns=_WEIGHED)


def _weigh_one(
    score: pd.Series,
    findings: pd.DataFrame,
    age_days: int,
    sources: Mapping[str, FindingSource],
    settings: CaseSettings,
) -> tuple[object, ...]:
    """Weigh one subject by its score, its findings and the days since its last evidence; columns `_WEIGHED`."""
    schemes = [str(code) for code in ordered_schemes(findings)["scheme_code"]]
    severity = max((scheme(code).severity for code in schemes), default=scheme("").severity)
    recency = 0.5 ** (age_days / settings.recency_half_life_days)
    act = _actionability(findings, sources)
    recovery = int(score["expected_recovery_amount"])
    action, cost = _action(findings, max(int(score["rule_exposure_amount"]), recovery), sources, settings)
    total = round(recovery * severity * recency * act) - cost
    return recovery, severity, recency, act, cost, total, action, tuple(schemes)


def _actionability(findings: pd.DataFrame, sources: Mapping[str, FindingSource]) -> float:
    """How well a review can act on the best of some findings."""
    said = zip(findings["source"], findings["result_type"], strict=True)
    found = [sources[source].actionability_of(result_type) for source, result_type in said if source in sources]
    return max(found, default=_LEAST_ACTIONABILITY)


def _action(
    findings: pd.DataFrame, exposure: int, sources: Mapping[str, FindingSource], settings: CaseSettings
) -> tuple[str, int]:
    if exposure >= minor_units(settings.on_site_from_amount):
        return "on_site", minor_units(settings.on_site_cost)
    if any(sources[source].names_lines for source in findings["source"].unique() if source in sources):
        return "desk_audit", minor_units(settings.desk_audit_cost)
    return "data_request", minor_units(settings.data_request_cost)


def priority_of(row: pd.Series) -> Priority:
    """Return the factors of a row of `weigh`."""
    return Priority(
        expected_recovery_amount=int(row["expected_recovery_amount"]),
        severity=float(row["severity"]),
        recency=float(row["recency"]),
        actionability=float(row["actionability"]),
        cost_amount=int(row["cost_amount"]),
        total_amount=int(row["total_amount"]),
    )


def action_text(action: str, reply_days: int = 0) -> Text:
    """Return an action in words; what asks for an answer says within how many days, where that is given.

    Examples
    --------
    >>> action_text("data_request", 14).en
    'Request records and a written statement, to be answered within 14 days'
    """
    text = _ACTIONS[action]
    if action != "data_request" or not reply_days:
        return text
    days = "1 day" if reply_days == 1 else f"{reply_days} days"
    return Text(f"{text.en}, to be answered within {days}", f"{text.zh}，{reply_days}日内答复")
