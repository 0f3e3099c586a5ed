"""Findings of source `ring`: on the ring, and on each of its members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from features.vocabulary.text import Text
from fraud.findings import Findings, make_finding_id
from fraud.rings.find import KINDS
from fraud.rings.result import subject_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fraud.rings.kind import RingKind
    from fraud.rings.result import Rings


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


def ring_findings(rings: Rings, *, kinds: Sequence[RingKind] = KINDS) -> Findings:
    """Turn rings into findings: one on each ring, one on each member and ring.

    The exposure is the part of the money inside the ring that chance does not explain; it spans the window. Links
    hold no share of the fund and no claim lines, so the fund exposure is zero and the findings name no lines.

    Parameters
    ----------
    rings : Rings
    kinds : sequence of RingKind, default KINDS
        Those that found the rings: code, scheme, version, basis and words of their findings.

    Examples
    --------
    >>> from fraud.rings.result import Rings
    >>> len(ring_findings(Rings.empty()))
    0
    """
    by_code = {kind.code: kind for kind in kinds}
    by_id = {str(ring["ring_id"]): ring for ring in rings.rings.to_dict("records")}
    rows = [
        _finding(
            by_code[ring["ring_type"]],
            ring,
            ("ring", name),
            ring["amount"],
            Text(ring["reason_en"], ring["reason_zh"]),
        )
        for name, ring in by_id.items()
    ]
    for member in rings.members.to_dict("records"):
        ring = by_id[str(member["ring_id"])]
        kind = by_code[ring["ring_type"]]
        subject = (subject_type(member["member_type"]), str(member["member_id"]))
        rows.append(_finding(kind, ring, subject, member["amount"], kind.member_reason(member, ring)))
    if not rows:
        return Findings.empty()
    return Findings(pd.DataFrame(rows), Findings.empty().lines)


def _finding(
    kind: RingKind, ring: Mapping[str, Any], subject: tuple[str, str], amount: int, reason: Text
) -> dict[str, object]:
    entity, subject_id = subject
    month = str(ring["month"])
    return {
        "finding_id": make_finding_id(
            source="ring",
            code=f"{kind.code}:{ring['ring_id']}",
            version=kind.version,
            month=month,
            subject_type=entity,
            subject_id=subject_id,
        ),
        "month": month,
        "subject_type": entity,
        "subject_id": subject_id,
        "source": "ring",
        "code": kind.code,
        "scheme_code": kind.scheme_code,
        "version": kind.version,
        "result_type": "suspicious",
        "exposure_amount": unexplained_amount(amount, ring["observed"], ring["expected"]),
        "fund_exposure_amount": 0,
        "n_lines": 0,
        "reason_en": reason.en,
        "reason_zh": reason.zh,
        "basis": kind.basis,
    }
