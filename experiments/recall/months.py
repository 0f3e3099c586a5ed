"""The first month in which each guilty subject is inside a month's budget, and how late that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.vocabulary.months import months_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.recall.scored import Reviewed


def first_detections(guilty: pd.DataFrame, months: Sequence[Reviewed]) -> pd.DataFrame:
    """Return one row per guilty subject and scheme seen in any of the months.

    Being inside the budget before the scheme began is no detection of it.

    Parameters
    ----------
    guilty : DataFrame
        As of `guilty_subjects`.
    months : sequence of Reviewed
        One entity's rankings, in the order of time.

    Returns
    -------
    DataFrame
        `subject_id`, `scheme_code`, `size`, `first_month`, `detected_month` (None: never) and `delay_months`.
    """
    ever = {name for reviewed in months for name in reviewed.ranks.index}
    rows = guilty[guilty["subject_id"].isin(ever)].reset_index(drop=True)
    detected: list[str | None] = []
    for row in rows.itertuples():
        inside = (r.month for r in months if r.month >= row.first_month and row.subject_id in r.inside)
        detected.append(next(inside, None))
    delays = [
        None if found is None else months_between(first, found)
        for first, found in zip(rows["first_month"], detected, strict=True)
    ]
    return rows.assign(
        detected_month=pd.Series(detected, dtype=object, index=rows.index),
        delay_months=pd.array(delays, dtype="Int64"),
    )


def measure_delays(detections: pd.DataFrame) -> pd.DataFrame:
    """Count detections by scheme and size.

    Returns
    -------
    DataFrame
        One row per scheme and size: `n_guilty`, `n_detected`, `n_never`, `median_delay_months` of the detected, and
        `n_by_delay`, a mapping of months of delay to subjects.
    """
    rows = []
    for (code, size), members in detections.groupby(["scheme_code", "size"], sort=True, dropna=False):
        delays = members["delay_months"].dropna().astype("int64")
        rows.append(
            {
                "scheme_code": code,
                "size": size,
                "n_guilty": len(members),
                "n_detected": len(delays),
                "n_never": len(members) - len(delays),
                "median_delay_months": float(delays.median()) if len(delays) else None,
                "n_by_delay": {str(delay): int(n) for delay, n in delays.value_counts().sort_index().items()},
            }
        )
    return pd.DataFrame(rows)
