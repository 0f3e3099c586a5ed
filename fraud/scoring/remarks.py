"""Findings of a statistical method: a remark on a subject's conduct that names no line and no money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fraud.findings import Findings, make_finding_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.vocabulary.text import Text


@dataclass(frozen=True)
class Remark:
    """What a method says of one subject.

    Parameters
    ----------
    subject_id : str
        Of whom.
    code : str
        About what: a feature, a score.
    scheme_code : str
        Scheme that it bears on, or empty.
    reason : Text
        The sentence.
    q_value : float or None
        False discovery rate, where the method states one.
    """

    subject_id: str
    code: str
    scheme_code: str
    reason: Text
    q_value: float | None = None


def remark_findings(
    remarks: Iterable[Remark], *, source: str, entity: str, month: str, version: str, basis: str
) -> Findings:
    """Make suspicious findings of remarks, without lines and without exposure.

    Parameters
    ----------
    remarks : iterable of Remark
        At most one per subject and code.
    source, version, basis : str
        Who says so, in which version, by which method.
    entity, month : str
        Of whom, of when.
    """
    rows = [
        _row(
            remark,
            basis,
            source=source,
            code=remark.code,
            version=version,
            month=month,
            subject_type=entity,
            subject_id=remark.subject_id,
        )
        for remark in remarks
    ]
    return Findings(pd.DataFrame(rows), Findings.empty().lines) if rows else Findings.empty()


def _row(remark: Remark, basis: str, **named: str) -> dict[str, object]:
    return {
        **named,
        "finding_id": make_finding_id(**named),
        "scheme_code": remark.scheme_code,
        "result_type": "suspicious",
        "exposure_amount": 0,
        "fund_exposure_amount": 0,
        "n_lines": 0,
        "reason_en": remark.reason.en,
        "reason_zh": remark.reason.zh,
        "basis": basis,
        "q_value": np.nan if remark.q_value is None else remark.q_value,
    }
