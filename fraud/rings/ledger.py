"""Rings over months: who is the ring of last month, and what became of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraud.rings.result import Rings

_SAME = (
    0.5  # share of the smaller ring's providers at which two rings are one: the measure used for overlap within a month
)


def make_ring_id(core: Sequence[str], taken: set[str]) -> str:
    """Name a newborn ring after its core providers.

    Parameters
    ----------
    core : sequence of str
        Provider ids, in any order.
    taken : set of str
        Ids that other rings already have; a name among them is hashed once more.

    Examples
    --------
    >>> make_ring_id(["P2", "P1"], set()) == make_ring_id(["P1", "P2"], set())
    True
    """
    digest = hashlib.sha256("\n".join(sorted(core)).encode()).hexdigest()
    while f"R-{digest[:12]}" in taken:
        digest = hashlib.sha256(digest.encode()).hexdigest()
    return f"R-{digest[:12]}"


def ring_providers(rings: Rings) -> dict[str, frozenset[str]]:
    """Return the providers of each ring, by ring id."""
    providers = rings.members.loc[rings.members["member_type"] != "patient"]
    return {str(name): frozenset(rows["member_id"]) for name, rows in providers.groupby("ring_id", sort=True)}


def match_rings(
    previous: Rings | None, current: Sequence[frozenset[str]], cores: Sequence[Sequence[str]]
) -> list[tuple[str, str]]:
    """Give each ring its id and status, by the providers it shares with rings of the month before.

    Two rings are the same when they share at least half of the smaller one's providers. Of several candidates the one
    with the largest share (Jaccard), then the earlier, keeps the id.

    Parameters
    ----------
    previous : Rings or None
        Rings of the month before; None or empty: all are born.
    current : sequence of frozenset of str
        Providers of each ring of this month, the strongest ring first.
    cores : sequence of sequence of str
        Core providers of each, for the name of a newborn.

    Returns
    -------
    list of (ring_id, status)
        Status is born, grew, shrank, stable (number of providers), merged (two or more rings became one) or split
        (one became several; the nearest keeps the id).
    """
    before = ring_providers(previous) if previous is not None else {}
    links = [
        (len(old & new) / len(old | new), position, name)
        for position, new in enumerate(current)
        for name, old in before.items()
        if old & new and len(old & new) >= _SAME * min(len(old), len(new))
    ]
    ancestors = {position: {link[2] for link in links if link[1] == position} for position in range(len(current))}
    heirs = {name: {link[1] for link in links if link[2] == name} for name in before}
    kept: dict[int, str] = {}
    for _, position, name in sorted(links, key=lambda link: (-link[0], link[1], link[2])):
        if position not in kept and name not in kept.values():
            kept[position] = name
    taken = set(before)
    matched = []
    for position, new in enumerate(current):
        ring_id = kept.get(position) or make_ring_id(cores[position], taken)
        taken.add(ring_id)
        own = ancestors[position]
        if not own:
            status = "born"
        elif len(own) > 1:
            status = "merged"
        elif len(heirs[next(iter(own))]) > 1:
            status = "split"
        else:
            change = len(new) - len(before[ring_id])
            status = "grew" if change > 0 else "shrank" if change < 0 else "stable"
        matched.append((ring_id, status))
    return matched
