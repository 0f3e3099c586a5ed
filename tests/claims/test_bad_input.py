"""Unusable input: a clear message, and nothing written."""

import zipfile

import pandas as pd
import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.errors import InputError
from tests.support.claims import write_source


@pytest.fixture
def source(tmp_path):
    return write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})


def refused(source, tmp_path, match, **more):
    for job in (
        lambda: ingest_source(source, tmp_path / "store", **more),
        lambda: check_source(source, **{k: v for k, v in more.items() if k == "mapping"}),
    ):
        with pytest.raises(InputError, match=match):
            job()
    assert not (tmp_path / "store").exists()


def test_a_missing_required_column_is_named(source, tmp_path):
    frame = pd.read_csv(source / "claim_lines.csv").drop(columns=["amount"])
    frame.to_csv(source / "claim_lines.csv", index=False)
    refused(source, tmp_path, "table 'claim_lines' .*required column amount is missing.*Hint")


def test_a_missing_required_table_is_named(source, tmp_path):
    (source / "persons.csv").unlink()
    refused(source, tmp_path, "table 'persons' in 'source': required and not there")


def test_a_wrong_type_in_every_row_is_no_quarantine_but_a_refusal(source, tmp_path):
    pd.read_csv(source / "claim_lines.csv").assign(amount="N/A").to_csv(source / "claim_lines.csv", index=False)
    refused(source, tmp_path, "none of its 1 rows is usable .most often: amount: not a number of at most 2 decimals")


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "file 'persons.csv': empty"), ("person_id,gender,birth_date\n", "table 'persons' in 'source': empty")],
)
def test_an_empty_file_is_refused(source, tmp_path, content, said):
    (source / "persons.csv").write_text(content, encoding="utf-8")
    refused(source, tmp_path, said)


def test_truncated_parquet_is_refused(source, tmp_path):
    frame = pd.read_csv(source / "persons.csv", dtype="str")
    (source / "persons.csv").unlink()
    path = source / "persons.parquet"
    frame.to_parquet(path)
    path.write_bytes(path.read_bytes()[:-20])
    refused(source, tmp_path, r"file 'persons.parquet': not readable Parquet")


def test_a_file_in_another_encoding_names_it(source, tmp_path):
    text = (source / "persons.csv").read_text(encoding="utf-8")
    header, *rows = text.splitlines()
    lines = [header.encode(), *(f"{row.rpartition(',')[0]},关节".encode("gbk") for row in rows)]
    (source / "persons.csv").write_bytes(b"\n".join(lines))
    refused(source, tmp_path, r"'persons.csv': .* are not UTF-8; reads as gb18030.*set `encoding = .gb18030.`")


def test_a_broken_zip_is_refused(source, tmp_path):
    (source / "persons.csv").rename(tmp_path / "persons.csv")
    with zipfile.ZipFile(source / "persons.csv.zip", "w") as archive:
        archive.write(tmp_path / "persons.csv", "../../persons.csv")
    assert ingest_source(source, tmp_path / "fine").months == ("2026-01",)
    assert not (tmp_path.parent / "persons.csv").exists()
    content = (source / "persons.csv.zip").read_bytes()
    (source / "persons.csv.zip").write_bytes(content[:-10])
    refused(source, tmp_path, r"file 'persons.csv.zip': not a readable zip")


def test_no_folder_no_source(tmp_path):
    refused(tmp_path / "nowhere", tmp_path, "not a folder")


def test_a_column_named_twice_is_refused(source, tmp_path):
    (source / "persons.csv").write_text("person_id,gender,Gender\nP1,male,male\n", encoding="utf-8")
    refused(source, tmp_path, r"a column named twice: .gender. .columns 2, 3.")


@pytest.mark.parametrize("month", ["2026-1", "../x", "2025-12"])
def test_a_month_that_is_not_there_cannot_be_replaced(source, tmp_path, month):
    with pytest.raises(InputError, match="month"):
        ingest_source(source, tmp_path / "store", replace_months=[month])
    assert not (tmp_path / "store").exists()


def test_hostile_file_names_are_only_names(tmp_path, source):
    (source / "claim_lines").mkdir()
    names = ["a'; drop table x;--.csv", 'b"*?[ab].csv', "c\nd.csv", "${HOME}.csv"]
    (source / "claim_lines.csv").unlink()
    for number, name in enumerate(names, start=1):
        (source / "claim_lines" / name).write_text(
            "settlement_id,line_number,fee_time,item_code,item_type,quantity,amount\n"
            f"S1,{number},2026-01-15,I1,service,1,1.00\n",
            encoding="utf-8",
        )
    report = ingest_source(source, tmp_path / "store")
    assert {t.table: t.n_stored for t in report.tables}["claim_lines"] == len(names)


def test_a_store_that_is_not_there_or_broken_says_so(tmp_path):
    with pytest.raises(InputError, match="run `fraud ingest SOURCE` first"):
        ClaimsStore.open(tmp_path)
    (tmp_path / "catalog.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="unreadable catalogue"):
        ClaimsStore.open(tmp_path)


def test_check_writes_nothing_and_counts_relations(source, tmp_path):
    pd.read_csv(source / "settlements.csv").assign(total_amount="90.00", fund_paid_amount="95.00").to_csv(
        source / "settlements.csv", index=False
    )
    before = sorted(tmp_path.rglob("*"))
    report = check_source(source)
    assert sorted(tmp_path.rglob("*")) == before
    failing = {each.name: (each.n_checked, each.n_failing, each.first) for each in report.quality}
    # the line is 100.00 against a total of 90.00, and the fund paid 95.00 of it
    assert failing["lines add up"] == (1, 1, "S1")
    assert failing["fund within total"] == (1, 1, "S1")
    assert failing["settlement has lines"] == (1, 0, "")
    assert "unit_price times quantity is the amount of a line, within 0.02" in report.unchecked
    assert "trace_events" in report.absent
