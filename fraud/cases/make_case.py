"""Make the case of one subject out of what the scored month and the store hold of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from features.vocabulary.schemes import scheme
from features.vocabulary.text import Text
from fraud.cases.box_trails import box_trails
from fraud.cases.case import Case, FindingView
from fraud.cases.evidence import show_persons
from fraud.cases.inside import inside_units
from fraud.cases.standing_notes import standing_notes
from fraud.cases.triage import action_text, priority_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fraud.cases.case import PeerView, RingView
    from fraud.cases.choose import Chosen
    from fraud.cases.evidence import CaseEvidence

# The innocent explanations and records of so many schemes are read; more would be a list of everything.
_SCHEMES_EXPLAINED = 3


@dataclass(frozen=True)
class CaseParts:
    """Everything that the case of one subject is made of.

    Parameters
    ----------
    case_id, month : str
        Of the case.
    chosen : Chosen
        Its place in the queue.
    score, weighed : Series
        Its rows of the score table and of `weigh`.
    findings : DataFrame
        Its findings, strongest first.
    evidence : CaseEvidence
        Its claim lines, ids of persons as stored.
    register : Series
        What the register says of a provider; empty for persons.
    ring_amount : int
        Most money billed inside one of its rings, minor units.
    peers, rings : tuple
        As the pack shows them.
    inside : DataFrame or None
        Departments and practitioners of a provider, from `read_inside`.
    trails : DataFrame or None
        Steps of its boxes, from `read_trails`.
    names : mapping of (str, str) to Text
        Of what may speak of it, by source and code of findings.
    reply_days : int
        Days in which a provider is asked to answer; 0 says none.
    """

    case_id: str
    month: str
    chosen: Chosen
    score: pd.Series
    weighed: pd.Series
    findings: pd.DataFrame
    evidence: CaseEvidence
    register: pd.Series
    ring_amount: int
    peers: tuple[PeerView, ...]
    rings: tuple[RingView, ...]
    inside: pd.DataFrame | None = None
    trails: pd.DataFrame | None = None
    names: Mapping[tuple[str, str], Text] = field(default_factory=dict)
    reply_days: int = 0


def make_case(parts: CaseParts, shown: Callable[[str, str], str]) -> Case:
    """Make a case; `shown` turns subject type and id into what the pack may show."""
    chosen, score, evidence, known = parts.chosen, parts.score, parts.evidence, parts.register
    codes = tuple(parts.weighed["scheme_codes"])
    explained = codes[:_SCHEMES_EXPLAINED] or ("",)
    views = tuple(_finding_view(finding, parts.names) for finding in parts.findings.itertuples())
    ring_exposure = max((view.exposure_amount for view in views if view.source == "ring"), default=0)
    is_ring_money = ring_exposure > evidence.exposure_amount
    first_date, last_date = _dates(evidence.lines)
    return Case(
        case_id=parts.case_id,
        month=parts.month,
        subject_type=chosen.entity,
        subject_id=chosen.subject_id,
        shown_id=shown(chosen.entity, chosen.subject_id),
        subject_name=_known_text(known.get("provider_name")),
        kind=_known_text(known.get("provider_type")),
        region=_known_text(known.get("region_code")),
        rank=int(score["rank"]),
        risk_score=float(score["risk_score"]),
        score_mode=str(score["score_mode"]),
        selection_reason=chosen.selection_reason,
        selection_probability=chosen.selection_probability,
        scheme_codes=codes,
        action=_action(parts),
        exposure_gross_amount=max(evidence.exposure_gross_amount, parts.ring_amount if is_ring_money else 0),
        exposure_amount=max(evidence.exposure_amount, ring_exposure),
        fund_exposure_amount=evidence.fund_exposure_amount,
        n_patients=int(evidence.lines["person"].nunique()),
        n_settlements=int(evidence.lines["settlement_id"].nunique()),
        n_lines=evidence.n_lines,
        first_date=first_date,
        last_date=last_date,
        priority=priority_of(parts.weighed),
        reasons=tuple(Text(str(en), str(zh)) for en, zh in zip(score["reasons_en"], score["reasons_zh"], strict=True)),
        findings=views,
        peers=parts.peers,
        rings=parts.rings,
        innocent=tuple(dict.fromkeys(text for code in explained for text in scheme(code).innocent)),
        records=tuple(dict.fromkeys(text for code in explained for text in scheme(code).records)),
        lines=show_persons(evidence.lines, shown),
        n_lines_left_out=evidence.n_lines - len(evidence.lines),
        n_folded=len(chosen.standing.folded),
        place_notes=standing_notes(chosen.standing, shown),
        is_ring_money=is_ring_money,
        inside=inside_units(parts.inside, shown),
        trails=box_trails(parts.trails, shown),
    )


def _finding_view(finding: Any, names: Mapping[tuple[str, str], Text]) -> FindingView:
    code = str(finding.code)
    return FindingView(
        finding_id=str(finding.finding_id),
        source=str(finding.source),
        code=code,
        scheme_code=str(finding.scheme_code),
        version=str(finding.version),
        result_type=str(finding.result_type),
        basis=str(finding.basis),
        exposure_amount=int(finding.exposure_amount),
        fund_exposure_amount=int(finding.fund_exposure_amount),
        n_lines=int(finding.n_lines),
        reason=Text(str(finding.reason_en), str(finding.reason_zh)),
        name=names.get((str(finding.source), code), Text(code, code)),
    )


def _action(parts: CaseParts) -> Text:
    is_audit = parts.chosen.selection_reason == "random_audit"
    return action_text("random_audit" if is_audit else str(parts.weighed["action"]), parts.reply_days)


def _dates(lines: pd.DataFrame) -> tuple[str, str]:
    """First and last day of evidence as ISO dates; empty without lines."""
    times = pd.to_datetime(lines["settle_time"])
    return ("", "") if times.empty else (times.min().date().isoformat(), times.max().date().isoformat())


def _known_text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)
