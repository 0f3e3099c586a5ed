"""Findings keep their shape, their ids are stable, and a line's money is counted once."""

import hashlib

import pandas as pd
import pyarrow.parquet as pq
import pytest

from fraud.findings import Findings, dedupe_exposure, make_finding_id, row_hash
from fraud.runs.tables import read_output, write_output


def some_findings(finding_id="F-1", line_number=1):
    finding = {
        "finding_id": finding_id, "month": "2026-03", "subject_type": "provider", "subject_id": "P1",
        "source": "rule", "code": "X", "scheme_code": "H08", "version": "1", "result_type": "suspicious",
        "exposure_amount": 500, "fund_exposure_amount": 400, "n_lines": 1,
        "reason_en": "a", "reason_zh": "甲", "basis": "b",
    }  # fmt: skip
    line = {
        "finding_id": finding_id, "settlement_id": "S1", "line_number": line_number,
        "role": "violating", "exposure_amount": 500, "row_hash": "0",
    }  # fmt: skip
    return Findings(pd.DataFrame([finding]), pd.DataFrame([line]))


def lines(*rows):
    columns = ["finding_id", "settlement_id", "line_number", "role", "exposure_amount"]
    return pd.DataFrame(rows, columns=columns)


def test_empty_findings_have_all_columns_and_can_be_written(tmp_path):
    empty = Findings.empty()
    assert len(empty) == 0
    write_output(empty.findings, "findings", tmp_path)
    write_output(empty.lines, "finding_lines", tmp_path)
    assert read_output(tmp_path, "finding_lines").columns.tolist() == empty.lines.columns.tolist()
    assert len(Findings.concat([empty, empty])) == 0


def test_a_rate_is_kept_where_it_is_stated_and_null_elsewhere(tmp_path):
    stated = some_findings("F-2").findings.assign(source="peer", q_value=0.04)
    both = Findings.concat([some_findings("F-1"), Findings(stated, Findings.empty().lines)])
    write_output(both.findings, "findings", tmp_path)
    read = read_output(tmp_path, "findings")
    assert read.columns[-1] == "q_value"
    assert read["q_value"].isna().tolist() == [True, False]
    assert read["q_value"].iloc[1] == 0.04


def test_a_month_scored_without_rates_is_read(tmp_path):
    write_output(some_findings("F-1").findings.assign(q_value=0.04), "findings", tmp_path)
    file = tmp_path / "findings.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["q_value"]), file)
    assert read_output(tmp_path, "findings")["q_value"].isna().all()


def test_concat_sorts_and_a_whole_settlement_has_no_line_number(tmp_path):
    both = Findings.concat([some_findings("F-2", None), Findings.empty(), some_findings("F-1")])
    assert both.findings["finding_id"].tolist() == ["F-1", "F-2"]
    assert both.lines["line_number"].tolist() == [1, pd.NA]
    write_output(both.lines, "finding_lines", tmp_path)
    assert read_output(tmp_path, "finding_lines")["line_number"].tolist() == [1, pd.NA]


def test_one_id_twice_and_lines_without_finding_are_refused():
    with pytest.raises(ValueError, match="F-1 is there twice"):
        Findings.concat([some_findings(), some_findings()])
    with pytest.raises(ValueError, match="which is not there"):
        Findings(some_findings("F-1").findings, some_findings("F-2").lines)
    with pytest.raises(ValueError, match="columns basis are missing"):
        Findings(some_findings().findings.drop(columns="basis"), some_findings().lines)


def test_ids_differ_by_every_part():
    parts = {
        "source": "rule", "code": "X", "version": "1",
        "month": "2026-03", "subject_type": "provider", "subject_id": "P1",
    }  # fmt: skip
    ids = {make_finding_id(**(parts | {name: "other"})) for name in parts} | {make_finding_id(**parts)}
    assert len(ids) == 7
    assert make_finding_id(**parts) in ids


def test_row_hash_ignores_column_order_and_nulls():
    expected = hashlib.sha256('{"amount": "100", "settlement_id": "乙"}'.encode()).hexdigest()
    assert row_hash({"settlement_id": "乙", "amount": "100", "body_site": None}) == expected
    assert row_hash({"amount": "101", "settlement_id": "乙"}) != expected


def test_a_line_hit_by_two_rules_counts_once_at_the_larger_amount():
    hit = lines(
        ("F-1", "S1", 1, "violating", 300),
        ("F-2", "S1", 1, "violating", 500),
        ("F-1", "S1", 2, "involved", 0),
        ("F-2", "S2", 1, "violating", 70),
    )
    # line 1 of S1: max(300, 500) = 500, not 800; with S2's 70 the subject's exposure is 570
    once = dedupe_exposure(hit)
    assert once["exposure_amount"].tolist() == [500, 70]
    assert once["exposure_amount"].sum() == 570


def test_a_whole_settlement_and_its_lines_are_the_same_money():
    hit = lines(
        ("F-1", "S1", None, "violating", 1000),
        ("F-2", "S1", 1, "violating", 300),
        ("F-2", "S1", 2, "violating", 300),
        ("F-1", "S2", None, "violating", 100),
        ("F-2", "S2", 4, "violating", 250),
    )
    # S1: the whole (1000) is more than its lines (600); S2: the line (250) is more than the share asked (100)
    once = dedupe_exposure(hit)
    assert once["exposure_amount"].tolist() == [1000, 250]
    assert once["line_number"].tolist() == [pd.NA, 4]
