"""Planted rings against reported ones, with overlaps counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.recall.rings import measure_rings
from tests.recall.tiny import MONTH, truth

COLUMNS = ["ring_id", "member_type", "member_id"]


def _rings(**members: str) -> pd.DataFrame:
    kinds = {"V": "clinic", "N": "patient", "D": "practitioner"}
    rows = [(ring, kinds[name[0]], name) for ring, names in members.items() for name in names.split()]
    return pd.DataFrame(rows, columns=COLUMNS)


def _measure(planted: pd.DataFrame, reported: pd.DataFrame, **tables: pd.DataFrame):
    return measure_rings(truth(rings=planted, **tables), MONTH, reported)


def test_half_of_the_providers_in_common_is_a_find() -> None:
    planted = _rings(A="V1 V2 V3 N1 N4 D1")
    rows, counts = _measure(planted, _rings(X="V1 V2 V3 V4 V5 V6 N1", Y="V7 N1 N4"))
    row = rows.iloc[0]
    # Providers: 3 in common of 6. Members: 4 (V1 V2 V3 N1) of 6 + 7 - 4 = 9 with X, 2 of 7 with Y.
    assert (row["provider_overlap"], row["is_found"]) == (0.5, True)
    assert row["member_overlap"] == pytest.approx(4 / 9)
    assert not row["is_found_by_members"]
    assert (row["member_precision"], row["member_recall"]) == (4 / 7, 4 / 6)
    assert row["member_f1"] == pytest.approx(2 * 4 / (7 + 6))
    assert (row["n_members"], row["n_providers"], row["n_patients"]) == (6, 3, 2)
    # X matches, Y has no guilty provider in common: F1 of rings from 1 of 1 found and 1 of 2 right.
    assert (counts["n_found"], counts["n_reported_unmatched"], counts["n_reported_without_guilty_provider"]) == (
        1,
        1,
        1,
    )
    assert counts["ring_f1"] == pytest.approx(2 / 3)


def test_a_provider_counts_whatever_kind_it_is_taken_for() -> None:
    reported = _rings(X="V1 V3").assign(member_type="pharmacy")
    assert _measure(_rings(A="V1 V3"), reported)[0].iloc[0]["provider_overlap"] == 1.0


def test_smallest_found_and_largest_missed() -> None:
    rows, counts = _measure(_rings(A="V1 V0", B="V3 V0 N1 N4"), _rings(X="V1 V0"))
    assert rows.set_index("ring_id")["is_found"].to_dict() == {"A": True, "B": False}
    assert (counts["smallest_found_members"], counts["largest_missed_members"]) == (2, 4)


def test_a_ring_belongs_to_the_scheme_most_of_its_members_are_guilty_of_and_waits_for_its_beginning() -> None:
    rows, _ = _measure(_rings(A="V1 N1 N4 V0", LATER="V9 N2"), _rings(X="V9 N2"))
    assert rows["ring_id"].tolist() == ["A"]
    assert rows.iloc[0]["scheme_code"] == "R01"


def test_an_innocent_ring_is_not_planted_but_counts_when_it_is_reported() -> None:
    twins = pd.DataFrame([("ring", "T", "R01", "a village")], columns=["subject_type", "subject_id", "twin_of", "note"])
    rows, counts = _measure(_rings(A="V1 V3", T="V6 V7"), _rings(X="V6 V7"), twins=twins)
    assert rows["ring_id"].tolist() == ["A"]
    assert (counts["n_twins"], counts["n_twins_reported"], counts["n_reported_unmatched"]) == (1, 1, 1)


def test_no_rings_at_all() -> None:
    none = pd.DataFrame(columns=COLUMNS)
    rows, counts = _measure(none, none)
    assert rows.empty
    assert counts["ring_f1"] is None
    rows, counts = _measure(_rings(A="V1 N1"), none)
    assert (rows.iloc[0]["member_f1"], counts["ring_recall"], counts["ring_precision"]) == (0.0, 0.0, None)
