"""A kind of ring with a search that any reader can do by hand: three or more providers of one group."""

from __future__ import annotations

import pandas as pd

from features.vocabulary.text import Text
from fraud.rings import FoundRing, FoundRings, RingKind

DAY = pd.Timestamp("2026-01-05")


def found_ring(providers, patients=(), core=None):
    """A ring of these members, with figures that are alike for all."""
    figures = {
        "n_providers": len(providers),
        "n_patients": len(patients),
        "observed": 4.0,
        "expected": 1.0,
        "lift": 4.0,
        "log_likelihood_ratio": 2.5,
        "q_value": 0.01,
        "is_certified": True,
        "amount": 8_000,
        "first_date": DAY,
        "last_date": DAY,
        "p_value": 0.02,
        "n_explained_edges": 0,
    }
    types = [*((one, "clinic") for one in sorted(providers)), *((one, "patient") for one in sorted(patients))]
    members = [
        {
            "member_type": kind,
            "member_id": one,
            "role": "core",
            "amount": 1_000,
            "turnover_share": 0.5,
            "n_partners": 1,
            "ring_score": 0.9,
        }
        for one, kind in types
    ]
    return FoundRing(figures, members, [], tuple(sorted(core or providers)), Text("One group.", "同一集团。"))


def find_one_group(links, settings):
    """Every group of at least `min_providers` providers is a ring, the largest first."""
    groups = {name: set(rows["provider_id"]) for name, rows in links.providers.groupby("group_id")}
    rings = [found_ring(group) for group in groups.values() if len(group) >= settings.min_providers]
    return FoundRings(tuple(sorted(rings, key=lambda ring: -len(ring.providers))), n_withheld=1)


ONE_GROUP = RingKind(
    code="one_group",
    name=Text("Providers of one group", "同一集团的机构"),
    scheme_code="R11",
    version="3",
    basis="玩具 (toy)",
    find=find_one_group,
    member_reason=lambda member, ring: Text(f"{member['member_id']} is in {ring['ring_id']}.", "成员。"),
)
