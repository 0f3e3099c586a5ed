"""Ring score of a subject: the strength of its strongest membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from fraud.rings.result import subject_type

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
        One row per subject that is in a ring: subject_type (provider, patient, practitioner), subject_id, ring_score
        (0..1, as the kind of the ring gives it) and ring_ids (list, strongest first). Who is not there is in no ring.
    """
    members = rings.members.assign(subject_type=rings.members["member_type"].map(subject_type)).sort_values(
        ["subject_type", "member_id", "ring_score", "ring_id"], ascending=[True, True, False, True]
    )
    rows = [
        (kind, name, float(own["ring_score"].iloc[0]), own["ring_id"].tolist())
        for (kind, name), own in members.groupby(["subject_type", "member_id"], sort=True)
    ]
    return pd.DataFrame(rows, columns=["subject_type", "subject_id", "ring_score", "ring_ids"])
