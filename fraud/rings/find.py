"""The rings of a month: every kind's search, with ids and status from the month before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from features.vocabulary.months import check_month
from fraud.rings.graph import build_graphs
from fraud.rings.ledger import match_rings
from fraud.rings.result import Rings
from fraud.rings.shared_patients import SHARED_PATIENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraud.rings.kind import LinkTables, RingKind
    from fraud.settings import RingSettings

KINDS: tuple[RingKind, ...] = (SHARED_PATIENTS,)


def find_rings(
    links: LinkTables,
    month: str,
    settings: RingSettings,
    previous: Rings | None = None,
    *,
    kinds: Sequence[RingKind] = KINDS,
) -> Rings:
    """Find the rings of every kind and put them together.

    Parameters
    ----------
    links : Links
        Visits of the window that ends with the month; the order of rows does not matter.
    month : str
        YYYY-MM, for the output.
    settings : RingSettings
    previous : Rings, optional
        Rings of the month before, whose ids live on: a ring is matched with rings of its own kind.
    kinds : sequence of RingKind, default KINDS
        Searched in this order.

    Returns
    -------
    Rings
        All kinds together; what each of them reports and withholds says its README.

    Raises
    ------
    InputError
        Links do not fit together, or the month is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from features.links import Links
    >>> from fraud.settings import RingSettings
    >>> nobody = Links(*(pd.DataFrame() for _ in range(3)))
    >>> len(find_rings(nobody, "2026-03", RingSettings()).rings)
    0
    """
    check_month(month)
    if not len(links.edges):
        return Rings.empty()
    searched = [(kind.code, kind.find(links, settings)) for kind in kinds]
    found = [(code, ring) for code, search in searched for ring in search.rings]
    rings: list[dict[str, object]] = []
    members: list[dict[str, object]] = []
    edges: list[dict[str, object]] = []
    for (code, ring), (ring_id, status) in zip(found, match_rings(previous, found), strict=True):
        said = {"reason_en": ring.reason.en, "reason_zh": ring.reason.zh}
        rings.append({"ring_id": ring_id, "month": month, "ring_type": code, "status": status, **ring.figures, **said})
        members += [{"ring_id": ring_id, **member} for member in ring.members]
        edges += [{"ring_id": ring_id, **edge} for edge in ring.edges]
    result = Rings.of(rings, members, edges)
    graphs = build_graphs(result.rings, result.members, result.edges)
    return replace(result, graphs=graphs, n_withheld=sum(search.n_withheld for _, search in searched))
