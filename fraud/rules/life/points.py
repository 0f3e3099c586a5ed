"""Points that a year's findings suggest for practitioners' payment qualification, for a person to decide.

The official scale (rule-library B6) counts per calendar year: minor 1 to 3, moderate 4 to 6, serious 7 to 9, worst 10
to 12; from 9 the qualification is suspended, at 12 it ends. Which finding falls into which band is our proposal, and a
clue is no verdict: nothing here gives a point to anybody.
"""

from __future__ import annotations

import pandas as pd

from features.vocabulary.schemes import schemes

# Name of the band, least and most points.
BANDS = {"minor": (1, 3), "moderate": (4, 6), "serious": (7, 9), "worst": (10, 12)}
SUSPENDED_FROM, ENDED_FROM = 9, 12
# Severities of schemes.toml from which a clue weighs more; a suspicious one is never called serious.
_GRAVE, _GRAVEST = 0.9, 1.1
SUGGESTION_COLUMNS = (
    *("practitioner_id", "scheme_code", "result_type", "months", "n_findings", "exposure_amount"),
    *("band", "least_points", "most_points"),
)
TOTAL_COLUMNS = ("practitioner_id", "n_schemes", "exposure_amount", "least_points", "most_points", "if_confirmed")


def band_of(scheme_code: str, result_type: str) -> str:
    """Return the band that one scheme suggests.

    Examples
    --------
    >>> band_of("H26", "definite"), band_of("H26", "suspicious")
    ('serious', 'minor')
    """
    known = schemes()
    severity = known[scheme_code].severity if scheme_code in known else 0.0
    if result_type == "definite":
        return "worst" if severity >= _GRAVEST else "serious" if severity >= _GRAVE else "moderate"
    return "moderate" if severity >= _GRAVEST else "minor"


def suggest_points(findings: pd.DataFrame) -> pd.DataFrame:
    """Suggest points of one calendar year.

    Parameters
    ----------
    findings : DataFrame
        The year's findings, as in outputs.csv with money as integers; those of rules about practitioners count.

    Returns
    -------
    DataFrame
        One row per practitioner and scheme, `SUGGESTION_COLUMNS`, sorted: a scheme counts once a year, by its gravest
        finding. Exposures are those of the findings summed, a line in two findings twice.
    """
    wanted = findings[(findings["subject_type"] == "practitioner") & (findings["source"] == "rule")]
    rows = []
    for (practitioner, scheme), own in wanted.groupby(["subject_id", "scheme_code"], sort=True):
        result = "definite" if (own["result_type"] == "definite").any() else "suspicious"
        band = band_of(scheme, result)
        months = "|".join(sorted(set(own["month"])))
        rows.append(
            (practitioner, scheme, result, months, len(own), int(own["exposure_amount"].sum()), band, *BANDS[band])
        )
    return pd.DataFrame(rows, columns=list(SUGGESTION_COLUMNS))


def total_points(suggested: pd.DataFrame) -> pd.DataFrame:
    """Add up what is suggested, at most 12 points.

    Returns
    -------
    DataFrame
        One row per practitioner, `TOTAL_COLUMNS`, most points first. `if_confirmed` says what the least points would
        lead to: `none`, `suspension` or `end`.
    """
    grouped = suggested.groupby("practitioner_id", sort=True)
    totals = pd.DataFrame(
        {
            "n_schemes": grouped.size(),
            "exposure_amount": grouped["exposure_amount"].sum(),
            "least_points": grouped["least_points"].sum().clip(upper=ENDED_FROM),
            "most_points": grouped["most_points"].sum().clip(upper=ENDED_FROM),
        }
    ).reset_index()
    totals["if_confirmed"] = [_leads_to(points) for points in totals["least_points"]]
    order = ["least_points", "exposure_amount", "practitioner_id"]
    totals = totals.sort_values(order, ascending=[False, False, True], ignore_index=True)
    return totals[list(TOTAL_COLUMNS)]


def with_totals(suggested: pd.DataFrame) -> pd.DataFrame:
    """Put beside each suggestion what all of its practitioner's lead to, in the order in which they are shown.

    Returns
    -------
    DataFrame
        As `suggest_points`, with `if_confirmed`: the practitioners as in `total_points`, each one's schemes sorted.
    """
    totals = total_points(suggested)[["practitioner_id", "if_confirmed"]]
    return totals.merge(suggested, on="practitioner_id", how="left")


def _leads_to(points: int) -> str:
    return "end" if points >= ENDED_FROM else "suspension" if points >= SUSPENDED_FROM else "none"
