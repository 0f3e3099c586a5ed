"""Rules: the money that rule findings of the month put in question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from fraud.findings import dedupe_exposure
from fraud.scoring.detectors.measured import Measured

if TYPE_CHECKING:
    from fraud.scoring.entity_month import EntityMonth
    from fraud.settings import ScoringSettings


def measure_rules(given: EntityMonth, settings: ScoringSettings) -> Measured:
    """Measure rules by the exposure of their findings, against what was billed.

    Parameters
    ----------
    given : EntityMonth
        Its rule findings with their lines, and `billed_amount` of the window.
    settings : ScoringSettings
        Policy, and `rules_half_share`.

    Returns
    -------
    Measured
        `rule_exposure_amount`, each line once, zero without a finding; recoverable in full. It refuses nothing: where
        the turnover is unknown, all of it counts as in question.
    """
    exposure = rule_exposure(given)
    component = rules_component(exposure, given.features["billed_amount"] * 100.0, settings)
    return Measured(component, {"rule_exposure_amount": exposure}, recoverable=exposure)


def rule_exposure(given: EntityMonth) -> pd.Series:
    """Return the exposure of rule findings per subject, each line once, minor units."""
    own = given.findings_of("rule")
    lines = given.findings.lines.merge(own[["finding_id", "subject_id"]], on="finding_id")
    sums = {
        subject: int(dedupe_exposure(group)["exposure_amount"].sum())
        for subject, group in lines.groupby("subject_id", sort=True)
    }
    return pd.Series(sums, dtype="int64").reindex(given.subjects, fill_value=0)


def rules_component(exposure: pd.Series, turnover: pd.Series, settings: ScoringSettings) -> pd.Series:
    """Turn money in question into 0..1.

    Policy `precision`: the mean of the saturated share of turnover (one half at `rules_half_share`) and of the rank
    of the money among those with any. Policy `money`: that rank alone.

    Parameters
    ----------
    exposure : Series
        Minor units, each line once; zero without a finding.
    turnover : Series
        Billed in the window, minor units; unknown or zero makes the share 1.
    settings : ScoringSettings
        Policy, and `rules_half_share`.
    """
    has_any = exposure > 0
    rank = pd.Series(0.0, index=exposure.index)
    rank[has_any] = (exposure[has_any].rank(method="average") / max(int(has_any.sum()), 1)).astype(float)
    if settings.policy == "money":
        return rank
    share = (exposure / turnover.where(turnover > 0)).fillna(1.0).clip(0.0, 1.0)
    saturated = (share / (share + settings.rules_half_share)).where(has_any, 0.0)
    return (saturated + rank) / 2
