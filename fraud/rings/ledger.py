"""Ids and status of rings over months: which ring of last month each one is, and what became of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from fraud.rings.result import PATIENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fraud.rings.kind import FoundRing
    from fraud.rings.result import Rings

# Share of the smaller ring's providers at which two rings are one: the measure used for overlap within a month.
_SAME = 0.5


def make_ring_id(core: Sequence[str], taken: set[str]) -> str:
    """Name a newborn ring after its core providers.

    Parameters
    ----------
    core : sequence of str
        Ids of members, in any order.
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


def ring_providers(rings: Rings, code: str) -> dict[str, frozenset[str]]:
    """Return the members of each ring of a kind, patients apart, by ring id."""
    of_kind = rings.rings.loc[rings.rings["ring_type"] == code, "ring_id"]
    members = rings.members
    providers = members.loc[members["ring_id"].isin(of_kind) & (members["member_type"] != PATIENT)]
    return {str(name): frozenset(rows["member_id"]) for name, rows in providers.groupby("ring_id", sort=True)}


def match_rings(previous: Rings | None, found: Sequence[tuple[str, FoundRing]]) -> list[tuple[str, str]]:
    """Give each ring its id and status, by the providers it shares with rings of its kind of the month before.

    Two rings are the same when they share at least half of the smaller one's providers. Of several candidates the one
    with the largest share (Jaccard), then the earlier, keeps the id. No two rings have one id, whatever their kinds.

    Parameters
    ----------
    previous : Rings or None
        Rings of the month before; None or empty: all are born.
    found : sequence of (code, FoundRing)
        Rings of this month with the code of their kind, the strongest of a kind first.

    Returns
    -------
    list of (ring_id, status)
        In the order of `found`. Status is born, grew, shrank, stable (number of providers), merged (two or more rings
        became one) or split (one became several; the nearest keeps the id).
    """
    taken = set() if previous is None else set(previous.rings["ring_id"])
    matched: dict[int, tuple[str, str]] = {}
    for code in dict.fromkeys(code for code, _ in found):
        before = {} if previous is None else ring_providers(previous, code)
        positions = [position for position, (other, _) in enumerate(found) if other == code]
        named = _match_kind(before, [found[position][1] for position in positions], taken)
        matched.update(zip(positions, named, strict=True))
    return [matched[position] for position in range(len(found))]


def _match_kind(
    before: Mapping[str, frozenset[str]], found: Sequence[FoundRing], taken: set[str]
) -> list[tuple[str, str]]:
    """Match rings of one kind; ids of newborn rings are added to those taken."""
    current = [ring.providers for ring in found]
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
    matched = []
    for position, ring in enumerate(found):
        ring_id = kept.get(position) or make_ring_id(ring.core, taken)
        taken.add(ring_id)
        own = ancestors[position]
        if not own:
            status = "born"
        elif len(own) > 1:
            status = "merged"
        elif len(heirs[next(iter(own))]) > 1:
            status = "split"
        else:
            change = len(ring.providers) - len(before[ring_id])
            status = "grew" if change > 0 else "shrank" if change < 0 else "stable"
        matched.append((ring_id, status))
    return matched
