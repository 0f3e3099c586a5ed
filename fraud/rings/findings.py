"""Findings of source `ring`: on the ring, and on each of its members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from fraud.findings import Findings, make_finding_id
from fraud.rings.shared_patients.reasons import member_reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.rings.result import Rings

VERSION = "1"
SCHEME = "R01"
# In both languages, as the rules' articles are.
BASIS = (
    "统计方法，非法规条款：分层配置模型与扫描统计量 "
    "(Stratified configuration model with scan statistic, Kulldorff 1997; method of this toolkit, not a regulation)"
)


def unexplained_amount(amount: int, observed: float, expected: float) -> int:
    """Part of an amount that chance does not explain, minor units: amount · (1 − expected/observed), rounded down.

    Examples
    --------
    >>> unexplained_amount(100_000, 80.0, 20.0)  # a quarter of the visits would be there anyway
    75000
    """
    if observed <= expected or amount <= 0:
        return 0
    millionths = round(1_000_000 * (1 - expected / observed))
    return amount * millionths // 1_000_000


def _finding(
    ring: Mapping[str, object], subject: tuple[str, str], amount: int, reasons: tuple[str, str]
) -> dict[str, object]:
    subject_type, subject_id = subject
    code, month = str(ring["ring_type"]), str(ring["month"])
    observed, expected = float(str(ring["observed"])), float(str(ring["expected"]))
    return {
        "finding_id": make_finding_id(
            source="ring",
            code=f"{code}:{ring['ring_id']}",
            version=VERSION,
            month=month,
            subject_type=subject_type,
            subject_id=subject_id,
        ),
        "month": month,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "source": "ring",
        "code": code,
        "scheme_code": SCHEME,
        "version": VERSION,
        "result_type": "suspicious",
        "exposure_amount": unexplained_amount(amount, observed, expected),
        "fund_exposure_amount": 0,
        "n_lines": 0,
        "reason_en": reasons[0],
        "reason_zh": reasons[1],
        "basis": BASIS,
    }


def ring_findings(rings: Rings) -> Findings:
    """Turn rings into findings: one on each ring, one on each member and ring.

    The exposure is the part of the money inside the ring that chance does not explain; it spans the window. Links
    hold no share of the fund and no claim lines, so the fund exposure is zero and the findings name no lines.

    Parameters
    ----------
    rings : Rings
    """
    by_id = {str(ring["ring_id"]): ring for ring in rings.rings.to_dict("records")}
    rows = [
        _finding(ring, ("ring", name), int(ring["amount"]), (ring["reason_en"], ring["reason_zh"]))
        for name, ring in by_id.items()
    ]
    for member in rings.members.to_dict("records"):
        ring = by_id[str(member["ring_id"])]
        kind = "patient" if member["member_type"] == "patient" else "provider"
        subject = (kind, str(member["member_id"]))
        rows.append(_finding(ring, subject, int(member["amount"]), member_reasons(member, ring)))
    if not rows:
        return Findings.empty()
    return Findings(pd.DataFrame(rows), Findings.empty().lines)
