"""Find the rings of a month."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from features.vocabulary.months import check_month
from fraud.rings.graph import build_graphs
from fraud.rings.ledger import match_rings
from fraud.rings.result import Rings
from fraud.rings.shared_patients.decoys import measure_q_values
from fraud.rings.shared_patients.evidence import gather_evidence
from fraud.rings.shared_patients.incidence import build_network
from fraud.rings.shared_patients.reasons import ring_reasons
from fraud.rings.shared_patients.search import search_rings

if TYPE_CHECKING:
    import pandas as pd

    from fraud.settings import RingSettings


class LinkTables(Protocol):
    """What is needed of `features.links.Links`: who went where, who lives where, what each provider is."""

    @property
    def edges(self) -> pd.DataFrame:
        """One row per person and provider."""

    @property
    def persons(self) -> pd.DataFrame:
        """One row per person."""

    @property
    def providers(self) -> pd.DataFrame:
        """One row per provider."""


def find_rings(links: LinkTables, month: str, settings: RingSettings, previous: Rings | None = None) -> Rings:
    """Find groups of providers that share many more patients than popularity, place and disease explain.

    Parameters
    ----------
    links : Links
        Visits of the window that ends with the month; the order of rows does not matter.
    month : str
        YYYY-MM, for the output.
    settings : RingSettings
    previous : Rings, optional
        Rings of the month before, whose ids live on.

    Returns
    -------
    Rings
        Reported are rings that are certified or have a q-value within `settings.max_q_value`; without decoys, all
        that the search keeps. Where more than `settings.max_pairs_per_provider` pairs per provider are beyond chance,
        strata are too coarse to explain neighbourhoods: then only certified rings are reported, with a warning in their
        reasons, and the rest is counted in `n_withheld`.

    Raises
    ------
    InputError
        Links do not fit together, or the month is none.

    Notes
    -----
    Screening by expected sharing in a stratified configuration model, expansion with local control, scan statistic;
    see README.md.
    """
    check_month(month)
    if not len(links.edges):
        return Rings.empty()
    network = build_network(links.edges, links.persons, links.providers)
    blocks, pairs_per_provider = search_rings(network.graph, settings)
    n_candidates = len(blocks)
    is_coarse = pairs_per_provider > settings.max_pairs_per_provider  # neighbourhoods show as rings
    if is_coarse:
        blocks = [block for block in blocks if block.is_certified]
    n_withheld = n_candidates - len(blocks)
    q_values = measure_q_values(network.graph, blocks, settings)
    if q_values is not None:
        keep = [block.is_certified or q <= settings.max_q_value for block, q in zip(blocks, q_values, strict=True)]
        blocks = [block for block, kept in zip(blocks, keep, strict=True) if kept]
        q_values = q_values[keep]
    found = gather_evidence(network, blocks)
    providers = [frozenset(network.provider_ids[block.members].tolist()) for block in blocks]
    names = match_rings(previous, providers, [one.core for one in found])
    rings: list[dict[str, object]] = []
    members: list[dict[str, object]] = []
    edges: list[dict[str, object]] = []
    for position, (one, (ring_id, status)) in enumerate(zip(found, names, strict=True)):
        ring = {"ring_id": ring_id, "month": month, "status": status, **one.ring}
        ring["q_value"] = np.nan if q_values is None else float(q_values[position])
        kinds = Counter(str(member["member_type"]) for member in one.members)
        ring["reason_en"], ring["reason_zh"] = ring_reasons(ring, kinds, is_coarse=is_coarse)
        rings.append(ring)
        members += [{"ring_id": ring_id, **member} for member in one.members]
        edges += [{"ring_id": ring_id, **edge} for edge in one.edges]
    result = Rings.of(rings, members, edges)
    graphs = build_graphs(result.rings, result.members, result.edges)
    return replace(result, graphs=graphs, n_withheld=n_withheld)
