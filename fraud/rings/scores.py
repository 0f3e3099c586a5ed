"""One ring score per provider and patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from fraud.rings.result import Rings


def ring_scores(rings: Rings) -> pd.DataFrame:
    """Score subjects by their strongest ring membership.

    Parameters
    ----------
    rings : Rings

    Returns
    -------
    DataFrame
        One row per subject that is in a ring: subject_type (provider, patient), subject_id, ring_score (0..1, see
        `fraud.rings.shared_patients.evidence.membership_score`) and ring_ids (list, strongest first). Who is not there
        is in no ring.
    """
    members = rings.members.assign(
        subject_type=rings.members["member_type"].map(lambda kind: "patient" if kind == "patient" else "provider")
    ).sort_values(["subject_type", "member_id", "ring_score", "ring_id"], ascending=[True, True, False, True])
    rows = [
        (kind, name, float(own["ring_score"].iloc[0]), own["ring_id"].tolist())
        for (kind, name), own in members.groupby(["subject_type", "member_id"], sort=True)
    ]
    return pd.DataFrame(rows, columns=["subject_type", "subject_id", "ring_score", "ring_ids"])
