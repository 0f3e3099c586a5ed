"""Innocents that resemble a scheme: how often they are accused nevertheless."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.metrics import wilson
from experiments.recall.measure import share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.recall.scored import Reviewed
    from experiments.recall.truth import Truth
    from features.vocabulary.entities import Entity


def measure_twins(
    truth: Truth, reviewed: Mapping[Entity, Reviewed], findings: pd.DataFrame, ring_members: pd.DataFrame
) -> pd.DataFrame:
    """Measure false alarms by the scheme resembled and the type of subject.

    A twin that is guilty of another scheme is no false alarm when it is found, so it is left out. Ring twins are
    measured with the rings.

    Returns
    -------
    DataFrame
        One row per scheme and subject type: twins; those ranked, those of them inside the budget; those with any
        definite finding, any other finding, any finding of the very scheme they resemble; members of reported rings.
    """
    definite = _subjects(findings[findings["result_type"] == "definite"])
    other = _subjects(findings[findings["result_type"] != "definite"])
    in_rings = set(ring_members["member_id"].astype(str))
    rows = []
    twins = truth.twins[truth.twins["subject_type"] != "ring"]
    for (code, kind), members in twins.groupby(["twin_of", "subject_type"], sort=True):
        everyone = set(members["subject_id"])
        names = everyone - _guilty(truth, kind)
        ranked = names & set(reviewed[kind].ranks.index) if kind in reviewed else set()
        n_inside = len(ranked & reviewed[kind].inside) if kind in reviewed else None
        accused = _subjects(findings[findings["scheme_code"] == code]).get(kind, set())
        interval = wilson(n_inside or 0, len(ranked))
        rows.append(
            {
                "twin_of": code,
                "subject_type": kind,
                "n_twins": len(names),
                "n_also_guilty": len(everyone) - len(names),
                "n_ranked": len(ranked),
                "n_inside": n_inside,
                "false_alarm_rate": share(n_inside, len(ranked)) if n_inside is not None else None,
                "false_alarm_low": interval.low if ranked else None,
                "false_alarm_high": interval.high if ranked else None,
                **_shares(names, definite=definite.get(kind), other=other.get(kind), same_scheme=accused),
                "n_in_reported_rings": len(names & in_rings),
            }
        )
    return pd.DataFrame(rows).astype({"n_inside": "Int64"} if rows else {})


def _shares(names: set[str], **groups: set[str] | None) -> dict[str, Any]:
    counts = {what: len(names & (members or set())) for what, members in groups.items()}
    return {
        **{f"n_{what}": n for what, n in counts.items()},
        **{f"{what}_share": share(n, len(names)) for what, n in counts.items()},
    }


def _subjects(findings: pd.DataFrame) -> dict[str, set[str]]:
    return {
        str(kind): set(group["subject_id"].astype(str)) for kind, group in findings.groupby("subject_type", sort=True)
    }


def _guilty(truth: Truth, kind: str) -> set[str]:
    tables = {
        "provider": truth.providers["provider_id"],
        "patient": truth.patients["person_id"],
        "practitioner": truth.practitioners["practitioner_id"],
    }
    return set(tables[kind])
