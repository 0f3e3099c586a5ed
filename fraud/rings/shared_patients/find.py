"""The search for providers that share patients: from links to rings with evidence and reasons."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from fraud.rings.kind import FoundRing, FoundRings
from fraud.rings.shared_patients.decoys import measure_q_values
from fraud.rings.shared_patients.evidence import gather_evidence
from fraud.rings.shared_patients.incidence import build_network
from fraud.rings.shared_patients.reasons import ring_reason
from fraud.rings.shared_patients.search import search_rings

if TYPE_CHECKING:
    from fraud.rings.kind import LinkTables
    from fraud.rings.shared_patients.evidence import Evidence
    from fraud.settings import RingSettings


def find_shared_patients(links: LinkTables, settings: RingSettings) -> FoundRings:
    """Find groups of providers that share many more patients than popularity, place and disease explain.

    Parameters
    ----------
    links : Links
        Visits of the window; the order of rows does not matter.
    settings : RingSettings

    Returns
    -------
    FoundRings
        Reported are rings that are certified or have a q-value within `settings.max_q_value`; without decoys, all
        that the search keeps. Where more than `settings.max_pairs_per_provider` pairs per provider are beyond chance,
        strata are too coarse to explain neighbourhoods: then only certified rings are reported, with a warning in their
        reasons, and the rest is counted in `n_withheld`.

    Raises
    ------
    InputError
        Links do not fit together.

    Notes
    -----
    Screening by expected sharing in a stratified configuration model, expansion with local control, scan statistic;
    see README.md.
    """
    network = build_network(links.edges, links.persons, links.providers)
    blocks, pairs_per_provider = search_rings(network.graph, settings)
    n_candidates = len(blocks)
    is_coarse = pairs_per_provider > settings.max_pairs_per_provider  # neighbourhoods show as rings
    if is_coarse:
        blocks = [block for block in blocks if block.is_certified]
    n_withheld = n_candidates - len(blocks)
    q_values = measure_q_values(network.graph, blocks, settings)
    if q_values is None:
        kept = [(block, np.nan) for block in blocks]
    else:
        judged = zip(blocks, q_values.tolist(), strict=True)
        kept = [(block, q) for block, q in judged if block.is_certified or q <= settings.max_q_value]
    found = gather_evidence(network, [block for block, _ in kept])
    told = [_tell(one, q, is_coarse=is_coarse) for one, (_, q) in zip(found, kept, strict=True)]
    return FoundRings(tuple(told), n_withheld)


def _tell(evidence: Evidence, q_value: float, *, is_coarse: bool) -> FoundRing:
    types = Counter(str(member["member_type"]) for member in evidence.members)
    reason = ring_reason(evidence.ring, types, is_coarse=is_coarse)
    return FoundRing({**evidence.ring, "q_value": q_value}, evidence.members, evidence.edges, evidence.core, reason)
