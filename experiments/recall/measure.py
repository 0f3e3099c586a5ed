"""How many of the guilty the budget reviews, by scheme and size, and how much of their money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.metrics import wilson
from experiments.recall.subjects import UNSIZED
from experiments.recall.truth import SIZES
from features.vocabulary.entities import ID_COLUMNS

if TYPE_CHECKING:
    from experiments.recall.scored import Reviewed

ALL_SIZES = "all"
SIZE_ORDER = (*SIZES, UNSIZED, ALL_SIZES)


def measure_schemes(guilty: pd.DataFrame, reviewed: Reviewed, lines: pd.DataFrame) -> pd.DataFrame:
    """Measure recall and money by scheme and size.

    Parameters
    ----------
    guilty : DataFrame
        As of `guilty_subjects`.
    reviewed : Reviewed
        The ranking; guilty subjects that it does not hold cannot be found and are counted as `n_absent` only.
    lines : DataFrame
        As of `size_of_lines`.

    Returns
    -------
    DataFrame
        One row per scheme and size, and per scheme over all sizes where it has several.
    """
    inside = reviewed.inside
    known = guilty.assign(is_known=guilty["subject_id"].isin(reviewed.ranks.index))
    owners = lines.assign(is_found=lines[ID_COLUMNS[reviewed.entity]].isin(inside))
    rows = []
    for code, members in known.groupby("scheme_code", sort=True):
        own = owners[owners["scheme_code"] == code]
        sizes = sorted(set(members["size"]), key=SIZE_ORDER.index)
        for size in [*sizes, *([ALL_SIZES] if len(sizes) > 1 else [])]:
            some, money = (
                (members, own) if size == ALL_SIZES else (members[members["size"] == size], own[own["size"] == size])
            )
            rows.append({"scheme_code": code, "size": size, **_row(some, money, reviewed)})
    return pd.DataFrame(rows).astype({"best_rank": "Int64"} if rows else {})


def _row(members: pd.DataFrame, money: pd.DataFrame, reviewed: Reviewed) -> dict[str, Any]:
    names = sorted(set(members.loc[members["is_known"], "subject_id"]))
    n_guilty, n_possible = len(names), min(len(names), reviewed.n_budget)
    n_found = len(reviewed.inside.intersection(names))
    planted = int(money["exposure_amount"].sum())
    found = int(money.loc[money["is_found"], "exposure_amount"].sum())
    interval = wilson(n_found, n_guilty)
    ranks = reviewed.ranks.reindex(names)
    return {
        "n_guilty": n_guilty,
        "n_absent": int((~members["is_known"]).sum()),
        "n_possible": n_possible,
        "n_found": n_found,
        "recall": share(n_found, n_guilty),
        "recall_low": interval.low if n_guilty else None,
        "recall_high": interval.high if n_guilty else None,
        "recall_of_possible": share(n_found, n_possible),
        "best_rank": int(ranks.min()) if names else None,
        "median_rank": float(ranks.median()) if names else None,
        "planted_amount": planted,
        "found_amount": found,
        "found_amount_share": share(found, planted),
    }


def measure_list(guilty: pd.DataFrame, reviewed: Reviewed, lines: pd.DataFrame) -> dict[str, Any]:
    """Measure the whole list: how many of those reviewed are guilty of anything, and the money of all guilty lines."""
    names = set(guilty["subject_id"])
    n_known = len(names.intersection(reviewed.ranks.index))
    n_found = len(names & reviewed.inside)
    once = lines.sort_values("exposure_amount", kind="stable").drop_duplicates(
        ["settlement_id", "line_number"], keep="last"
    )
    is_found = once[ID_COLUMNS[reviewed.entity]].isin(reviewed.inside)
    planted, found = int(once["exposure_amount"].sum()), int(once.loc[is_found, "exposure_amount"].sum())
    recall, precision = wilson(n_found, n_known), wilson(n_found, reviewed.n_budget)
    return {
        "entity": reviewed.entity,
        "n_subjects": len(reviewed.ranks),
        "n_budget": reviewed.n_budget,
        "n_guilty": n_known,
        "n_absent": len(names) - n_known,
        "n_possible": min(n_known, reviewed.n_budget),
        "n_found": n_found,
        "recall": share(n_found, n_known),
        "recall_low": recall.low,
        "recall_high": recall.high,
        "precision": share(n_found, reviewed.n_budget),
        "precision_low": precision.low,
        "precision_high": precision.high,
        "base_rate": share(n_known, len(reviewed.ranks)),
        "planted_amount": planted,
        "found_amount": found,
        "found_amount_share": share(found, planted),
    }


def measure_flagged(guilty: pd.DataFrame, reviewed: Reviewed, findings: pd.DataFrame) -> pd.DataFrame:
    """Measure what carries a scheme's name: subjects with a finding of that typology, whatever its source.

    Returns
    -------
    DataFrame
        One row per planted scheme: subjects flagged for it, those of them inside the budget, and in both the share
        that is guilty of it.
    """
    own = findings[findings["subject_type"] == reviewed.entity]
    rows = []
    for code, members in guilty.groupby("scheme_code", sort=True):
        names = set(members["subject_id"]).intersection(reviewed.ranks.index)
        flagged = set(own.loc[own["scheme_code"] == code, "subject_id"].astype(str)) & set(reviewed.ranks.index)
        top = flagged & reviewed.inside
        rows.append(
            {
                "scheme_code": code,
                "n_guilty": len(names),
                "n_flagged": len(flagged),
                "n_flagged_guilty": len(flagged & names),
                "flagged_recall": share(len(flagged & names), len(names)),
                "flagged_precision": share(len(flagged & names), len(flagged)),
                "n_flagged_inside": len(top),
                "n_flagged_inside_guilty": len(top & names),
                "flagged_inside_precision": share(len(top & names), len(top)),
            }
        )
    return pd.DataFrame(rows)


def share(part: float, whole: float) -> float | None:
    """Part of a whole; None where there is no whole."""
    return part / whole if whole else None
