"""Output tables come back as they were written, equal frames give equal bytes, wrong frames are refused."""

import pandas as pd
import pyarrow.parquet as pq
import pytest

from features.errors import InputError, ToolkitError
from fraud.runs.tables import output_table, output_tables, read_output, write_output


def members(**other):
    rows = {
        "ring_id": ["R2", "R1"],
        "member_type": ["clinic", "pharmacy"],
        "member_id": ["P2", "P1"],
        "role": ["core", "fringe"],
        "amount": [-5, 123456789012345678],
        "turnover_share": [0.25, float("nan")],
    }
    return pd.DataFrame(rows | other)


def test_tables_of_the_contract_have_their_keys():
    assert output_table("findings").key == ("finding_id",)
    assert output_table("finding_lines").key == ("finding_id", "settlement_id", "line_number")
    assert output_table("patient_scores").names[0] == "person_id"
    assert output_table("practitioner_scores").names[0] == "practitioner_id"
    for alike in ("patient_scores", "practitioner_scores"):
        assert output_table(alike).names[1:] == output_table("provider_scores").names[1:]
    assert output_table("practitioner_profiles").key == ("practitioner_id",)
    assert all(table.columns for table in output_tables().values())


def test_unknown_table_names_the_nearest():
    with pytest.raises(InputError, match="did you mean 'findings'"):
        output_table("finding")


def test_money_is_decimal_in_the_file_and_minor_units_in_hand(tmp_path):
    file = write_output(members(), "ring_members", tmp_path)
    stored = pq.read_table(file).column("amount")
    assert str(stored.type) == "decimal128(18, 2)"
    # sorted by ring: R1 holds 1234567890123456.78, R2 owes 0.05
    assert [str(value) for value in stored.to_pylist()] == ["1234567890123456.78", "-0.05"]
    back = read_output(tmp_path, "ring_members")
    assert back["amount"].tolist() == [123456789012345678, -5]
    assert str(back["amount"].dtype) == "int64"
    assert back["turnover_share"].isna().tolist() == [True, False]


def test_unknown_money_and_lists_and_dates_survive(tmp_path):
    score = {column.name: [None, None] for column in output_table("provider_scores").columns}
    score |= {
        "provider_id": ["B", "A"],
        "month": "2026-03",
        "rank": [2, 1],
        "previous_rank": [float("nan"), 7.0],
        "excess_amount": pd.array([None, 150], dtype="Int64"),
        "rule_exposure_amount": [0, 9],
        "expected_recovery_amount": [0, 9],
        "ring_ids": [[], ["R1", "R2"]],
        "reasons_en": [["one"], []],
        "reasons_zh": [["一"], []],
    }
    write_output(pd.DataFrame(score), "provider_scores", tmp_path)
    back = read_output(tmp_path, "provider_scores")
    assert back["provider_id"].tolist() == ["A", "B"]
    assert back["excess_amount"].tolist() == [150, pd.NA]
    assert back["previous_rank"].tolist() == [7, pd.NA]
    assert back["ring_ids"].tolist() == [["R1", "R2"], []]
    assert back["reasons_zh"].tolist() == [[], ["一"]]
    assert back["risk_score"].isna().all()

    edge = {"ring_id": ["R"], "source_id": ["a"], "target_id": ["b"], "n_patients": [3], "amount": [1]}
    dates = {"first_date": pd.to_datetime(["2026-01-02"]), "last_date": [pd.Timestamp("2026-02-03").date()]}
    write_output(pd.DataFrame(edge | dates), "ring_edges", tmp_path)
    assert str(read_output(tmp_path, "ring_edges")["last_date"].iloc[0])[:10] == "2026-02-03"


@pytest.mark.parametrize(("table", "key"), [("provider_scores", "provider_id"), ("patient_scores", "person_id")])
def test_a_month_scored_before_there_were_review_lists_is_read(tmp_path, table, key):
    score = {column.name: [None] for column in output_table(table).columns}
    money = {
        "rule_exposure_amount": [0],
        "expected_recovery_amount": [0],
        "excess_amount": pd.array([0], dtype="Int64"),
    }
    score |= {key: ["A"], "month": "2026-03", "rank": [1], "list": [table[:8]], "list_place": [1], **money}
    file = write_output(pd.DataFrame(score), table, tmp_path)
    pq.write_table(pq.read_table(file).drop_columns(["list", "list_place"]), file)
    back = read_output(tmp_path, table)
    assert back["rank"].tolist() == [1]
    assert back[["list", "list_place"]].isna().all(axis=None)


def test_equal_frames_give_equal_bytes_whatever_their_row_and_column_order(tmp_path):
    frame = members()
    first = write_output(frame, "ring_members", tmp_path / "a.parquet").read_bytes()
    turned = frame.iloc[::-1][list(frame.columns[::-1])].set_index(pd.Index([9, 4]))
    assert write_output(turned, "ring_members", tmp_path / "b.parquet").read_bytes() == first
    assert b"pandas" not in first


def test_further_columns_follow_the_named(tmp_path):
    profile = pd.DataFrame({"billed_amount": [1.5, float("nan")], "provider_id": ["B", "A"], "n": [1, 2]})
    write_output(profile, "provider_profiles", tmp_path)
    back = read_output(tmp_path, "provider_profiles")
    assert list(back.columns) == ["provider_id", "billed_amount", "n"]
    assert back["n"].tolist() == [2, 1]


def test_empty_table_keeps_its_types(tmp_path):
    write_output(members().iloc[:0], "ring_members", tmp_path)
    back = read_output(tmp_path, "ring_members")
    assert len(back) == 0
    assert str(back["amount"].dtype) == "int64"


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (members().drop(columns="role"), "columns role are missing"),
        (members(amount=[1.5, 2.0]), "money must be integers in minor units, got float64"),
        (members(amount=[10**18, 0]), "beyond decimal"),
        (members(ring_id="R", member_type="clinic", member_id="P"), "1 rows repeat a key"),
        (members(turnover_share=["much", "little"]), "not of type float"),
    ],
)
def test_wrong_frames_are_refused(tmp_path, frame, message):
    with pytest.raises(ToolkitError, match=message):
        write_output(frame, "ring_members", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_absent_truncated_and_foreign_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_output(tmp_path, "rings")
    file = write_output(members(), "ring_members", tmp_path)
    with pytest.raises(InputError, match="columns finding_id, settlement_id"):
        read_output(file, "finding_lines")
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(InputError, match="not readable Parquet"):
        read_output(tmp_path, "ring_members")
