"""What the quarantine keeps of a row or line, and how the report accounts for every line of every file."""

import json

import pandas as pd
import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.claims.reading.limits import MAX_RAW_CHARACTERS
from tests.support.claims import write_source

HEADER = "settlement_id,line_number,fee_time,item_code,item_name,item_type,quantity,amount"
ROW = "S1,{0},2026-01-15,I1,Item {0},service,1,5.00"


@pytest.fixture
def source(tmp_path):
    return write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})


def write_lines(source, rows):
    (source / "claim_lines.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8", newline="")


def quarantined(store):
    parts = ClaimsStore.open(store).catalog.quarantine["claim_lines"]
    return pd.concat([pd.read_parquet(store / part.file) for part in parts]).to_dict("records")


def test_a_stray_quote_is_one_quarantined_row_in_report_and_store(source, tmp_path):
    rows = [ROW.format(n) for n in range(1, 2_001)]
    rows[499] = rows[499].replace("Item", '"Item')
    write_lines(source, rows)
    report = ingest_source(source, tmp_path / "store")
    counted = next(each for each in report.tables if each.table == "claim_lines")
    assert (counted.n_read, counted.n_stored, counted.n_quarantined) == (2_000, 1_999, 1)
    assert counted.reasons == (("malformed line", 1, "claim_lines.csv line 501"),)
    (bad,) = quarantined(tmp_path / "store")
    assert json.loads(bad["raw"]) == {"line": rows[499]}
    assert list(bad["reasons"]) == ["malformed line: a quote that is never closed"]


def test_raw_content_of_a_bad_row_is_bounded_and_says_what_it_lacks(source, tmp_path):
    long = ROW.format(2).replace("Item 2", "x" * 200_000).replace("5.00", "five")
    write_lines(source, [ROW.format(1), long, ROW.format(3).replace("5.00", "five")])
    ingest_source(source, tmp_path / "store")
    cut, whole = quarantined(tmp_path / "store")
    text = json.loads(cut["raw"])["line"]
    kept, _, missing = text.removesuffix(" characters more").rpartition(" … ")
    assert len(kept) == MAX_RAW_CHARACTERS
    assert len(kept) + int(missing.replace(",", "")) > 200_000
    assert json.loads(whole["raw"])["amount"] == "five"


def test_the_report_accounts_for_the_lines_of_every_file(source):
    write_lines(source, [ROW.format(1).replace("Item 1", '"a\nb"'), "", ROW.format(2), "S1,3"])
    report = check_source(source)
    files = {each["file"]: each for each in report.as_dict()["files"]}
    assert files["claim_lines.csv"] == {
        "file": "claim_lines.csv",
        "source": "claim_lines",
        "n_rows": 2,
        "n_malformed": 1,
        "n_lines": 6,
        "n_header_lines": 1,
        "n_further_lines": 1,
        "n_blank_lines": 1,
        "n_skipped_lines": 0,
        "encoding": "utf-8",
    }
    assert files["persons.csv"]["n_lines"] == 2


@pytest.mark.slow
def test_a_stray_quote_in_a_file_of_36_megabytes_costs_one_row(source, tmp_path):
    rows = [ROW.format(n) + " " * 40 for n in range(450_000)]
    rows[500] = rows[500].replace("Item", '"Item')
    rows[100_000] = rows[100_000].replace("Item 100000", 'Item 100000"')
    write_lines(source, rows)
    report = ingest_source(source, tmp_path / "store")
    counted = next(each for each in report.tables if each.table == "claim_lines")
    assert (counted.n_read, counted.n_stored, counted.n_quarantined) == (450_000, 449_999, 1)
