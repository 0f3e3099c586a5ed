"""Rings of a month as three tables, with the columns that every kind fills."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from networkx import Graph

PATIENT = "patient"
_PRACTITIONER = "practitioner"

RING_COLUMNS = {
    "ring_id": "str",
    "month": "str",
    "ring_type": "str",
    "status": "str",
    "n_providers": "int64",
    "n_patients": "int64",
    "observed": "float64",
    "expected": "float64",
    "lift": "float64",
    "log_likelihood_ratio": "float64",
    "q_value": "float64",
    "is_certified": "bool",
    "amount": "int64",
    "first_date": "datetime64[us]",
    "last_date": "datetime64[us]",
    "reason_en": "str",
    "reason_zh": "str",
    "p_value": "float64",
    "n_explained_edges": "int64",
}
MEMBER_COLUMNS = {
    "ring_id": "str",
    "member_type": "str",
    "member_id": "str",
    "role": "str",
    "amount": "int64",
    "turnover_share": "float64",
    "n_partners": "int64",
    "ring_score": "float64",
}
EDGE_COLUMNS = {
    "ring_id": "str",
    "source_id": "str",
    "target_id": "str",
    "n_patients": "int64",
    "amount": "int64",
    "first_date": "datetime64[us]",
    "last_date": "datetime64[us]",
    "edge_type": "str",
    "is_explained": "bool",
}


def subject_type(member_type: str) -> str:
    """Return the subject that a member is: patient, practitioner or, whatever its type, provider.

    Examples
    --------
    >>> subject_type("patient"), subject_type("pharmacy")
    ('patient', 'provider')
    """
    return member_type if member_type in (PATIENT, _PRACTITIONER) else "provider"


def frame_of(rows: list[dict[str, object]], columns: dict[str, str], keys: list[str]) -> pd.DataFrame:
    """Make a typed frame of rows, sorted by key; without rows it still has every column."""
    return pd.DataFrame(rows, columns=list(columns)).astype(columns).sort_values(keys, ignore_index=True)


@dataclass(frozen=True)
class Rings:
    """Rings of one month; money in int64 minor units, the columns of outputs.csv first.

    Attributes
    ----------
    rings : DataFrame
        One row per ring; `ring_type` is the code of its kind. Added: `p_value` (chance of as much in this ring alone)
        and `n_explained_edges` (pairs of members of one chain or consortium, which count as expected).
    members : DataFrame
        One row per ring and member, providers and patients. Added: `n_partners` (members of the other side met) and
        `ring_score` (0..1).
    edges : DataFrame
        One row per ring and linked pair of members. `edge_type` is `visits` (patient and provider, `n_patients` 1) or
        a type of the ring's kind, such as `shared_patients` (two providers, with the patients of the ring that went
        to both and what these spent at both). `is_explained` marks providers of one chain or consortium.
    graphs : dict of str to networkx.Graph
        One bipartite graph of patients and providers per ring id; see `fraud.rings.graph`.
    n_withheld : int
        Candidates not reported, because the data are too coarse to tell them from innocence, such as place of
        residence to explain neighbourhoods.
    """

    rings: pd.DataFrame
    members: pd.DataFrame
    edges: pd.DataFrame
    graphs: dict[str, Graph] = field(default_factory=dict)
    n_withheld: int = 0

    @classmethod
    def empty(cls) -> Rings:
        """No rings, with all columns."""
        return cls.of([], [], [])

    @classmethod
    def of(
        cls, rings: list[dict[str, object]], members: list[dict[str, object]], edges: list[dict[str, object]]
    ) -> Rings:
        """Type and sort rows; graphs are added by whoever has a use for them."""
        return cls(
            frame_of(rings, RING_COLUMNS, ["ring_id"]),
            frame_of(members, MEMBER_COLUMNS, ["ring_id", "member_type", "member_id"]),
            frame_of(edges, EDGE_COLUMNS, ["ring_id", "source_id", "target_id"]),
        )
