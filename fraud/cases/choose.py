"""Which subjects become cases: by priority, rings folded and quotas kept, and a random audit from outside the queue."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fraud.scoring.review_list import REACH, Candidate, fill_places

if TYPE_CHECKING:
    import pandas as pd

    from fraud.settings import CaseSettings

# Candidates per place in the queue: as many as a place may go to.
CANDIDATES_PER_PLACE = REACH


@dataclass(frozen=True)
class Standing:
    """Whom a case stands for beside its subject, and why it has this place and no earlier one.

    Parameters
    ----------
    ring_id : str
        Ring that is one case; empty for none.
    folded : tuple of (str, str)
        Entity and id of the ring's other core members, providers first, then by rank.
    held_from : int or None
        The first place that quotas gave to a lower priority.
    held_by, lifted : tuple of str
        scheme, kind, region, patient: quotas that held it back; quotas that its place exceeds.
    """

    ring_id: str = ""
    folded: tuple[tuple[str, str], ...] = ()
    held_from: int | None = None
    held_by: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """One place in the queue.

    Parameters
    ----------
    entity, subject_id : str
        Who.
    selection_reason, selection_probability : str, float or None
        `ranked` or `random_audit`, the latter with the probability of being drawn.
    standing : Standing
        Whom it stands for, and what moved it.
    """

    entity: str
    subject_id: str
    selection_reason: str
    selection_probability: float | None
    standing: Standing = field(default_factory=Standing)


def choose(
    weighed: pd.DataFrame, everyone: pd.DataFrame, top: int, month: str, settings: CaseSettings
) -> tuple[tuple[Chosen, ...], dict[str, object]]:
    """Choose the queue: by priority within quotas, and a random audit of providers and of persons from outside it.

    A ring is one case, led by the candidate among its core members with the highest priority; the others are under
    review with it, so that nobody draws them.

    Parameters
    ----------
    weighed : DataFrame
        One row per candidate of any entity: `entity`, `subject_id`, `rank`, `ring_id` (as of `core_rings`), `kind`,
        `region`, `scheme_codes`, `total_amount`.
    everyone : DataFrame
        One row per scored subject: `entity`, `subject_id`, `rank`, `ring_id`.
    top : int
        Places.
    month : str
        Enters the seeds, so that months draw differently.
    settings : CaseSettings
        Quotas, share of the audit, seed.

    Returns
    -------
    tuple of (Chosen, …), dict
        The queue in order, and how the audit was drawn, for the sampling sheet.

    Examples
    --------
    >>> import pandas as pd
    >>> from fraud.settings import CaseSettings
    >>> weighed = pd.DataFrame({"entity": "provider", "subject_id": ["H1", "H2", "H3"], "rank": [1, 2, 3]})
    >>> weighed = weighed.assign(kind="", region="", ring_id="", total_amount=[500, 900, 100])
    >>> weighed["scheme_codes"] = [("H04",), (), ("R01",)]
    >>> everyone = pd.DataFrame({"entity": "provider", "subject_id": [f"H{n}" for n in range(1, 10)]})
    >>> everyone = everyone.assign(rank=range(1, 10), ring_id="")
    >>> queue, sampling = choose(weighed, everyone, 3, "2026-06", CaseSettings())
    >>> [(chosen.subject_id, chosen.selection_reason) for chosen in queue[:2]]
    [('H2', 'ranked'), ('H1', 'ranked')]
    >>> queue[2].selection_reason, sampling["provider_frame_size"]  # one of the seven others
    ('random_audit', 7)
    """
    places = min(top, len(everyone))
    n_audit = 0 if places >= len(everyone) else int(np.ceil(places * settings.random_audit_share))
    queue = _ranked(weighed, everyone, places - n_audit, settings)
    taken = {key for each in queue for key in ((each.entity, each.subject_id), *each.standing.folded)}
    outside = [key not in taken for key in zip(everyone["entity"], everyone["subject_id"], strict=True)]
    frame = everyone.loc[outside].sort_values(["entity", "subject_id"])
    strata = {str(entity): list(ids) for entity, ids in frame.groupby("entity", sort=True)["subject_id"]}
    sampling: dict[str, object] = {"generator": "numpy PCG64, choice without replacement", "n_drawn": 0}
    for entity, size in _audit_sizes(strata, n_audit, settings.max_patient_share).items():
        drawn, told = _draw(strata[entity], size, _seed(settings.seed, month, entity))
        queue += [Chosen(entity, subject, "random_audit", size / len(strata[entity])) for subject in drawn]
        sampling |= {f"{entity}_{name}": value for name, value in told.items()}
        sampling["n_drawn"] = int(str(sampling["n_drawn"])) + size
    return tuple(queue), sampling


def _audit_sizes(strata: dict[str, list[str]], n_audit: int, patient_share: float) -> dict[str, int]:
    """Divide the audit: persons outnumber providers so much that one draw from both would hardly meet a provider."""
    there = {entity: len(ids) for entity, ids in strata.items()}
    for_patients = int(n_audit * patient_share) if "provider" in there else n_audit
    providers = min(n_audit - min(for_patients, there.get("patient", 0)), there.get("provider", 0))
    sizes = {"provider": providers, "patient": min(n_audit - providers, there.get("patient", 0))}
    return {entity: size for entity, size in sizes.items() if size}


def _draw(frame: list[str], size: int, seed: int) -> tuple[list[str], dict[str, object]]:
    """Draw from a sorted frame, and tell what it takes to draw the same again."""
    places = np.sort(np.random.default_rng(seed).choice(len(frame), size=size, replace=False))
    told: dict[str, object] = {
        "seed": seed,
        "frame_size": len(frame),
        "frame_digest": hashlib.sha256("\n".join(frame).encode()).hexdigest(),
        "n_drawn": size,
        "probability": size / len(frame),
    }
    return [frame[place] for place in places], told


def _ranked(weighed: pd.DataFrame, everyone: pd.DataFrame, places: int, settings: CaseSettings) -> list[Chosen]:
    """Fill the places with candidates in order of priority: rings folded, and every share kept from the first on."""
    pool = weighed.sort_values(["total_amount", "rank", "entity", "subject_id"], ascending=[False, True, False, True])
    shares = {
        "scheme": settings.max_scheme_share,
        "kind": settings.max_kind_share,
        "region": settings.max_region_share,
        "patient": settings.max_patient_share,
    }
    rows = list(pool.itertuples())
    filled = fill_places([_candidate(row) for row in rows], lambda mark: shares[mark[0]], capped=places)
    # Of a ring all core members are under review, those too that rank too low to be candidates.
    in_rings = everyone[everyone["ring_id"] != ""].sort_values(["entity", "rank"], ascending=[False, True])
    cores: dict[str, list[tuple[str, str]]] = {}
    for ring, entity, subject in zip(*(in_rings[name] for name in ("ring_id", "entity", "subject_id")), strict=True):
        cores.setdefault(ring, []).append((entity, subject))
    chosen = []
    for place in filled[:places]:
        lead = rows[place.lead]
        others = (key for key in cores.get(lead.ring_id, ()) if key != (lead.entity, lead.subject_id))
        standing = Standing(lead.ring_id, tuple(others), place.held_from, place.held_by, place.lifted)
        chosen.append(Chosen(lead.entity, lead.subject_id, "ranked", None, standing))
    return chosen


def _candidate(row: Any) -> Candidate:
    schemes = row.scheme_codes
    marks = {"scheme": schemes[0] if schemes else "", "kind": row.kind, "region": row.region}
    if row.entity == "patient":
        marks["patient"] = row.entity
    return Candidate(row.ring_id, tuple((cap, value) for cap, value in marks.items() if value))


def _seed(seed: int, month: str, entity: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}\0{month}\0{entity}".encode()).digest()[:8], "big")
