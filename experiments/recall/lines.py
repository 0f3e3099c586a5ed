"""Lines that rules report against guilty lines, one by one, with their money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.recall.measure import share
from experiments.recall.rings import harmonic

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    import numpy.typing as npt

    from experiments.recall.claims import Located

ALL_RULES = "all rules"
_KEYS = ["settlement_id", "line_number"]


def measure_lines(located: Located, months: Collection[str], slips: pd.DataFrame | None = None) -> pd.DataFrame:
    """Compare line by line, per rule and the scheme it looks for, and over all rules of a scheme.

    Parameters
    ----------
    located : Located
        Lines of both sides.
    months : collection of str
        Scored months: a rule reports lines of the month it runs on, so lines settled in others do not count.
    slips : DataFrame, optional
        Lines, or whole settlements (`line_number` null), that are wrong by an honest slip of data entry.

    Returns
    -------
    DataFrame
        One row per rule and scheme, and per scheme over all its rules (also where no rule reported anything). Money in
        minor units: `reported_amount`, `planted_amount`, `matched_amount` (the smaller of both, over lines named by
        both sides), `signed_error_amount` (reported less planted) and `absolute_error_amount` (sum over lines of the
        distance between both; a line that one side lacks counts as zero there). `any_precision` is the share of
        reported lines that are guilty of any scheme. Where slips are given, `n_slip` of the others are slips, and
        `explained_precision` is the share of both: lines that are wrong, by a scheme or by accident.
    """
    planted, reported = (side[side["month"].isin(list(months))] for side in (located.planted, located.reported))
    guilty = _index(planted)
    wrong = None if slips is None else guilty.union(_index(reported[is_slip(reported, slips)]))
    rows = []
    for code in sorted({*planted["scheme_code"], *reported["scheme_code"]}):
        truth = planted[planted["scheme_code"] == code].set_index(_KEYS)["exposure_amount"]
        found = reported[reported["scheme_code"] == code]
        rows.append({"scheme_code": code, "rule": ALL_RULES, **_compare(_once(found), truth, guilty, wrong)})
        rows += [
            {"scheme_code": code, "rule": rule, **_compare(_once(own), truth, guilty, wrong)}
            for rule, own in found.groupby("code", sort=True)
        ]
    return pd.DataFrame(rows)


def is_slip(lines: pd.DataFrame, slips: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which lines are planted slips: named by themselves, or of a settlement that is a slip as a whole."""
    whole = slips.loc[slips["line_number"].isna(), "settlement_id"]
    single = pd.MultiIndex.from_frame(slips[_KEYS].dropna().astype({"line_number": "int64"}))
    by_line = pd.MultiIndex.from_frame(lines[_KEYS]).isin(single)
    found: npt.NDArray[np.bool_] = lines["settlement_id"].isin(whole).to_numpy(bool) | by_line
    return found


def _once(lines: pd.DataFrame) -> pd.Series:
    """Each line once, at the largest exposure any rule gives it."""
    return lines.groupby(_KEYS)["exposure_amount"].max()


def _index(lines: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(lines[_KEYS].drop_duplicates())


def _compare(
    reported: pd.Series, planted: pd.Series, guilty: pd.MultiIndex, wrong: pd.MultiIndex | None
) -> dict[str, Any]:
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
        **_explained(reported, n_any, wrong),
        "reported_amount": total_reported,
        "planted_amount": total_planted,
        "matched_amount": matched,
        "matched_amount_share": share(matched, total_planted),
        "signed_error_amount": total_reported - total_planted,
        "absolute_error_amount": apart,
        "absolute_error_share": share(apart, total_planted),
    }


def _explained(reported: pd.Series, n_any: int, wrong: pd.MultiIndex | None) -> dict[str, Any]:
    if wrong is None:
        return {}
    n_wrong = int(reported.index.isin(wrong).sum())
    return {"n_slip": n_wrong - n_any, "explained_precision": share(n_wrong, len(reported))}
