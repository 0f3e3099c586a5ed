"""Rings: the strongest membership of a subject in a group that shares more patients than chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from fraud.scoring.detectors.measured import Measured

if TYPE_CHECKING:
    from fraud.scoring.entity_month import EntityMonth
    from fraud.settings import ScoringSettings


def measure_rings(given: EntityMonth, settings: ScoringSettings) -> Measured:  # noqa: ARG001 - as every detector
    """Measure rings by the subject's strongest membership, as `fraud.rings` scores it.

    Parameters
    ----------
    given : EntityMonth
        Its ring scores and ring findings.
    settings : ScoringSettings
        Not used.

    Returns
    -------
    Measured
        `ring_score` (0..1, unknown in no ring), `ring_ids`; recoverable is the exposure of the strongest ring finding,
        because rings of one subject overlap. It refuses nothing: who is in no ring has component zero.
    """
    rings = given.ring_scores[given.ring_scores["subject_type"] == given.entity].set_index("subject_id")
    score = rings["ring_score"].reindex(given.subjects).astype("float64")
    ids = [value if isinstance(value, list) else [] for value in rings["ring_ids"].reindex(given.subjects)]
    largest = given.findings_of("ring").groupby("subject_id")["exposure_amount"].max().astype("int64")
    return Measured(
        rings_component(score),
        {"ring_score": score, "ring_ids": pd.Series(ids, given.subjects, dtype=object)},
        recoverable=largest.reindex(given.subjects, fill_value=0),
    )


def rings_component(score: pd.Series) -> pd.Series:
    """Take the membership as it is, 0..1; zero in no ring."""
    return score.fillna(0.0).clip(0.0, 1.0)
