"""An optional cell that cannot be read costs the cell: counted, kept, its row stored; some cells cost the row."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.claims.contract import TABLES
from features.claims.report import TableCount
from features.claims.store.describe import describe
from features.claims.values.faults import MEANING, WHOLE, costs_row
from features.engine import DuckDBEngine
from features.errors import InputError
from fraud.cli.ingest import _remarks as remarks
from tests.support.claims import write_source


def one_line(folder, **cells):
    lines = [{"settlement_id": "S1", "amount": "5.00"}, {"settlement_id": "S1", "line_number": 2, "amount": "5.00"}]
    lines[1] |= cells
    return write_source(folder, {"settlements": [{"settlement_id": "S1"}], "claim_lines": lines})


def of(report, table):
    return next(each for each in report.tables if each.table == table)


def kept(store, table):
    parts = ClaimsStore.open(store).catalog.quarantine.get(table, ())
    return pd.concat([pd.read_parquet(store / part.file) for part in parts]) if parts else pd.DataFrame()


CELLS = {
    "in_scope_amount": ("5,00", "in_scope_amount: not a number of at most 2 decimals"),
    "unit_price": ("¥5", "unit_price: not a number of at most 6 decimals"),
    "days_supply": ("seven", "days_supply: not a whole number"),
    "discount_share": ("inf", "discount_share: not a number"),
    "is_discharge_medication": ("maybe", "is_discharge_medication: not true or false"),
    "item_name": ("x" * 10_001, "item_name: longer than 10,000 characters"),
    "prescriber_id": (
        "1.10101E+17",
        "prescriber_id: the id lost its digits, it was written as a rounded number",
    ),
}


def test_an_optional_cell_costs_the_cell(tmp_path):
    texts, reasons = ({column: told[place] for column, told in CELLS.items()} for place in (0, 1))
    source, store = one_line(tmp_path / "source", **texts), tmp_path / "store"
    for report in (check_source(source), ingest_source(source, store)):
        counted = of(report, "claim_lines")
        assert (counted.n_read, counted.n_stored, counted.n_quarantined, counted.reasons) == (2, 2, 0, ())
        assert sorted(counted.cells) == sorted((reason, 1, "claim_lines.csv row 2") for reason in reasons.values())
    (row,) = kept(store, "claim_lines").to_dict("records")
    assert (row["row_number"], sorted(row["reasons"]), row["is_stored"]) == (2, sorted(reasons.values()), True)
    assert texts.items() <= json.loads(row["raw"]).items()
    with DuckDBEngine() as engine:
        ClaimsStore.open(store).attach(engine)
        for column in CELLS:
            name = TABLES["claim_lines"].by_name[column].stored_name
            assert engine.rows(f"select line_number from claim_lines where {name} is null order by 1") == [(1,), (2,)]
    found = {
        each.table: (each.n_rows, each.n_quarantined, each.n_unread)
        for each in describe(ClaimsStore.open(store)).tables
    }
    assert found["claim_lines"] == (2, 0, 1)


def test_of_a_row_that_is_set_aside_the_cells_are_reasons(tmp_path):
    source = one_line(tmp_path / "source", quantity="five", unit_price="¥5")
    counted = of(ingest_source(source, tmp_path / "store"), "claim_lines")
    assert (counted.n_stored, counted.n_quarantined, counted.cells) == (1, 1, ())
    assert [reason.partition(":")[0] for reason, _, _ in counted.reasons] == ["quantity", "unit_price"]


def test_a_conflict_keeps_its_cells_among_its_reasons_and_a_repeat_is_one(tmp_path):
    source, store = one_line(tmp_path / "source", unit_price="¥5"), tmp_path / "store"
    ingest_source(source, store)
    before = {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}
    again = of(ingest_source(source, store), "claim_lines")
    assert (again.n_repeats, again.n_quarantined, again.cells[0][1]) == (2, 0, 1)
    assert {path: path.read_bytes() for path in store.rglob("*") if path.is_file()} == before
    other = one_line(tmp_path / "other", unit_price="¥5", item_code="I2")
    counted = of(ingest_source(other, store), "claim_lines")
    told = kept(store, "claim_lines")
    assert (counted.n_quarantined, counted.cells) == (1, ())
    assert list(told.loc[~told["is_stored"], "reasons"].iloc[0]) == [
        "key is taken by a row with other content",
        "unit_price: not a number of at most 6 decimals",
    ]


ROWS = {
    "settlements.is_reversal": "maybe",
    "settlements.original_settlement_id": "1.1E+17",
    "claim_lines.original_line_number": "first",
    "persons.birth_date": "0000-00-00",
}


@pytest.mark.parametrize("column", ROWS)
def test_a_cell_that_says_what_the_row_means_costs_the_row(tmp_path, column):
    table, name = column.split(".")
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}, {"settlement_id": "S2"}]})
    frame = pd.read_csv(source / f"{table}.csv", dtype="str")
    frame = pd.concat([frame, frame.tail(1).assign(**{TABLES[table].key[0]: "X9"})]) if table == "persons" else frame
    frame[name] = frame.get(name)
    frame.iloc[-1, frame.columns.get_loc(name)] = ROWS[column]
    frame.to_csv(source / f"{table}.csv", index=False)
    counted = of(check_source(source), table)
    assert (counted.n_quarantined, counted.cells) == (1, ())
    assert counted.reasons[0][0].startswith(f"{name}: ")


def test_an_instant_without_a_declared_zone_costs_the_row_as_the_mapping_is_at_fault(tmp_path):
    bills = [{"settlement_id": "S1"}, {"settlement_id": "S2", "discharge_time": "2026-01-15T10:00:00Z"}]
    days = {"service_start_date": "2026-01-15", "service_end_date": "2026-01-15"}
    source = write_source(tmp_path / "source", {"settlements": [{**bill, **days} for bill in bills]})
    counted = of(check_source(source), "settlements")
    told = "discharge_time: an instant with an offset, and the mapping declares no zone"
    assert (counted.n_stored, counted.reasons) == (1, ((told, 1, "settlements.csv row 2"),))


def test_what_costs_the_row_is_in_the_contract_or_a_whole_table():
    known = {column.name for table in TABLES.values() for column in table.columns}
    versions = {"claim_id", "version_number", "replaces_settlement_id"}
    assert known | versions >= MEANING
    assert set(TABLES) >= WHOLE
    labels = TABLES["labels"]
    assert all(costs_row(labels, column) for column in labels.columns)


def test_a_column_without_one_readable_cell_is_refused_as_a_wrong_mapping(tmp_path):
    lines = [{"settlement_id": "S1", "line_number": n, "unit_price": f"¥{n}"} for n in range(1, 101)]
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}], "claim_lines": lines})
    with pytest.raises(InputError, match=r"column 'unit_price' of table 'claim_lines'.*none of its 100 texts"):
        ingest_source(source, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_report_tells_rows_cells_and_stand_ins_apart():
    reason = ("death_date: not a date", 1, "persons.csv row 3")
    count = TableCount("persons", 5, 4, 0, 1, (("gender: empty", 1, "persons.csv row 2"),), cells=(reason,))
    assert remarks(replace(count, placeholders=(("death_date", 2),))) == [
        "persons: 1 quarantined: gender: empty (first: persons.csv row 2)",
        "persons: 1 cells left empty: death_date: not a date (first: persons.csv row 3)",
        "persons: 2 texts of death_date stand for nothing",
    ]
