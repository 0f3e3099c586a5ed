"""Core members of rings: whom a list of reviews folds into one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.rings.result import subject_type

if TYPE_CHECKING:
    import pandas as pd


def core_rings(rings: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Find the ring that each core member belongs to; of several the one where it scores highest.

    A member has one ring, so that rings with members in common stay two. Rings count that were told from chance: they
    are certified, or have a q-value, with which none is reported beyond `max_q_value`.

    Parameters
    ----------
    rings, members : DataFrame
        As in `Rings`, or as a scored month holds them.

    Returns
    -------
    DataFrame
        One row per core member: `subject_type`, `subject_id`, `ring_id`.
    """
    is_told = rings["is_certified"].astype(bool) | rings["q_value"].notna()
    core = members[(members["role"] == "core") & members["ring_id"].isin(rings.loc[is_told, "ring_id"])]
    core = core.assign(subject_type=core["member_type"].map(subject_type), subject_id=core["member_id"])
    keys = ["subject_type", "subject_id"]
    ordered = core.sort_values([*keys, "ring_score", "ring_id"], ascending=[True, True, False, True])
    return ordered.drop_duplicates(keys)[[*keys, "ring_id"]].reset_index(drop=True)
