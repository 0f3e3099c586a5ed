"""The search: pairs, expansion, scores, overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fraud.rings.shared_patients.block_score import Block, score_block
from fraud.rings.shared_patients.choose_providers import Limits
from fraud.rings.shared_patients.expand import expand_pair
from fraud.rings.shared_patients.scratch import make_scratch
from fraud.rings.shared_patients.screen import screen_pairs

if TYPE_CHECKING:
    from fraud.rings.shared_patients.incidence import Incidence
    from fraud.settings import RingSettings


class Search(NamedTuple):
    """Candidate rings, the strongest first, and how many pairs of providers are beyond chance for each provider."""

    blocks: list[Block]
    pairs_per_provider: float


def _limits(settings: RingSettings) -> Limits:
    return Limits(
        patient_log_odds=settings.min_patient_log_odds,
        min_patients=settings.min_patients,
        min_providers=settings.min_providers,
        max_providers=settings.max_providers,
        enter_share=settings.enter_share,
        stay_share=settings.stay_share,
        min_lift=settings.min_lift,
        min_evidence=settings.min_provider_llr,
    )


def without_overlap(blocks: list[Block], most_shared: float) -> list[Block]:
    """Accept blocks by descending evidence, leaving out those that are mostly another one.

    Parameters
    ----------
    blocks : list of Block
    most_shared : float
        Share of the smaller one's members, 0..1, at which two blocks are one.
    """
    accepted: list[Block] = []
    for block in sorted(blocks, key=lambda one: (-one.evidence, one.members.tolist())):
        members = set(block.members.tolist())
        if all(
            len(members & set(other.members.tolist())) < most_shared * min(len(members), len(other.members))
            for other in accepted
        ):
            accepted.append(block)
    return accepted


def search_rings(graph: Incidence, settings: RingSettings) -> Search:
    """Find candidate rings, the strongest first.

    Pairs of one chain or consortium share patients by design: they start no ring, and inside a ring they count once.
    """
    pairs = screen_pairs(graph, settings.min_shared_patients, settings.min_pair_llr)
    limits, scratch = _limits(settings), make_scratch(graph, settings.max_providers)
    found: dict[bytes, Block] = {}
    inside: set[tuple[int, int]] = set()
    for first, second, q_value in zip(pairs.first.tolist(), pairs.second.tolist(), pairs.q_value.tolist(), strict=True):
        if q_value > settings.max_q_value or (first, second) in inside or graph.group[first] == graph.group[second]:
            continue
        members, patients = expand_pair(graph, first, second, limits, scratch)
        key = members.tobytes()
        if not len(members) or key in found:
            continue
        found[key] = score_block(graph, members, patients)
        inside.update((a, b) for a in members.tolist() for b in members.tolist() if a < b)
    n_significant = int((pairs.q_value <= settings.max_q_value).sum())
    blocks = without_overlap(list(found.values()), settings.max_overlap)
    return Search(blocks, n_significant / max(len(graph.kind), 1))
