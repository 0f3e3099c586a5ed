"""Rings as networkx graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from fraud.rings.result import PATIENT

if TYPE_CHECKING:
    import pandas as pd


def _day(value: pd.Timestamp) -> str:
    return str(value.date())


def build_graphs(rings: pd.DataFrame, members: pd.DataFrame, edges: pd.DataFrame) -> dict[str, nx.Graph]:
    """Build one bipartite graph of patients and providers per ring.

    Edges are the visits; a ring of a kind that knows none has nodes only. Nodes and edges are added in ascending order,
    and every attribute is a plain number or text, so that equal rings give equal GraphML. Works on the tables of a
    scored month as well as on those just found.

    Parameters
    ----------
    rings, members, edges : DataFrame
        As in `Rings`; amounts in minor units.

    Returns
    -------
    dict of str to networkx.Graph
        By ring id. Graph: ring figures. Nodes: `bipartite` (0 patient, 1 provider), member_type, role, amount,
        turnover_share, ring_score. Edges: amount, first_date, last_date.
    """
    nodes = dict(iter(members.groupby("ring_id", sort=True)))
    visits = dict(iter(edges.loc[edges["edge_type"] == "visits"].groupby("ring_id", sort=True)))
    graphs = {}
    for ring in rings.sort_values("ring_id").itertuples(index=False):
        graph = nx.Graph(
            ring_id=ring.ring_id,
            month=ring.month,
            ring_type=ring.ring_type,
            status=ring.status,
            observed=float(ring.observed),
            expected=float(ring.expected),
            lift=float(ring.lift),
            log_likelihood_ratio=float(ring.log_likelihood_ratio),
            amount=int(ring.amount),
        )
        for node in nodes[ring.ring_id].sort_values(["member_type", "member_id"]).itertuples(index=False):
            graph.add_node(
                node.member_id,
                bipartite=0 if node.member_type == PATIENT else 1,
                member_type=node.member_type,
                role=node.role,
                amount=int(node.amount),
                turnover_share=float(node.turnover_share),
                ring_score=float(node.ring_score),
            )
        for edge in (
            visits.get(ring.ring_id, edges.iloc[:0]).sort_values(["source_id", "target_id"]).itertuples(index=False)
        ):
            graph.add_edge(
                edge.source_id,
                edge.target_id,
                amount=int(edge.amount),
                first_date=_day(edge.first_date),
                last_date=_day(edge.last_date),
            )
        graphs[ring.ring_id] = graph
    return graphs
