"""From hits to findings: one per subject, rule and month, with money, words and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.vocabulary.entities import ID_COLUMNS
from fraud.findings import Findings, make_finding_id
from fraud.rules.reasons import fill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.rules.declare import Reason, Rule

_LINE = ["settlement_id", "line_number"]


def with_exposure(hits: pd.DataFrame) -> pd.DataFrame:
    """Add what each hit is worth, involved ones nothing: `exposure_amount`, `fund_exposure_amount` in minor units.

    Exposure is the line's in-scope amount x part / whole; the fund's part of it is exposure x fund paid /
    in-scope amount of the settlement, at least nothing and at most all of it. Both are rounded down per line,
    so that neither is ever overstated.
    """
    is_violating = (hits["role"] == "violating").to_numpy(dtype=bool)
    exposure = np.where(is_violating, _share(hits["in_scope"], hits["part"], hits["whole"]), 0)
    scope = hits["settlement_in_scope"].to_numpy(dtype=np.int64)
    paid = np.minimum(np.maximum(hits["settlement_fund_paid"].to_numpy(dtype=np.int64), 0), np.maximum(scope, 0))
    return hits.assign(
        exposure_amount=exposure,
        fund_exposure_amount=_share(pd.Series(exposure), pd.Series(paid), pd.Series(np.maximum(scope, 1))),
    )


def assemble(rule: Rule, month: str, hits: pd.DataFrame, values: Mapping[str, int], *, all_checked: bool) -> Findings:
    """Make the findings of one rule.

    Parameters
    ----------
    rule : Rule
        The declaration.
    month : str
        Month of the findings.
    hits : DataFrame
        One row per subject, line and role, with `exposure_amount`, `fund_exposure_amount` and `row_hash`.
    values : mapping of str to int
        Parameters in force, for the reasons.
    all_checked : bool
        Whether every exemption could be checked; if not, nothing is called definite.
    """
    parts = [_of_subject(rule, reason, month, hits, values, all_checked=all_checked) for reason in rule.reasons]
    return Findings.concat(parts)


def _of_subject(
    rule: Rule, reason: Reason, month: str, hits: pd.DataFrame, values: Mapping[str, int], *, all_checked: bool
) -> Findings:
    column = ID_COLUMNS[reason.subject]
    named = hits.loc[hits[column].notna()].assign(is_involved=hits["role"] == "involved")
    # A line that violates is not listed again as involved; a pair reached twice is one.
    named = named.sort_values([column, *_LINE, "is_involved", "exposure_amount"], ascending=[True] * 4 + [False])
    named = named.drop_duplicates([column, *_LINE])
    violating = named.loc[~named["is_involved"]]
    if violating.empty:
        return Findings.empty()
    numbers = _numbers(violating, column, values)
    named = named.loc[named[column].isin(numbers.index)]
    ids = {
        subject: make_finding_id(
            source="rule",
            code=rule.code,
            version=rule.version,
            month=month,
            subject_type=reason.subject,
            subject_id=subject,
        )
        for subject in numbers.index
    }
    rows = numbers.to_dict(orient="index")
    findings = pd.DataFrame({"subject_id": list(rows)}).assign(
        finding_id=list(ids.values()),
        month=month,
        subject_type=reason.subject,
        source="rule",
        code=rule.code,
        scheme_code=rule.scheme_code,
        version=rule.version,
        result_type=rule.result_type if all_checked else "suspicious",
        exposure_amount=numbers["exposure"].to_numpy(),
        fund_exposure_amount=numbers["fund"].to_numpy(),
        n_lines=numbers["lines"].to_numpy(),
        reason_en=[fill(reason.en, row, "en") for row in rows.values()],
        reason_zh=[fill(reason.zh, row, "zh") for row in rows.values()],
        basis=rule.basis,
    )
    return Findings(findings, named.assign(finding_id=named[column].map(ids)))


def _numbers(violating: pd.DataFrame, column: str, values: Mapping[str, int]) -> pd.DataFrame:
    """One row per subject: the numbers that reasons may name, as integers."""
    grouped = violating.groupby(column, sort=True)
    most = grouped["measure"].max()
    numbers = pd.DataFrame(
        {
            "lines": grouped.size(),
            "settlements": grouped["settlement_id"].nunique(),
            "patients": grouped["line_person_id"].nunique(),
            "providers": grouped["line_provider_id"].nunique(),
            "practitioners": grouped["practitioner_id"].nunique(),
            "days": grouped["service_date"].nunique(),
            "exposure": grouped["exposure_amount"].sum(),
            "fund": grouped["fund_exposure_amount"].sum(),
            "most_days": most,
            "most_nights": most,
            "most_minutes": most,
        }
    )
    limits = {"limit_minutes": values.get("practitioner_minutes_per_day", 0)}
    return numbers.assign(**limits).astype("int64")


def _share(amounts: pd.Series, parts: pd.Series, wholes: pd.Series) -> np.ndarray:
    """Amount x part / whole, rounded down; Python's integers where the product could leave 64 bits."""
    amount, part, whole = (series.to_numpy(dtype=np.int64) for series in (amounts, parts, wholes))
    shared: np.ndarray = amount.copy()
    partial = part != whole
    exact = amount[partial].astype(object) * part[partial] // whole[partial]
    shared[partial] = exact.astype(np.int64)
    return shared
