"""Points that findings suggest for practitioners: bands, a scheme once a year, at most twelve."""

import json
import re

import pandas as pd
import pytest

from fraud.cli.main import main
from fraud.cli.points import _rows
from fraud.rules.life.points import BANDS, SUGGESTION_COLUMNS, band_of, suggest_points, total_points, with_totals
from tests.rules.examples.practitioner_day import long_day
from tests.support.claims import make_store


def findings(*rows):
    columns = ["subject_id", "scheme_code", "result_type", "month", "exposure_amount"]
    return pd.DataFrame(rows, columns=columns).assign(subject_type="practitioner", source="rule")


@pytest.mark.parametrize(
    ("scheme", "result", "band"),
    [("H26", "definite", "serious"), ("H26", "suspicious", "minor"), ("R12", "suspicious", "moderate")],
)
def test_a_suspicious_finding_is_never_serious(scheme, result, band):
    assert band_of(scheme, result) == band


def test_a_scheme_counts_once_a_year_by_its_gravest_finding():
    suggested = suggest_points(
        findings(("D1", "H26", "suspicious", "2026-01", 100), ("D1", "H26", "definite", "2026-03", 50))
    )
    assert suggested.to_dict(orient="records") == [
        dict(
            zip(SUGGESTION_COLUMNS, ("D1", "H26", "definite", "2026-01|2026-03", 2, 150, "serious", 7, 9), strict=True)
        )
    ]


def test_schemes_add_up_to_twelve_and_say_what_would_follow():
    rows = [("D1", "H26", "definite", "2026-01", 1), ("D1", "H27", "definite", "2026-01", 1)]
    totals = total_points(suggest_points(findings(*rows, ("D2", "H26", "definite", "2026-01", 1))))
    # 7 + 7 = 14, at most 12; 7 alone leads to nothing
    assert totals[["practitioner_id", "least_points", "if_confirmed"]].to_numpy().tolist() == [
        ["D1", 12, "end"],
        ["D2", 7, "none"],
    ]


def test_screens_show_what_all_of_a_practitioners_lead_to_once():
    rows = [("D1", "H26", "definite", "2026-01", 1), ("D1", "H27", "definite", "2026-01", 1)]
    suggested = suggest_points(findings(("D0", "H26", "definite", "2026-01", 1), *rows))
    assert list(_rows(with_totals(suggested))) == [
        ("D1", "H26", "definite", "0.01", "7-9", "end"),
        ("", "H27", "definite", "0.01", "7-9", ""),
        ("D0", "H26", "definite", "0.01", "7-9", "–"),
    ]


def test_nobody_else_gets_points():
    other = findings(("P1", "H26", "definite", "2026-01", 1)).assign(subject_type="provider")
    assert suggest_points(other).empty
    assert total_points(suggest_points(other)).empty
    assert with_totals(suggest_points(other)).empty


def test_bands_meet():
    assert [points for band in BANDS.values() for points in band] == [1, 3, 4, 6, 7, 9, 10, 12]


def test_a_scored_year_suggests_and_decides_nothing(tmp_path, capsys):
    make_store(tmp_path, long_day(26).tables())
    for words in (["score", "--month", "2026-03"], ["rules", "points", "--year", "2026", "--json"]):
        capsys.readouterr()
        with pytest.raises(SystemExit) as leave:
            main(["--workspace", str(tmp_path), *words])
        assert leave.value.code == 0
    (row,) = json.loads(capsys.readouterr().out)["suggestions"]
    # two hours beyond the day: 2 x 100.00
    assert (row["band"], row["exposure_amount"]) == ("serious", "200.00")
    assert re.fullmatch("X[0-9a-f]{16}", row["practitioner_id"])


@pytest.mark.slow
def test_ids_are_shown_for_a_reason_that_is_recorded(tmp_path, capsys):
    make_store(tmp_path, long_day(26).tables())
    for words in (["score", "--month", "2026-03"], ["rules", "points", "--year", "2026", "--show-ids", "hearing 7"]):
        capsys.readouterr()
        with pytest.raises(SystemExit) as leave:
            main(["--workspace", str(tmp_path), *words])
        assert leave.value.code == 0
    assert "│ D1 " in capsys.readouterr().out
    assert "hearing 7" in (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
