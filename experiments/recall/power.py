"""How little of a scheme is still found: the smallest size, and the lowest share of a provider's business."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from experiments.recall.measure import share
from experiments.recall.truth import SIZES

if TYPE_CHECKING:
    from experiments.recall.claims import Located
    from experiments.recall.scored import Reviewed


def guilty_rates(guilty: pd.DataFrame, reviewed: Reviewed, located: Located) -> pd.DataFrame:
    """Return how much of each ranked guilty provider's business in the window is the scheme.

    Parameters
    ----------
    guilty : DataFrame
        Guilty providers, as of `guilty_subjects`.
    reviewed : Reviewed
        Ranking of providers.
    located : Located
        Guilty lines and business.

    Returns
    -------
    DataFrame
        One row per provider and scheme: `scheme_code`, `size`, `is_found`, `planted_amount`, `amount_share` (guilty
        exposure over in-scope amount, 0..1) and `lines_share`; None where the provider has no lines or none guilty.
    """
    own = located.planted.groupby(["provider_id", "scheme_code"])["exposure_amount"].agg(["sum", "size"])
    inside = reviewed.inside
    rows = []
    for row in guilty[guilty["subject_id"].isin(reviewed.ranks.index)].itertuples():
        key = (row.subject_id, row.scheme_code)
        amount, n_lines = (int(own.loc[key, "sum"]), int(own.loc[key, "size"])) if key in own.index else (0, 0)
        known = row.subject_id in located.business.index and n_lines > 0
        business = located.business.loc[row.subject_id] if known else None
        rows.append(
            {
                "scheme_code": row.scheme_code,
                "size": row.size,
                "is_found": row.subject_id in inside,
                "planted_amount": amount,
                "amount_share": None if business is None else share(amount, int(business["in_scope_amount"])),
                "lines_share": None if business is None else share(n_lines, int(business["n_lines"])),
            }
        )
    columns = ["scheme_code", "size", "is_found", "planted_amount", "amount_share", "lines_share"]
    return pd.DataFrame(rows, columns=columns)


def measure_power(rates: pd.DataFrame) -> pd.DataFrame:
    """Return the limits of detection: one row per scheme.

    Parameters
    ----------
    rates : DataFrame
        As of `guilty_rates`, of one city or of several.

    Returns
    -------
    DataFrame
        `smallest_size_found`, `largest_size_missed`, and of the shares of business the lowest found and the highest
        missed; None where nothing was found or missed.
    """
    rows = []
    for code, members in rates.groupby("scheme_code", sort=True):
        found, missed = members[members["is_found"]], members[~members["is_found"]]
        rows.append(
            {
                "scheme_code": code,
                "n_guilty": len(members),
                "n_found": len(found),
                "smallest_size_found": _first(found, SIZES),
                "largest_size_missed": _first(missed, SIZES[::-1]),
                **{
                    f"{limit}_{column}": _limit(part[column], how)
                    for column in ("amount_share", "lines_share")
                    for limit, part, how in (("lowest_found", found, "min"), ("highest_missed", missed, "max"))
                },
            }
        )
    return pd.DataFrame(rows)


def _first(members: pd.DataFrame, order: tuple[str, ...]) -> str | None:
    return next((size for size in order if (members["size"] == size).any()), None)


def _limit(values: pd.Series, how: str) -> float | None:
    known = values.dropna().astype("float64")
    return None if known.empty else float(known.agg(how))
