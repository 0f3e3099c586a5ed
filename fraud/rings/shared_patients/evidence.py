"""Evidence on a ring: who belongs how firmly, with what money, linked to whom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from fraud.rings.shared_patients.block_score import Block
    from fraud.rings.shared_patients.incidence import Network

_CORE_SHARE = 0.5  # our proposal: core members carry at least half of an even share
_FRINGE_WEIGHT = 0.6  # our proposal: a fringe member counts for less than a core one
_HALF_SCORE = 50.0  # nats at which a membership scores one half; smallest reliable rings reach about 100


@dataclass(frozen=True)
class Evidence:
    """Figures and rows of one ring, before its q-value and words.

    Attributes
    ----------
    ring : dict
        Figures of the ring, but the q-value.
    members, edges : list of dict
        As in `Rings.members` and `Rings.edges`.
    core : tuple of str
        Providers that carry the ring, ascending.
    """

    ring: dict[str, object]
    members: list[dict[str, object]]
    edges: list[dict[str, object]]
    core: tuple[str, ...]


def membership_score(evidence: float, role: str) -> float:
    """Strength of a membership, 0..1: evidence / (evidence + 50 nats), fringe members at 0.6 of it.

    Examples
    --------
    >>> membership_score(150.0, "core"), membership_score(150.0, "fringe")
    (0.75, 0.45)
    """
    weight = 1.0 if role == "core" else _FRINGE_WEIGHT
    return round(weight * evidence / (evidence + _HALF_SCORE), 6)


def _roles(block: Block) -> list[str]:
    """Core: leaving the provider out costs at least half of an even share of the evidence."""
    even = block.evidence / len(block.members)
    return [
        "core" if block.evidence - block.without(column) >= _CORE_SHARE * even else "fringe"
        for column in range(len(block.members))
    ]


def _visits(network: Network, block: Block) -> pd.DataFrame:
    """One row per patient and provider inside the ring."""
    graph = network.graph
    rows = np.concatenate([np.arange(graph.patient_start[one], graph.patient_start[one + 1]) for one in block.patients])
    inside = rows[np.isin(graph.patient_providers[rows], block.members)]
    return network.edges.iloc[inside].reset_index(drop=True)


def _provider_links(visits: pd.DataFrame, group_of: dict[str, int]) -> list[dict[str, object]]:
    at = {name: rows.set_index("person_id") for name, rows in visits.groupby("provider_id", sort=True)}
    links: list[dict[str, object]] = []
    for source, target in combinations(sorted(at), 2):
        both = at[source].index.intersection(at[target].index)
        if len(both):
            there = pd.concat([at[source].loc[both], at[target].loc[both]])
            links.append(
                {
                    "source_id": source,
                    "target_id": target,
                    "n_patients": len(both),
                    "amount": int(there["amount"].sum()),
                    "first_date": there["first_date"].min(),
                    "last_date": there["last_date"].max(),
                    "edge_type": "shared_patients",
                    "is_explained": group_of[source] == group_of[target],
                }
            )
    return links


def _members(
    network: Network, block: Block, visits: pd.DataFrame, turnover: dict[str, pd.Series], types: pd.Series
) -> list[dict[str, object]]:
    roles = dict(zip(network.provider_ids[block.members], _roles(block), strict=True))
    n_core_visits = max(2, int(np.ceil(_CORE_SHARE * len(block.members))))
    members: list[dict[str, object]] = []
    for key in ("provider_id", "person_id"):
        inside = visits.groupby(key, sort=True)["amount"].agg(["sum", "count"])
        for name, amount, n_partners in inside.itertuples():
            whole = int(turnover[key].loc[name])
            role = roles[name] if key == "provider_id" else "core" if n_partners >= n_core_visits else "fringe"
            members.append(
                {
                    "member_type": types.loc[name] if key == "provider_id" else "patient",
                    "member_id": name,
                    "role": role,
                    "amount": int(amount),
                    "turnover_share": int(amount) / whole if whole > 0 else np.nan,
                    "n_partners": int(n_partners),
                    "ring_score": membership_score(block.evidence, role),
                }
            )
    return members


def _member_types(providers: pd.DataFrame) -> pd.Series:
    """hospital, clinic or pharmacy; an issuer whose type is unknown is called a clinic."""
    named = providers["type"].astype("string") if "type" in providers else pd.Series("", index=providers.index)
    kind = providers["kind"].astype("string")
    is_hospital = named.str.contains("hospital").fillna(value=False)
    chosen = np.where(kind == "pharmacy", "pharmacy", np.where(is_hospital, "hospital", "clinic"))
    return pd.Series(chosen, index=providers["provider_id"].to_numpy(dtype=object))


def gather_evidence(network: Network, blocks: list[Block]) -> list[Evidence]:
    """Describe each block by the links it was found in.

    Parameters
    ----------
    network : Network
        The graph that was searched.
    blocks : list of Block
    """
    turnover = {key: network.edges.groupby(key)["amount"].sum() for key in ("provider_id", "person_id")}
    types = _member_types(network.providers)
    found = []
    for block in blocks:
        visits = _visits(network, block)
        names = network.provider_ids[block.members]
        links = _provider_links(visits, dict(zip(names, block.group.tolist(), strict=True)))
        members = _members(network, block, visits, turnover, types)
        straight = [
            {
                "source_id": row.person_id,
                "target_id": row.provider_id,
                "n_patients": 1,
                "amount": int(row.amount),
                "first_date": row.first_date,
                "last_date": row.last_date,
                "edge_type": "visits",
                "is_explained": False,
            }
            for row in visits.itertuples(index=False)
        ]
        ring: dict[str, object] = {
            "n_providers": len(block.members),
            "n_patients": len(block.patients),
            "observed": float(block.observed),
            "expected": round(block.expected, 6),
            "lift": round(block.observed / block.expected, 6) if block.expected > 0 else np.inf,
            "log_likelihood_ratio": round(block.evidence, 6),
            "is_certified": bool(block.is_certified),
            "amount": int(visits["amount"].sum()),
            "first_date": visits["first_date"].min(),
            "last_date": visits["last_date"].max(),
            "p_value": block.p_value,
            "n_explained_edges": sum(bool(link["is_explained"]) for link in links),
        }
        core = tuple(
            sorted(
                str(one["member_id"]) for one in members if one["role"] == "core" and one["member_type"] != "patient"
            )
        )
        found.append(Evidence(ring, members, [*links, *straight], core or tuple(sorted(names))))
    return found
