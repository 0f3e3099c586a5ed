"""Files are typed straight from the reader: long ones, in several pieces, keep their rows, numbers and reasons."""

import json
from pathlib import Path

import pandas as pd
import pytest

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from tests.support.claims import write_source

# Above the eight megabytes that the reader takes at once, so that threads share a file.
ROWS = 90_000
PADDING = "x" * 90


def stored_bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def quarantine(store: ClaimsStore, table: str) -> pd.DataFrame:
    found = pd.concat([pd.read_parquet(store.folder / part.file) for part in store.catalog.quarantine[table]])
    return found.sort_values(["source_file", "row_number"]).reset_index(drop=True)


def lines(first: int, last: int) -> list[str]:
    return [f"S1,{n},2026-01-15,I1,{PADDING},service,1,5.00,true,0.5" for n in range(first, last)]


HEADER = "settlement_id,line_number,fee_time,item_code,item_name,item_type,quantity,amount,is_discharge_medication,"
HEADER += "discount_share"

# What stands in a line in place of a good cell, and what is then said of it.
BAD = {
    5: ("line_number", "zwei", "line_number: not a whole number"),
    20_000: ("fee_time", "2026-02-30", "fee_time: not a timestamp"),
    40_000: ("quantity", "0.00001", "quantity: not a number of at most 4 decimals"),
    60_000: ("amount", "5.005", "amount: not a number of at most 2 decimals"),
    60_001: ("item_type", "", "item_type: empty"),
    80_000: ("is_discharge_medication", "maybe", "is_discharge_medication: not true or false"),
    89_999: ("discount_share", "inf", "discount_share: not a number"),
}
MALFORMED = {30_000: "S1,30000,2026-01-15", 70_000: "S1,70000,2026-01-15,I1,\udcff,service,1,5.00,true,0.5"}


@pytest.fixture(scope="module")
def long_source(tmp_path_factory):
    source = write_source(tmp_path_factory.mktemp("long") / "source", {"settlements": [{"settlement_id": "S1"}]})
    rows = lines(1, ROWS + 1)
    for number, (column, text, _) in BAD.items():
        cells = rows[number - 1].split(",")
        cells[HEADER.split(",").index(column)] = text
        rows[number - 1] = ",".join(cells)
    for number, line in MALFORMED.items():
        rows[number - 1] = line
    text = "\n".join([HEADER, *rows]) + "\n"
    (source / "claim_lines.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    return source


def test_a_bad_cell_of_every_type_is_found_in_a_long_file(long_source, tmp_path):
    report = ingest_source(long_source, tmp_path / "store")
    counted = next(each for each in report.tables if each.table == "claim_lines")
    # 90,000 read = 89,993 stored + 5 with a bad cell that is required + 2 that are no line of ten columns in UTF-8
    assert (counted.n_read, counted.n_stored, counted.n_repeats, counted.n_quarantined) == (ROWS, 89_993, 0, 7)
    assert [reason for reason, _, _ in counted.cells] == [BAD[89_999][2], BAD[80_000][2]]
    bad = quarantine(ClaimsStore.open(tmp_path / "store"), "claim_lines")
    is_line = bad["reasons"].map(lambda reasons: reasons[0].startswith("malformed line"))
    assert list(bad.loc[is_line, "row_number"]) == [number + 1 for number in MALFORMED]  # the header is a line as well
    told = [
        # rows are counted among those that could be read
        (number - sum(line < number for line in MALFORMED), text or None, [reason])
        for number, (_, text, reason) in BAD.items()
    ]
    raw = [json.loads(text) for text in bad.loc[~is_line, "raw"]]
    found = zip(bad.loc[~is_line, "row_number"], raw, bad.loc[~is_line, "reasons"], strict=True)
    columns = [column for column, _, _ in BAD.values()]
    assert [
        (row, line[column], list(reasons)) for (row, line, reasons), column in zip(found, columns, strict=True)
    ] == told
    assert [line["line_number"] for line in raw][1:] == [str(number) for number in BAD][1:]


def test_a_long_file_gives_equal_bytes_at_any_number_of_threads(long_source, tmp_path):
    one, two, eight = (tmp_path / str(threads) for threads in (1, 2, 8))
    for store in (one, two, eight):
        ingest_source(long_source, store, threads=int(store.name))
    assert stored_bytes(one) == stored_bytes(two) == stored_bytes(eight)


def test_of_two_rows_with_one_key_the_first_of_the_source_is_stored(tmp_path):
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})
    rows = lines(1, ROWS + 1)
    rows[50_000] = rows[50_000].replace("5.00", "6.00")
    late = [rows[50_000].replace("6.00", "7.00"), rows[0]]
    (source / "claim_lines.csv").unlink()
    (source / "claim_lines").mkdir()
    (source / "claim_lines" / "a.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    (source / "claim_lines" / "b.csv").write_text("\n".join([HEADER, *late]) + "\n", encoding="utf-8")
    report = ingest_source(source, tmp_path / "store")
    counted = next(each for each in report.tables if each.table == "claim_lines")
    assert (counted.n_read, counted.n_stored, counted.n_repeats, counted.n_quarantined) == (ROWS + 2, ROWS, 1, 1)
    store = ClaimsStore.open(tmp_path / "store")
    with DuckDBEngine() as engine:
        store.attach(engine)
        assert engine.rows("select amount from claim_lines where line_number = 50001") == [(600,)]
    assert list(quarantine(store, "claim_lines")["source_file"]) == ["claim_lines/b.csv"]


def test_a_line_unreadable_in_a_column_nobody_asks_for_is_malformed(tmp_path):
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})
    (source / "persons.csv").write_bytes(
        b"person_id,gender,birth_date,hobby\nP1,male,1960-05-01,\xff\nP2,male,never,chess\nP3,male,1970-01-01,chess\n"
    )
    report = ingest_source(source, tmp_path / "store")
    counted = next(each for each in report.tables if each.table == "persons")
    assert (counted.n_read, counted.n_stored, counted.n_quarantined) == (3, 1, 2)
    bad = quarantine(ClaimsStore.open(tmp_path / "store"), "persons")
    assert [list(reasons) for reasons in bad["reasons"] if "malformed" not in reasons[0]] == [
        ["birth_date: not a date"]
    ]
    assert '"birth_date":"never"' in "".join(bad["raw"])


def test_files_of_one_table_may_differ_in_their_columns(tmp_path):
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})
    (source / "persons.csv").unlink()
    (source / "persons").mkdir()
    (source / "persons" / "a.csv").write_text("person_id,gender,birth_date\nP1,male,1960-05-01\n", encoding="utf-8")
    (source / "persons" / "b.csv").write_text(
        "gender,Birth_Date,person_id,hobby\nmale,1961-05-01,P2,chess\nmale,never,P3,go\n", encoding="utf-8"
    )
    report = ingest_source(source, tmp_path / "store")
    counted = next(each for each in report.tables if each.table == "persons")
    assert (counted.n_read, counted.n_stored, counted.n_quarantined) == (3, 2, 1)
    assert counted.unknown_columns == ("hobby",)
    raw = json.loads(quarantine(ClaimsStore.open(tmp_path / "store"), "persons")["raw"].iloc[0])
    assert (raw["_file"], raw["_row"], raw["birth_date"], raw["hobby"]) == ("persons/b.csv", 2, "never", "go")


def test_a_long_list_in_a_mapping_keeps_the_order_of_rows(tmp_path):
    source = tmp_path / "source"
    write_source(source, {"settlements": [{"settlement_id": "S1"}]})
    rows = lines(1, ROWS + 1)
    rows[70_000] = rows[70_000].replace("5.00", "five")
    (source / "claim_lines.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    tables = {
        name: (source / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        for name in ("settlements", "claim_lines", "persons", "providers")
    }
    mapping = [
        'name = "long_list"',
        'description = "Texts that mean nothing."',
        'null_texts = ["-", "--", "?", "??", "n/a", "NA"]',
    ]
    for name, columns in tables.items():
        mapping += [f"[sources.{name}]", f'files = ["{name}.csv"]', f"[[tables.{name}]]", f'source = "{name}"']
        mapping += [f"[tables.{name}.columns]", *(f'{column} = "{column}"' for column in columns)]
    (tmp_path / "long.toml").write_text("\n".join(mapping), encoding="utf-8")
    ingest_source(source, tmp_path / "store", mapping=str(tmp_path / "long.toml"))
    bad = quarantine(ClaimsStore.open(tmp_path / "store"), "claim_lines")
    assert list(bad["row_number"]) == [70_001]
    assert json.loads(bad["raw"].iloc[0])["amount"] == "five"
