"""Rings that confirmed subjects are in or are linked with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from fraud.rings.result import PATIENT

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from fraud.rings.result import Rings

_MOST_NAMED = 5


def _as_stored(_kind: str, identifier: str) -> str:
    return identifier


def seeded_rings(
    rings: Rings,
    edges: pd.DataFrame,
    seeds: AbstractSet[str],
    fewest: int = 2,
    *,
    shown: Callable[[str, str], str] = _as_stored,
) -> pd.DataFrame:
    """Keep the rings that seeds are in, or are linked with by at least so many visits.

    A seed patient is linked with a ring when it visited that many of its providers; a seed provider, when that many
    of the ring's patients came to it.

    Parameters
    ----------
    rings : Rings
    edges : DataFrame
        Links of the window: person_id, provider_id.
    seeds : set of str
        Ids of providers or persons.
    fewest : int, default 2
        Links needed; one may be chance.
    shown : callable, optional
        Turns kind and id of a seed into what is shown of it; by default the id.

    Returns
    -------
    DataFrame
        One row per ring kept: ring_id, seed_path (which seeds, and how), sorted by ring_id.
    """
    by_person = edges.loc[edges["person_id"].isin(seeds)]
    by_provider = edges.loc[edges["provider_id"].isin(seeds)]
    persons = set(by_person["person_id"])
    rows = []
    for ring_id, own in rings.members.groupby("ring_id", sort=True):
        members = set(own["member_id"])
        patients = set(own.loc[own["member_type"] == PATIENT, "member_id"])
        kinds = dict(zip(own["member_id"], own["member_type"], strict=True))
        inside = [shown(kinds[name], name) for name in sorted(members & seeds)]
        reached = pd.concat(
            [
                by_person.loc[by_person["provider_id"].isin(members - patients)].groupby("person_id").size(),
                by_provider.loc[by_provider["person_id"].isin(patients)].groupby("provider_id").size(),
            ]
        ).sort_index(kind="stable")
        linked = [
            f"{shown(PATIENT if name in persons else 'provider', name)} ({count} links)"
            for name, count in reached.items()
            if count >= fewest and name not in members
        ]
        if inside or linked:
            parts = [("members", inside), ("linked", linked)]
            said = [f"{word} {', '.join(names[:_MOST_NAMED])}{_more(names)}" for word, names in parts if names]
            rows.append((str(ring_id), "; ".join(said)))
    return pd.DataFrame(rows, columns=["ring_id", "seed_path"]).astype("str")


def _more(names: list[str]) -> str:
    return f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
