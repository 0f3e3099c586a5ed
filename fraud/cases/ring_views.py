"""Ring views: figures, reason and graph of the rings that cases show, persons under pseudonyms unless unmasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.vocabulary.text import Text
from fraud.cases.case import RingView
from fraud.rings.graph import build_graphs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import networkx as nx


class RingViews:
    """Rings by member.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        `rings`, `ring_members` and `ring_edges` of the scored month.
    shown : callable
        Turns member type and id into what may be shown.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], shown: Callable[[str, str], str]) -> None:
        members = tables["ring_members"]
        kinds = members[["member_type", "member_id"]].drop_duplicates().itertuples(index=False, name=None)
        names = {member: shown(str(kind), str(member)) for kind, member in kinds}
        hidden = members.assign(member_id=members["member_id"].map(lambda m: names.get(m, m)))
        edges = tables["ring_edges"].assign(
            **{side: tables["ring_edges"][side].map(lambda m: names.get(m, m)) for side in ("source_id", "target_id")}
        )
        graphs: Mapping[str, nx.Graph] = build_graphs(tables["rings"], hidden, edges)
        self._views = {
            str(row["ring_id"]): _view(row, graphs[str(row["ring_id"])]) for _, row in tables["rings"].iterrows()
        }
        self._rings = {str(member): list(group["ring_id"]) for member, group in members.groupby("member_id")}

    def of(self, subject: str) -> tuple[RingView, ...]:
        """Return the rings that a subject belongs to, strongest first."""
        found = [self._views[str(ring)] for ring in self._rings.get(subject, [])]
        return tuple(sorted(found, key=lambda view: (-view.lift, view.ring_id)))


def _view(row: pd.Series, graph: nx.Graph) -> RingView:
    return RingView(
        ring_id=str(row["ring_id"]),
        status=str(row["status"]),
        n_providers=int(row["n_providers"]),
        n_patients=int(row["n_patients"]),
        observed=float(row["observed"]),
        expected=float(row["expected"]),
        lift=float(row["lift"]),
        q_value=None if pd.isna(row["q_value"]) else float(row["q_value"]),
        amount=int(row["amount"]),
        reason=Text(str(row["reason_en"]), str(row["reason_zh"])),
        graph=graph,
    )
