"""Points that a calendar year's findings suggest for practitioners, as a pack shows them: for a person to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from fraud.rules.life.points import suggest_points, with_totals
from fraud.runs.read import ScoredRun, scored_months

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fraud.workspace import Workspace


@dataclass(frozen=True)
class SuggestedPoints:
    """What one scheme suggests for one practitioner.

    Parameters
    ----------
    shown_id : str
        The practitioner, under a pseudonym unless the pack is unmasked.
    scheme_code, result_type, band : str
        Scheme, its gravest grade of the year, and the band of the official scale that this suggests.
    months : str
        Months with findings, joined by `|`.
    n_findings, exposure_amount : int
        Findings, and their money in minor units.
    least_points, most_points : int
        Of the band.
    if_confirmed : str
        What the least points of all of the practitioner's schemes lead to: `none`, `suspension` or `end`.
    """

    shown_id: str
    scheme_code: str
    result_type: str
    months: str
    n_findings: int
    exposure_amount: int
    band: str
    least_points: int
    most_points: int
    if_confirmed: str


def year_months(workspace: Workspace, month: str) -> tuple[str, ...]:
    """Return the scored months of a month's calendar year, up to that month."""
    return tuple(each for each in scored_months(workspace, up_to=month) if each.startswith(month[:5]))


def year_points(
    workspace: Workspace, months: Sequence[str], shown: Callable[[str, str], str]
) -> tuple[SuggestedPoints, ...]:
    """Return what scored months of one calendar year suggest; most points first.

    Parameters
    ----------
    workspace : Workspace
        Holds the scored months.
    months : sequence of str
        YYYY-MM, of `year_months`.
    shown : callable
        Kind and identifier of a person -> the id that the pack shows.
    """
    tables = [ScoredRun.open(workspace, each).table("findings") for each in months]
    return points_shown(pd.concat(tables), shown) if tables else ()


def points_shown(findings: pd.DataFrame, shown: Callable[[str, str], str]) -> tuple[SuggestedPoints, ...]:
    """Return the suggestions of a year's findings; those of one practitioner stand together."""
    suggested = suggest_points(findings)
    names = [shown("practitioner", str(one)) for one in suggested["practitioner_id"]]
    return tuple(
        SuggestedPoints(
            shown_id=str(row.practitioner_id),
            scheme_code=str(row.scheme_code),
            result_type=str(row.result_type),
            months=str(row.months),
            n_findings=int(row.n_findings),
            exposure_amount=int(row.exposure_amount),
            band=str(row.band),
            least_points=int(row.least_points),
            most_points=int(row.most_points),
            if_confirmed=str(row.if_confirmed),
        )
        for row in with_totals(suggested.assign(practitioner_id=names)).itertuples()
    )
