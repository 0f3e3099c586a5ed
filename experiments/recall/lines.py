"""Lines that rules report against guilty lines, one by one, with their money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.recall.measure import share
from experiments.recall.rings import harmonic

if TYPE_CHECKING:
    from collections.abc import Collection

    from experiments.recall.claims import Located

ALL_RULES = "all rules"
_KEYS = ["settlement_id", "line_number"]


def measure_lines(located: Located, months: Collection[str]) -> pd.DataFrame:
    """Compare line by line, per rule and the scheme it looks for, and over all rules of a scheme.

    Parameters
    ----------
    located : Located
        Lines of both sides.
    months : collection of str
        Scored months: a rule reports lines of the month it runs on, so lines settled in others do not count.

    Returns
    -------
    DataFrame
        One row per rule and scheme, and per scheme over all its rules (also where no rule reported anything). Money in
        minor units: `reported_amount`, `planted_amount`, `matched_amount` (the smaller of both, over lines named by
        both sides), `signed_error_amount` (reported less planted) and `absolute_error_amount` (sum over lines of the
        distance between both; a line that one side lacks counts as zero there). `any_precision` is the share of
        reported lines that are guilty of any scheme.
    """
    planted, reported = (side[side["month"].isin(list(months))] for side in (located.planted, located.reported))
    guilty = _index(planted)
    rows = []
    for code in sorted({*planted["scheme_code"], *reported["scheme_code"]}):
        truth = planted[planted["scheme_code"] == code].set_index(_KEYS)["exposure_amount"]
        found = reported[reported["scheme_code"] == code]
        rows.append({"scheme_code": code, "rule": ALL_RULES, **_compare(_once(found), truth, guilty)})
        rows += [
            {"scheme_code": code, "rule": rule, **_compare(_once(own), truth, guilty)}
            for rule, own in found.groupby("code", sort=True)
        ]
    return pd.DataFrame(rows)


def _once(lines: pd.DataFrame) -> pd.Series:
    """Each line once, at the largest exposure any rule gives it."""
    return lines.groupby(_KEYS)["exposure_amount"].max()


def _index(lines: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(lines[_KEYS].drop_duplicates())


def _compare(reported: pd.Series, planted: pd.Series, guilty: pd.MultiIndex) -> dict[str, Any]:
    both = reported.index.intersection(planted.index)
    ours, theirs = reported.reindex(both), planted.reindex(both)
    total_reported, total_planted = int(reported.sum()), int(planted.sum())
    matched = int(ours.clip(upper=theirs).sum())
    precision, recall = share(len(both), len(reported)), share(len(both), len(planted))
    n_any = int(reported.index.isin(guilty).sum())
    # What both sides name differs by |ours - theirs|; what one side names counts whole.
    apart = int((ours - theirs).abs().sum()) + (total_reported - int(ours.sum())) + (total_planted - int(theirs.sum()))
    return {
        "n_reported": len(reported),
        "n_planted": len(planted),
        "n_both": len(both),
        "precision": precision,
        "recall": recall,
        "f1": harmonic(precision or 0.0, recall or 0.0) if len(planted) else None,
        "n_any": n_any,
        "any_precision": share(n_any, len(reported)),
        "reported_amount": total_reported,
        "planted_amount": total_planted,
        "matched_amount": matched,
        "matched_amount_share": share(matched, total_planted),
        "signed_error_amount": total_reported - total_planted,
        "absolute_error_amount": apart,
        "absolute_error_share": share(apart, total_planted),
    }
