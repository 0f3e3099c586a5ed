"""What the ring search hands out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from networkx import Graph

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


def frame_of(rows: list[dict[str, object]], columns: dict[str, str], keys: list[str]) -> pd.DataFrame:
    """Make a typed frame of rows, sorted by key; without rows it still has every column."""
    return pd.DataFrame(rows, columns=list(columns)).astype(columns).sort_values(keys, ignore_index=True)


@dataclass(frozen=True)
class Rings:
    """Rings of one month; money in int64 minor units, the columns of outputs.csv first.

    Attributes
    ----------
    rings : DataFrame
        One row per ring. Added: `p_value` (Poisson upper tail of this block alone) and `n_explained_edges` (pairs of
        members of one chain or consortium, which count as expected).
    members : DataFrame
        One row per ring and member, providers and patients. Added: `n_partners` (members of the other side met) and
        `ring_score` (0..1).
    edges : DataFrame
        One row per ring and linked pair of members. `edge_type` is `shared_patients` (two providers, with the
        patients of the ring that went to both and what these spent at both) or `visits` (patient and provider,
        `n_patients` 1). `is_explained` marks providers of one chain or consortium.
    graphs : dict of str to networkx.Graph
        One bipartite graph of patients and providers per ring id; see `fraud.rings.graph`.
    n_withheld : int
        Candidates not reported, because place of residence is known too coarsely to explain neighbourhoods.
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
