"""From hits to findings: one per subject, rule and month, with money, words and lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.vocabulary.entities import ID_COLUMNS
from fraud.findings import Findings, make_finding_id
from fraud.rules.declare.numbers import COUNTS, MONEY, fill

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


def counted_hits(rule: Rule, hits: pd.DataFrame) -> pd.DataFrame:
    """Return the hits that a finding counts: those that violate; all of a rule that puts no claim in question."""
    if not getattr(rule.executor, "questions_claims", True):
        return hits
    return hits.loc[hits["role"] == "violating"]


def assemble(rule: Rule, month: str, hits: pd.DataFrame, values: Mapping[str, int], *, all_checked: bool) -> Findings:
    """Make the findings of one rule.

    Parameters
    ----------
    rule : Rule
        The declaration.
    month : str
        Month of the findings.
    hits : DataFrame
        One row per subject, line and role, with `exposure_amount`, `fund_exposure_amount`, `row_hash` and `is_certain`.
    values : mapping of str to int
        Parameters in force, for the reasons.
    all_checked : bool
        Whether every exemption could be checked; if not, nothing is called definite.

    Returns
    -------
    Findings
        One per subject; of a definite rule a second one, suspicious, for the lines that are not certain.
    """
    parts: list[Findings | None] = []
    for reason in rule.reasons:
        parts += [_of_subject(rule, reason, said, own, values) for said, own in _said(rule, month, hits, all_checked)]
    return Findings.concat(part for part in parts if part is not None)


@dataclass(frozen=True)
class _Said:
    """What a finding says of its lines: the result, and month and version that go into its id."""

    month: str
    result_type: str
    version: str


def _said(rule: Rule, month: str, hits: pd.DataFrame, all_checked: bool) -> list[tuple[_Said, pd.DataFrame]]:
    """Split what may be called definite from what may not; involved lines go with both."""
    if rule.result_type != "definite" or not all_checked:
        return [(_Said(month, "suspicious", rule.version), hits)]
    is_involved, is_certain = hits["role"] == "involved", hits["is_certain"]
    return [
        (_Said(month, "definite", rule.version), hits[is_involved | is_certain]),
        (_Said(month, "suspicious", f"{rule.version} suspicious"), hits[is_involved | ~is_certain]),
    ]


def _of_subject(
    rule: Rule, reason: Reason, said: _Said, hits: pd.DataFrame, values: Mapping[str, int]
) -> Findings | None:
    """Return the findings about one kind of subject, None where nothing is said of any."""
    column = ID_COLUMNS[reason.subject]
    named = hits.loc[hits[column].notna()].assign(is_involved=hits["role"] == "involved")
    if counted_hits(rule, named).empty:
        return None
    # A line that violates is not listed again as involved; a pair reached twice is one.
    named = named.sort_values([column, *_LINE, "is_involved", "exposure_amount"], ascending=[True] * 4 + [False])
    named = named.drop_duplicates([column, *_LINE])
    numbers = _numbers(counted_hits(rule, named), column, rule, values)
    named = named.loc[named[column].isin(numbers.index)]
    ids = {
        subject: make_finding_id(
            source="rule",
            code=rule.code,
            version=said.version,
            month=said.month,
            subject_type=reason.subject,
            subject_id=subject,
        )
        for subject in numbers.index
    }
    rows, units = numbers.to_dict(orient="index"), {number.name: number.unit for number in rule.numbers}
    findings = pd.DataFrame({"subject_id": list(rows)}).assign(
        finding_id=list(ids.values()),
        month=said.month,
        subject_type=reason.subject,
        source="rule",
        code=rule.code,
        scheme_code=rule.scheme_code,
        version=rule.version,
        result_type=said.result_type,
        exposure_amount=numbers["exposure"].to_numpy(),
        fund_exposure_amount=numbers["fund"].to_numpy(),
        n_lines=numbers["violating_lines"].to_numpy(),
        reason_en=[fill(reason.text.en, row, units, "en") for row in rows.values()],
        reason_zh=[fill(reason.text.zh, row, units, "zh") for row in rows.values()],
        basis=rule.basis,
    )
    return Findings(findings, named.assign(finding_id=named[column].map(ids)))


def _numbers(counted: pd.DataFrame, column: str, rule: Rule, values: Mapping[str, int]) -> pd.DataFrame:
    """One row per subject: the numbers that reasons may name, as integers, and how many lines violate."""
    grouped = counted.assign(violating_lines=~counted["is_involved"]).groupby(column, sort=True)
    counts = {each.name: grouped.size() if each.column is None else grouped[each.column].nunique() for each in COUNTS}
    money = {name: grouped[amount].sum() for name, amount in MONEY.items()}
    measures = {each.name: grouped[each.name].max() for each in rule.executor.measures}
    violating = {"violating_lines": grouped["violating_lines"].sum()}
    return pd.DataFrame({**counts, **money, **measures, **violating}).assign(**values).astype("int64")


def _share(amounts: pd.Series, parts: pd.Series, wholes: pd.Series) -> np.ndarray:
    """Amount x part / whole, rounded down; Python's integers where the product could leave 64 bits."""
    amount, part, whole = (series.to_numpy(dtype=np.int64) for series in (amounts, parts, wholes))
    shared: np.ndarray = amount.copy()
    partial = part != whole
    exact = amount[partial].astype(object) * part[partial] // whole[partial]
    shared[partial] = exact.astype(np.int64)
    return shared
