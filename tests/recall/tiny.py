"""A tiny month and its truth, small enough to count on the fingers.

Ten providers V0 … V9 ranked in that order, two of them reviewed. Guilty: V0 (H08 small) and V3 (H08 large), V1 (R01
medium) since February; V9 (P06 small) from May on, which is later than the month, March. Five patients N0 … N4, three
reviewed; N1 and N4 guilty of R01.
"""

from __future__ import annotations

import pandas as pd

from experiments.recall.claims import Located
from experiments.recall.scored import Reviewed
from experiments.recall.truth import Truth

MONTH = "2026-03"


def reviewed(entity: str = "provider", month: str = MONTH, order: str | None = None) -> Reviewed:
    names = (
        order.split()
        if order
        else [f"{'V' if entity == 'provider' else 'N'}{i}" for i in range(10)][: 10 if entity == "provider" else 5]
    )
    ranks = pd.Series(range(1, len(names) + 1), index=names, dtype="int64")
    return Reviewed(entity, month, ranks, 2 if entity == "provider" else 3)


def truth(**changed: pd.DataFrame) -> Truth:
    tables = {
        "providers": _frame(
            "provider_id scheme_code first_month last_month size",
            "V0 H08 2026-01 2026-03 small",
            "V3 H08 2026-01 2026-03 large",
            "V1 R01 2026-02 2026-04 medium",
            "V9 P06 2026-05 2026-06 small",
        ),
        "patients": _frame("person_id scheme_code first_month", "N1 R01 2026-02", "N4 R01 2026-03", "N2 P06 2026-05"),
        "practitioners": _frame("practitioner_id scheme_code", "D1 R01"),
        "lines": pd.DataFrame(columns=["settlement_id", "line_number", "scheme_code", "exposure_amount"]),
        "rings": _frame("ring_id member_type member_id", "R01-1 clinic V1"),
        "twins": _frame(
            "subject_type subject_id twin_of note",
            "provider V0 R01 guilty_of_another",
            "provider V1 H08 guilty_of_another",
            "provider V2 H08 lawful",
            "provider V4 H08 lawful",
            "patient N0 R01 lawful",
            "patient N3 R01 lawful",
            "practitioner D2 R01 lawful",
        ),
        "slips": pd.DataFrame(columns=["settlement_id", "line_number", "kind", "note"]),
    }
    return Truth(**{**tables, **changed}, city={"seed": 5, "providers": 10})


# Guilty lines: settlement, line, provider, person, practitioner, month, scheme, exposure in cents.
_PLANTED = (
    ("S1", 1, "V0", "N0", "D0", "2026-02", "H08", 1000),
    ("S1", 2, "V0", "N0", "D0", "2026-02", "H08", 500),
    ("S2", 1, "V3", "N2", "D3", "2026-03", "H08", 8500),
    ("S3", 1, "V1", "N1", "D1", "2026-03", "R01", 2000),
    ("S4", 1, "V7", "N4", "D1", "2026-03", "R01", 3000),  # filled outside the ring
)
# The rules name S1/1 at 800, S2/1 at 9000, and S9/1, which is honest, at 100.
_REPORTED = (
    ("S1", 1, "V0", "N0", "D0", "2026-02", "H08", 800, "twice"),
    ("S2", 1, "V3", "N2", "D3", "2026-03", "H08", 9000, "twice"),
    ("S9", 1, "V5", "N3", "D5", "2026-03", "H08", 100, "twice"),
    ("S1", 1, "V0", "N0", "D0", "2026-02", "H08", 1000, "again"),
)
_LINES = [
    *("settlement_id", "line_number", "provider_id", "person_id", "practitioner_id"),
    *("month", "scheme_code", "exposure_amount"),
]


def located() -> Located:
    business = pd.DataFrame(
        {"in_scope_amount": [15_000, 10_000, 20_000], "n_lines": [20, 100, 4]}, index=["V0", "V3", "V1"]
    )
    return Located(pd.DataFrame(_PLANTED, columns=_LINES), pd.DataFrame(_REPORTED, columns=[*_LINES, "code"]), business)


def findings() -> pd.DataFrame:
    return _frame(
        "finding_id subject_type subject_id source code scheme_code result_type",
        "F1 provider V0 rule twice H08 definite",
        "F2 provider V2 peer busy H08 suspicious",
        "F3 provider V5 rule twice H08 suspicious",
        "F4 patient N0 peer dear P02 suspicious",
        "F5 practitioner D2 rule hours R01 definite",
    )


def _frame(columns: str, *rows: str) -> pd.DataFrame:
    return pd.DataFrame([row.split() for row in rows], columns=columns.split(), dtype=object)
