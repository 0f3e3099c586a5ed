"""Reported rings against planted ones, by the members they have in common."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.recall.measure import share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.recall.truth import Truth

# Half of the members of either side in common, as recipes for planted rings have it.
MATCH = 0.5
_PERSONS = ("patient", "practitioner")

Members = dict[str, frozenset[tuple[str, str]]]


def measure_rings(truth: Truth, month: str, ring_members: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Match every planted ring that had begun by the month with the reported ring that resembles it most.

    Members are compared twice: providers only, by which a ring counts as found, and members of every kind. A ring
    is a twin, and not planted, where `truth_twins` lists it.

    Parameters
    ----------
    truth : Truth
        What was planted.
    month : str
        YYYY-MM.
    ring_members : DataFrame
        Reported members, as in outputs.csv.

    Returns
    -------
    tuple of DataFrame and dict
        One row per planted ring; and counts over all rings: found, reported without a planted one, precision, recall
        and F1 of rings, smallest found and largest missed (members), twin rings reported.
    """
    twins = set(truth.twins.loc[truth.twins["subject_type"] == "ring", "subject_id"])
    codes = _codes(truth, month)
    planted = _members(truth.rings)
    reported = _members(ring_members)
    rows = []
    for ring, members in planted.items():
        counts = Counter(code for member in members for code in codes.get(member[1], ()))
        if ring not in twins and counts:
            code = min(counts, key=lambda name: (-counts[name], name))
            rows.append({"ring_id": ring, "scheme_code": code, **_matched(members, reported)})
    guilty = {ring: planted[ring] for ring in (row["ring_id"] for row in rows)}
    return pd.DataFrame(rows), _summary(rows, guilty, {ring: planted[ring] for ring in twins & set(planted)}, reported)


def jaccard(one: frozenset[Any], other: frozenset[Any]) -> float:
    """Members in common over members of either; 0 where there are none.

    Examples
    --------
    >>> jaccard(frozenset("abc"), frozenset("bcd"))
    0.5
    """
    return len(one & other) / len(one | other) if one | other else 0.0


def _matched(members: frozenset[tuple[str, str]], reported: Members) -> dict[str, Any]:
    providers = _providers(members)
    by_providers = max((jaccard(providers, _providers(other)) for other in reported.values()), default=0.0)
    best = max(reported.values(), key=lambda other: jaccard(members, other), default=frozenset())
    overlap = jaccard(members, best)
    common = len(members & best)
    precision, recall = share(common, len(best)) or 0.0, common / len(members)
    return {
        "n_members": len(members),
        "n_providers": len(providers),
        "n_patients": sum(kind == "patient" for kind, _ in members),
        "provider_overlap": by_providers,
        "member_overlap": overlap,
        "is_found": by_providers >= MATCH,
        "is_found_by_members": overlap >= MATCH,
        "member_precision": precision,
        "member_recall": recall,
        "member_f1": harmonic(precision, recall),
    }


def harmonic(precision: float, recall: float) -> float:
    """Return F1: the harmonic mean of both; 0 where both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _summary(rows: list[dict[str, Any]], guilty: Members, twins: Members, reported: Members) -> dict[str, Any]:
    found = [row["n_members"] for row in rows if row["is_found"]]
    missed = [row["n_members"] for row in rows if not row["is_found"]]
    matched = [ring for ring, members in reported.items() if _resembles(members, guilty)]
    everyone = {member for members in guilty.values() for member in members if member[0] not in _PERSONS}
    precision, recall = share(len(matched), len(reported)), share(len(found), len(rows))
    return {
        "n_planted": len(rows),
        "n_found": len(found),
        "n_found_by_members": sum(row["is_found_by_members"] for row in rows),
        "n_reported": len(reported),
        "n_reported_matched": len(matched),
        "n_reported_unmatched": len(reported) - len(matched),
        "n_reported_without_guilty_provider": sum(not (members & everyone) for members in reported.values()),
        "ring_precision": precision,
        "ring_recall": recall,
        "ring_f1": harmonic(precision or 0.0, recall or 0.0) if rows else None,
        "smallest_found_members": min(found, default=None),
        "largest_missed_members": max(missed, default=None),
        "n_twins": len(twins),
        "n_twins_reported": sum(_resembles(members, reported) for members in twins.values()),
    }


def _resembles(members: frozenset[tuple[str, str]], others: Mapping[str, frozenset[tuple[str, str]]]) -> bool:
    own = _providers(members)
    return any(jaccard(own, _providers(other)) >= MATCH for other in others.values())


def _members(rows: pd.DataFrame) -> Members:
    # A provider counts whatever kind either side takes it for.
    kinds = rows["member_type"].astype(str).map(lambda kind: kind if kind in _PERSONS else "provider")
    named = rows.assign(member_type=kinds)
    return {
        str(ring): frozenset(zip(group["member_type"], group["member_id"].astype(str), strict=True))
        for ring, group in named.groupby("ring_id", sort=True)
    }


def _providers(members: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset(member for member in members if member[0] not in _PERSONS)


def _codes(truth: Truth, month: str) -> dict[str, set[str]]:
    """Schemes that had begun by the month, by guilty provider or patient."""
    codes: dict[str, set[str]] = {}
    for table, key in ((truth.providers, "provider_id"), (truth.patients, "person_id")):
        began = table[table["first_month"] <= month]
        for name, code in zip(began[key], began["scheme_code"], strict=True):
            codes.setdefault(name, set()).add(code)
    return codes
