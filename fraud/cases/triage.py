"""Which subjects become cases, in what order: priority with its factors, quotas, and a random audit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.vocabulary.money import minor_units
from features.vocabulary.schemes import scheme
from features.vocabulary.text import Text
from fraud.cases.case import Priority
from fraud.scoring.detectors import DETECTORS, finding_sources

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fraud.scoring.detectors.declare import Detector, FindingSource
    from fraud.settings import CaseSettings

# Candidates per place in the queue: enough that priority, and not the ranking alone, decides.
CANDIDATES_PER_PLACE = 4
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


@dataclass(frozen=True)
class Chosen:
    """One place in the queue.

    Parameters
    ----------
    entity, subject_id : str
        Who.
    selection_reason, selection_probability : str, float or None
        `ranked` or `random_audit`, the latter with the probability of being drawn.
    """

    entity: str
    subject_id: str
    selection_reason: str
    selection_probability: float | None


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
    schemes = _schemes(findings)
    severity = max((scheme(code).severity for code in schemes), default=scheme("").severity)
    recency = 0.5 ** (age_days / settings.recency_half_life_days)
    act = _actionability(findings, sources)
    recovery = int(score["expected_recovery_amount"])
    action, cost = _action(findings, max(int(score["rule_exposure_amount"]), recovery), sources, settings)
    total = round(recovery * severity * recency * act) - cost
    return recovery, severity, recency, act, cost, total, action, tuple(schemes)


def _schemes(findings: pd.DataFrame) -> list[str]:
    """Scheme codes of findings: those with money first, then those that most findings name."""
    named = findings[findings["scheme_code"].fillna("") != ""]
    weight = named.groupby("scheme_code")["exposure_amount"].agg(["sum", "size"]).reset_index()
    order = weight.sort_values(["sum", "size", "scheme_code"], ascending=[False, False, True])
    return [str(code) for code in order["scheme_code"]]


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


def choose(
    weighed: pd.DataFrame, everyone: pd.DataFrame, top: int, month: str, settings: CaseSettings
) -> tuple[tuple[Chosen, ...], dict[str, object]]:
    """Choose the queue: by priority within quotas, and a random audit of providers and of persons from outside it.

    Parameters
    ----------
    weighed : DataFrame
        One row per candidate of any entity: `entity`, `subject_id`, `rank`, `region`, `scheme_codes`, `total_amount`.
    everyone : DataFrame
        One row per scored subject: `entity`, `subject_id`.
    top : int
        Places.
    month : str
        Enters the seeds, so that months draw differently.
    settings : CaseSettings
        Quotas, share of the audit, seed.

    Returns
    -------
    tuple of (Chosen, …), dict
        The queue in order, and how the audit was drawn, for the sampling sheet.

    Examples
    --------
    >>> from fraud.settings import CaseSettings
    >>> weighed = pd.DataFrame({"entity": "provider", "subject_id": ["H1", "H2", "H3"], "rank": [1, 2, 3]})
    >>> weighed = weighed.assign(region="", scheme_codes=[("H04",), (), ("R01",)], total_amount=[500, 900, 100])
    >>> everyone = pd.DataFrame({"entity": "provider", "subject_id": [f"H{n}" for n in range(1, 10)]})
    >>> queue, sampling = choose(weighed, everyone, 3, "2026-06", CaseSettings())
    >>> [(chosen.subject_id, chosen.selection_reason) for chosen in queue[:2]]
    [('H2', 'ranked'), ('H1', 'ranked')]
    >>> queue[2].selection_reason, sampling["provider_frame_size"]  # one of the seven others
    ('random_audit', 7)
    """
    places = min(top, len(everyone))
    n_audit = 0 if places >= len(everyone) else int(np.ceil(places * settings.random_audit_share))
    ranked = _ranked(weighed, places - n_audit, settings)
    taken = set(zip(ranked["entity"], ranked["subject_id"], strict=True))
    outside = [key not in taken for key in zip(everyone["entity"], everyone["subject_id"], strict=True)]
    frame = everyone.loc[outside].sort_values(["entity", "subject_id"])
    strata = {str(entity): list(ids) for entity, ids in frame.groupby("entity", sort=True)["subject_id"]}
    queue = [Chosen(str(r.entity), str(r.subject_id), "ranked", None) for r in ranked.itertuples()]
    sampling: dict[str, object] = {"generator": "numpy PCG64, choice without replacement", "n_drawn": 0}
    for entity, size in _audit_sizes(strata, n_audit, settings.max_patient_share).items():
        drawn, told = _draw(strata[entity], size, _seed(settings.seed, month, entity))
        queue += [Chosen(entity, subject, "random_audit", size / len(strata[entity])) for subject in drawn]
        sampling |= {f"{entity}_{name}": value for name, value in told.items()}
        sampling["n_drawn"] = int(str(sampling["n_drawn"])) + size
    return tuple(queue), sampling


def _audit_sizes(strata: dict[str, list[str]], n_audit: int, patient_share: float) -> dict[str, int]:
    """Divide the audit: persons outnumber providers so much that one draw from both would hardly meet a provider."""
    there = {entity: len(ids) for entity, ids in strata.items()}
    for_patients = int(n_audit * patient_share) if "provider" in there else n_audit
    providers = min(n_audit - min(for_patients, there.get("patient", 0)), there.get("provider", 0))
    sizes = {"provider": providers, "patient": min(n_audit - providers, there.get("patient", 0))}
    return {entity: size for entity, size in sizes.items() if size}


def _draw(frame: list[str], size: int, seed: int) -> tuple[list[str], dict[str, object]]:
    """Draw from a sorted frame, and tell what it takes to draw the same again."""
    places = np.sort(np.random.default_rng(seed).choice(len(frame), size=size, replace=False))
    told: dict[str, object] = {
        "seed": seed,
        "frame_size": len(frame),
        "frame_digest": hashlib.sha256("\n".join(frame).encode()).hexdigest(),
        "n_drawn": size,
        "probability": size / len(frame),
    }
    return [frame[place] for place in places], told


def _ranked(weighed: pd.DataFrame, places: int, settings: CaseSettings) -> pd.DataFrame:
    """Take subjects in order of priority while no scheme, region or entity exceeds its share."""
    pool = weighed.sort_values(["total_amount", "rank", "entity", "subject_id"], ascending=[False, True, False, True])
    limits = {
        "scheme": settings.max_scheme_share,
        "region": settings.max_region_share,
        "patient": settings.max_patient_share,
    }
    counts: dict[tuple[str, str], int] = {}
    taken: list[object] = []
    passed: list[object] = []
    for index, row in pool.iterrows():
        if len(taken) == places:
            break
        marks = [("region", str(row["region"]))] if row["region"] else []
        marks += [("scheme", row["scheme_codes"][0])] if row["scheme_codes"] else []
        marks += [("patient", "")] if row["entity"] == "patient" else []
        if any(counts.get(mark, 0) + 1 > max(1, limits[mark[0]] * places) for mark in marks):
            passed.append(index)
            continue
        taken.append(index)
        for mark in marks:
            counts[mark] = counts.get(mark, 0) + 1
    # Places that quotas left empty go to those passed over: a quota shares capacity out, it does not waste it.
    taken += passed[: places - len(taken)]
    return pool.loc[pool.index.isin(taken)]


def _seed(seed: int, month: str, entity: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}\0{month}\0{entity}".encode()).digest()[:8], "big")
