"""Reading a truth folder, and refusing what is none."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from experiments.recall import read_truth
from features.errors import InputError

TABLES = {
    "truth_providers": "provider_id,scheme_code,first_month,last_month,size\nV1,H08,2026-01,2026-03,small\n",
    "truth_patients": "person_id,scheme_code,first_month\n001,R01,2026-02\n",
    "truth_practitioners": "practitioner_id,scheme_code\nD1,R01\n",
    "truth_lines": "settlement_id,line_number,scheme_code,exposure_amount\nS1,2,H08,10.05\nS2,,H08,0.10\n",
    "truth_rings": "ring_id,member_type,member_id\nR01-1,clinic,V1\n",
    "truth_twins": "subject_type,subject_id,twin_of,note\nprovider,V2,H08,tests twice a day\n",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_values_get_their_types(folder) -> None:
    (folder / "city.json").write_text(json.dumps({"seed": 5}), encoding="utf-8")
    truth = read_truth(folder)
    assert truth.lines["exposure_amount"].tolist() == [1005, 10]
    assert truth.lines["line_number"].isna().tolist() == [False, True]
    assert truth.patients["person_id"].tolist() == ["001"]  # an id, not a number
    assert truth.city == {"seed": 5}


def test_parquet_and_csv_say_the_same(folder, scored_city) -> None:
    written = scored_city[0].root.parent / "source-truth"
    for name in TABLES:
        pd.read_parquet(written / f"{name}.parquet").astype({}).to_csv(folder / f"{name}.csv", index=False)
    lines = (folder / "truth_lines.csv").read_text(encoding="utf-8").replace(".0,", ",")
    (folder / "truth_lines.csv").write_text(lines, encoding="utf-8")
    one, other = read_truth(written), read_truth(folder)
    for name in ("providers", "patients", "practitioners", "lines", "rings", "twins"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_dtype=False)


@pytest.mark.parametrize(
    ("table", "old", "new", "match"),
    [
        ("truth_providers", "small", "huge", "1 values are not one of small, medium, large"),
        ("truth_providers", "2026-01", "January", "1 values are not a month"),
        ("truth_lines", "10.05", "ten", "not of type money"),
        ("truth_lines", "S1,2,", "S1,two,", "not of type integer"),
        ("truth_lines", ",0.10", ",", "1 values are missing"),
        ("truth_rings", "member_type", "kind", "columns member_type are missing"),
        ("truth_twins", "provider,V2", "pharmacist,V2", "1 values are not one of provider"),
    ],
)
def test_what_does_not_fit_is_refused(folder, table, old, new, match) -> None:
    file = folder / f"{table}.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=match):
        read_truth(folder)


def test_a_missing_table_is_refused(folder) -> None:
    (folder / "truth_rings.csv").unlink()
    with pytest.raises(InputError, match=r"no truth_rings\.parquet or \.csv"):
        read_truth(folder)


@pytest.mark.parametrize("text", ["no json", "[1]"])
def test_a_broken_city_file_is_refused(folder, text) -> None:
    (folder / "city.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"city\.json"):
        read_truth(folder)


def test_garbage_in_place_of_parquet_is_refused(folder) -> None:
    (folder / "truth_lines.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="not readable"):
        read_truth(folder)


@pytest.mark.parametrize("text", ["[" * 100_000, "9" * 5000, '{"seed": NaN}', '"\\ud800"', "[]", "x" * 300_000])
def test_a_city_that_says_something_strange(folder, text) -> None:
    (folder / "city.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"city\.json"):
        read_truth(folder)


def test_a_column_that_is_there_twice(folder) -> None:
    (folder / "truth_patients.csv").write_text("person_id,scheme_code,first_month,person_id\n1,R01,2026-02,2\n")
    with pytest.raises(InputError, match="columns person_id are there twice"):
        read_truth(folder)
