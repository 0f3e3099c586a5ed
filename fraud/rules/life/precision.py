"""How often a rule was right: findings that investigators confirmed, of those they decided, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import pandas as pd

from features.engine import DuckDBEngine
from fraud.runs.read import ScoredRun, scored_months

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from features.claims import ClaimsStore
    from fraud.workspace import Workspace

# An error or waste that was confirmed is what the rule said, if no fraud; the other two decide nothing about the rule.
CONFIRMED = ("confirmed_fraud", "confirmed_abuse", "confirmed_waste", "confirmed_error")
UNFOUNDED = ("unfounded",)
# Below this many decisions the interval is wider than half of all that is possible.
FEW = 20
# 95 % of the normal distribution lie within so many standard deviations.
_Z = 1.959963984540054
_FINDING = ["finding_id", "month", "subject_type", "subject_id", "code", "scheme_code", "version"]
_RULE = ["code", "version"]
_LABELS = """
select label_id, subject_type, subject_id, decision, decided_date, known_date, finding_id, scheme_code,
       supersedes_label_id
from labels where known_date <= ? order by decided_date, known_date, label_id
"""


@dataclass(frozen=True)
class RulePrecision:
    """Of one version of a rule: findings decided, and confirmed among them.

    Parameters
    ----------
    code, version : str
        The rule.
    n_confirmed, n_decided : int
        Findings.
    low, high : float
        Limits of the 95 % interval of the share confirmed, by Wilson's score.
    """

    code: str
    version: str
    n_confirmed: int
    n_decided: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Confirmed among decided."""
        return self.n_confirmed / self.n_decided

    @property
    def is_few(self) -> bool:
        """Whether so little was decided that the share says hardly anything."""
        return self.n_decided < FEW


def rule_precision(workspace: Workspace, store: ClaimsStore, as_of: date) -> tuple[RulePrecision, ...]:
    """Hold the findings of scored months against the decisions that were known on a day; sorted by rule and version.

    A decision speaks of the finding that it names; one about a subject, with a scheme, of the last finding before it
    of each rule of that scheme about that subject. Of several decisions about one finding the last counts, and one that
    was overturned does not.

    Parameters
    ----------
    workspace : Workspace
        Holds the scored months; versions of them that are kept tell of earlier versions of rules.
    store : ClaimsStore
        Holds the labels.
    as_of : date
        Decisions known later do not exist.
    """
    if not store.has("labels"):
        return ()
    with DuckDBEngine(threads=1) as engine:
        store.attach_only(engine, "labels")
        labels = engine.frame(_LABELS, [as_of])
    labels = labels[~labels["label_id"].isin(set(labels["supersedes_label_id"].dropna()))]
    labels = labels[labels["decision"].isin((*CONFIRMED, *UNFOUNDED))]
    findings = _findings(workspace)
    if labels.empty or findings.empty:
        return ()
    decided = pd.concat([_about_findings(labels, findings), _about_subjects(labels, findings)])
    decided = decided.sort_values(["decided_date", "known_date", "label_id"])
    last = decided.drop_duplicates("finding_id", keep="last")
    counted = last.assign(is_confirmed=last["decision"].isin(CONFIRMED)).groupby(_RULE)["is_confirmed"]
    sums = counted.agg(["sum", "size"]).sort_index()
    return tuple(
        RulePrecision(code, version, int(row["sum"]), int(row["size"]), *wilson(int(row["sum"]), int(row["size"])))
        for (code, version), row in sums.iterrows()
    )


def wilson(n_yes: int, n: int) -> tuple[float, float]:
    """Return the limits of the 95 % interval of a share, by Wilson's score (J. Am. Stat. Assoc. 22, 1927, 209-212).

    Examples
    --------
    >>> [round(limit, 3) for limit in wilson(8, 10)]
    [0.49, 0.943]
    """
    share, weight = n_yes / n, _Z * _Z / n
    middle, half = share + weight / 2, _Z * sqrt(share * (1 - share) / n + weight / (4 * n))
    return max((middle - half) / (1 + weight), 0.0), min((middle + half) / (1 + weight), 1.0)


def _findings(workspace: Workspace) -> pd.DataFrame:
    parts = [ScoredRun.of_folder(folder).table("findings") for folder in _runs(workspace)]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*_FINDING, "source"])
    return found.loc[found["source"] == "rule", _FINDING].drop_duplicates("finding_id")


def _runs(workspace: Workspace) -> list[Path]:
    published = {workspace.run(month).resolve() for month in scored_months(workspace)}
    return sorted(published | {path.resolve() for path in workspace.versions.glob("????-??-*")})


def _about_findings(labels: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    own = labels[labels["finding_id"].notna()].drop(columns=["subject_type", "subject_id", "scheme_code"])
    return own.merge(findings, on="finding_id")


def _about_subjects(labels: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    own = labels[labels["finding_id"].isna() & labels["scheme_code"].notna()].drop(columns="finding_id")
    both = own.merge(findings, on=["subject_type", "subject_id", "scheme_code"])
    both = both[both["month"] <= pd.to_datetime(both["decided_date"]).dt.strftime("%Y-%m")]
    return both.sort_values("month").drop_duplicates(["label_id", *_RULE], keep="last")
