"""Decoys: the same city with chance in place of choice, to learn what the search finds where nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fraud.rings.shared_patients.incidence import build_incidence
from fraud.rings.shared_patients.search import search_rings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fraud.rings.shared_patients.block_score import Block
    from fraud.rings.shared_patients.incidence import Incidence
    from fraud.settings import RingSettings

_REPAIRS = 12  # rounds; after that what repeats lies in cells too small to have another way


def make_decoy(graph: Incidence, seed: int) -> Incidence:
    """Shuffle providers among the edges of each stratum and type.

    Every patient keeps the number of its visits to each type and every provider its patients of each stratum. A
    shuffle may give a patient one provider twice: such an edge is swapped with another of its cell, and the few that
    find no partner are dropped.

    Parameters
    ----------
    graph : Incidence
    seed : int
        Seed of the shuffle.
    """
    generator = np.random.default_rng(seed)
    n_providers = len(graph.kind)
    patient = np.repeat(np.arange(len(graph.stratum)), np.diff(graph.patient_start))
    provider = graph.patient_providers.astype(np.int64)
    cell = graph.stratum[patient].astype(np.int64) * 2 + graph.kind[provider]
    slots = np.argsort(cell, kind="stable")
    provider[slots] = provider[np.lexsort((generator.random(len(cell)), cell))]
    start = np.searchsorted(cell[slots], cell, side="left")
    size = np.searchsorted(cell[slots], cell, side="right") - start
    for _ in range(_REPAIRS):
        bad = np.flatnonzero(_repeated(patient, provider, n_providers))
        if not len(bad):
            break
        partner = slots[start[bad] + (generator.random(len(bad)) * size[bad]).astype(np.int64)]
        partner, once = np.unique(partner, return_index=True)
        bad = bad[once]
        pairs = np.sort(patient * n_providers + provider)
        fits = ~(
            _among(pairs, patient[bad] * n_providers + provider[partner])
            | _among(pairs, patient[partner] * n_providers + provider[bad])
            | np.isin(partner, bad)
        )
        bad, partner = bad[fits], partner[fits]
        provider[bad], provider[partner] = provider[partner], provider[bad]
    repeated = _repeated(patient, provider, n_providers)
    keep = ~repeated
    return build_incidence(patient[keep], provider[keep], graph)


def _among(sorted_values: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    at = np.minimum(np.searchsorted(sorted_values, wanted), len(sorted_values) - 1)
    return np.asarray(sorted_values[at] == wanted)


def _repeated(patient: NDArray[np.int64], provider: NDArray[np.int64], n_providers: int) -> NDArray[np.bool_]:
    pair = patient * n_providers + provider
    order = np.argsort(pair, kind="stable")
    repeated = np.zeros(len(pair), dtype=np.bool_)
    repeated[order[1:]] = pair[order[1:]] == pair[order[:-1]]
    return repeated


def decoy_q_values(real: NDArray[np.float64], decoys: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Estimate for each ring the share of chance among the rings at least as strong.

    q(s) = (1 + rings of all decoys with evidence ≥ s) / (decoys + 1) / rings with evidence ≥ s, made monotone. The
    one added keeps a few decoys from proving too much: with B decoys a single ring cannot fall below 1 / (B + 1).
    Source: target-decoy competition, Elias and Gygi 2007, Nature Methods 4; the one added after Levitsky 2017.

    Examples
    --------
    >>> decoy_q_values(np.array([50.0, 20.0]), [np.array([30.0]), np.array([]), np.array([])]).tolist()
    [0.25, 0.25]
    """
    chance = np.sort(np.concatenate([np.empty(0), *decoys]))
    order = np.argsort(-real, kind="stable")
    n_chance = len(chance) - np.searchsorted(chance, real[order], side="left")
    raw = (1 + n_chance) / (len(decoys) + 1) / np.arange(1, len(real) + 1)
    q_values = np.empty(len(real))
    q_values[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q_values


def measure_q_values(graph: Incidence, blocks: list[Block], settings: RingSettings) -> NDArray[np.float64] | None:
    """Run the whole search on decoys; None when settings ask for none."""
    if not settings.n_decoys or not blocks:
        return None
    chance = [
        np.array([block.evidence for block in search_rings(make_decoy(graph, settings.seed + turn), settings).blocks])
        for turn in range(settings.n_decoys)
    ]
    return decoy_q_values(np.array([block.evidence for block in blocks]), chance)
