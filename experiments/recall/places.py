"""The review list beside the rank: what the first places of either hold."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from experiments.recall.measure import share
from features.vocabulary.entities import ID_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from experiments.recall.scored import Reviewed

RANK, LIST = "rank", "list"
BUDGET = "budget"
# Beside the budget: the longest lists that are read at one sitting.
FIRST = (25, 50)


def measure_places(
    guilty: pd.DataFrame, reviewed: Reviewed, lines: pd.DataFrame, placed: pd.DataFrame
) -> list[dict[str, Any]]:
    """Measure the first places of the rank, where each is one subject, and those of the review lists.

    A place is right where its lead is guilty, or most of those folded into it are. Recall, money and schemes are of
    all subjects in the places, so that a ring counts with its members.

    Parameters
    ----------
    guilty : DataFrame
        As of `guilty_subjects`.
    reviewed : Reviewed
        The ranking and its budget.
    lines : DataFrame
        As of `size_of_lines`.
    placed : DataFrame
        Index the subject: `list` and `list_place`; unknown in months scored before there were lists.

    Returns
    -------
    list of dict
        One row per order and number of places: the budget, and 25 and 50 where there are so many subjects.
    """
    ranks = reviewed.ranks
    ranked = ranks.sort_values().index
    lists = _lists(placed, ranks)
    rows = []
    for first, n in [(BUDGET, reviewed.n_budget), *((str(n), n) for n in FIRST if n <= len(ranked))]:
        orders = {RANK: [[subject] for subject in ranked[:n]]}
        if lists:
            sizes = split(n, {name: [ranks[lead] for lead, *_ in places] for name, places in lists.items()})
            orders[LIST] = [place for name, size in sizes.items() for place in lists[name][:size]]
        about = {"entity": reviewed.entity, "first": first}
        rows += [{**about, "order": order, **_row(places, guilty, reviewed, lines)} for order, places in orders.items()]
    return rows


def split(n: int, lists: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """Share n places among lists as the rank does: as many of each as it has among the n best ranked leads.

    Parameters
    ----------
    n : int
        Places.
    lists : mapping
        List to the ranks of its leads.

    Examples
    --------
    >>> split(3, {"pharmacy": [2, 5, 7], "provider": [3, 1, 6]})
    {'pharmacy': 1, 'provider': 2}
    """
    best = sorted((rank, name) for name, ranks in lists.items() for rank in ranks)[:n]
    taken = Counter(name for _, name in best)
    return {name: taken[name] for name in sorted(lists)}


def _lists(placed: pd.DataFrame, ranks: pd.Series) -> dict[str, list[list[str]]]:
    """Places of each list in order; a place begins with its lead."""
    known = placed.assign(rank=ranks.reindex(placed.index)).dropna(subset=["list_place"])
    ordered = known.sort_values(["list", "list_place", "rank"])
    lists: dict[str, list[list[str]]] = {}
    before = None
    for subject, name, number in zip(ordered.index, ordered["list"], ordered["list_place"], strict=True):
        own = lists.setdefault(str(name), [])
        if (name, number) != before:
            own.append([])
        own[-1].append(str(subject))
        before = (name, number)
    return lists


def _row(
    places: Sequence[Sequence[str]], guilty: pd.DataFrame, reviewed: Reviewed, lines: pd.DataFrame
) -> dict[str, Any]:
    known = guilty[guilty["subject_id"].isin(reviewed.ranks.index)]
    names = set(known["subject_id"])
    inside = {subject for place in places for subject in place}
    n_right = sum(_is_right(place, names) for place in places)
    once = lines.sort_values("exposure_amount", kind="stable").drop_duplicates(
        ["settlement_id", "line_number"], keep="last"
    )
    is_found = once[ID_COLUMNS[reviewed.entity]].isin(inside)
    planted, found = int(once["exposure_amount"].sum()), int(once.loc[is_found, "exposure_amount"].sum())
    n_schemes = known["scheme_code"].nunique()
    n_reached = known.loc[known["subject_id"].isin(inside), "scheme_code"].nunique()
    return {
        "n_places": len(places),
        "n_right": n_right,
        "precision": share(n_right, len(places)),
        "n_in_places": len(inside),
        "n_guilty": len(names),
        "n_found": len(names & inside),
        "recall": share(len(names & inside), len(names)),
        "n_schemes": n_schemes,
        "n_schemes_reached": n_reached,
        "schemes_share": share(n_reached, n_schemes),
        "planted_amount": planted,
        "found_amount": found,
        "found_amount_share": share(found, planted),
    }


def _is_right(place: Sequence[str], guilty: set[str]) -> bool:
    lead, folded = place[0], place[1:]
    return lead in guilty or 2 * sum(subject in guilty for subject in folded) > len(folded)
