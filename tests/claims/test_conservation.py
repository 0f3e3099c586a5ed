"""Rows read = stored + identical repeats + quarantined, whatever comes in."""

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.claims import ClaimsStore, ingest_source
from features.claims.report import TableCount
from features.claims.store.part import CELLS
from tests.support.claims import complete, make_store, write_source


def counts(report):
    return {t.table: (t.n_read, t.n_stored, t.n_repeats, t.n_quarantined) for t in report.tables}


def stored_bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def quarantine(store: ClaimsStore, table: str) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(store.folder / part.file) for part in store.catalog.quarantine[table]])


def test_a_lost_row_is_refused_where_it_is_counted():
    with pytest.raises(AssertionError, match=r"rows of claim_lines were lost: 3 read, 1 stored \+ 0 repeats"):
        TableCount("claim_lines", n_read=3, n_stored=1, n_repeats=0, n_quarantined=1)


def test_every_reason_of_a_row_is_kept_with_its_raw_content(tmp_path):
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})
    lines = pd.DataFrame(
        {
            "settlement_id": ["S1", "S1", "S9"],
            "line_number": ["1", "zwei", "1"],
            "fee_time": ["2026-01-15", "2026-02-30", "2026-01-15"],
            "item_code": ["=1+1", "I1", "I1"],
            "item_type": "service",
            "quantity": "1",
            "amount": ["5.00", "5.005", "5.00"],
        }
    )
    lines.to_csv(source / "claim_lines.csv", index=False)
    report = ingest_source(source, tmp_path / "store")
    # 3 read = 1 stored (its code starts with '=' and is data) + 0 repeats + 2 quarantined (faulty; orphan)
    assert counts(report)["claim_lines"] == (3, 1, 0, 2)
    bad = quarantine(ClaimsStore.open(tmp_path / "store"), "claim_lines").sort_values("row_number")
    assert list(bad["row_number"]) == [2, 3]
    assert list(bad["reasons"].iloc[0]) == [
        "line_number: not a whole number",
        "fee_time: not a timestamp",
        "amount: not a number of at most 2 decimals",
    ]
    assert list(bad["reasons"].iloc[1]) == ["no usable settlement with this settlement_id"]
    raw = json.loads(bad["raw"].iloc[0])
    assert (raw["line_number"], raw["fee_time"], raw["amount"]) == ("zwei", "2026-02-30", "5.005")


def test_ragged_lines_are_counted_and_kept(tmp_path):
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}]})
    (source / "persons.csv").write_text(
        "person_id,gender,birth_date\nP1,female,1960-05-01\nP2,male\nP3,male,1970-01-01,extra\nP4,male,1971-01-01\n",
        encoding="utf-8",
    )
    report = ingest_source(source, tmp_path / "store")
    assert counts(report)["persons"] == (4, 2, 0, 2)
    bad = quarantine(ClaimsStore.open(tmp_path / "store"), "persons")
    assert sorted(json.loads(raw)["line"].strip() for raw in bad["raw"]) == ["P2,male", "P3,male,1970-01-01,extra"]
    assert all(reasons[0].startswith("malformed line") for reasons in bad["reasons"])


def test_the_same_source_twice_changes_no_byte(tmp_path):
    tables = complete({"settlements": [{"settlement_id": f"S{n}", "person_id": f"P{n % 3}"} for n in range(20)]})
    tables["claim_lines"].loc[3, "amount"] = "many"
    tables["claim_lines"] = pd.concat([tables["claim_lines"], tables["claim_lines"].head(2)])
    folder = tmp_path / "source"
    folder.mkdir()
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    first = ingest_source(folder, tmp_path / "store")
    before = stored_bytes(tmp_path / "store")
    again = ingest_source(folder, tmp_path / "store")
    # 22 read: 20 lines, two of them twice; one is faulty
    assert counts(first)["claim_lines"] == (22, 19, 2, 1)
    assert counts(again)["claim_lines"] == (22, 0, 21, 1)
    assert stored_bytes(tmp_path / "store") == before
    ingest_source(folder, tmp_path / "other", threads=1)
    assert stored_bytes(tmp_path / "other") == before


def test_a_stored_key_with_other_content_is_a_conflict(tmp_path):
    first = {"settlements": [{"settlement_id": "S1"}], "claim_lines": [{"settlement_id": "S1", "amount": "5.00"}]}
    store = make_store(tmp_path, first)
    other = {"settlements": [{"settlement_id": "S1"}], "claim_lines": [{"settlement_id": "S1", "amount": "6.00"}]}
    report = ingest_source(write_source(tmp_path / "other", other), store.folder)
    # the settlement conflicts as well: its total follows the line in this fixture
    assert counts(report)["settlements"] == (1, 0, 0, 1)
    assert counts(report)["claim_lines"] == (1, 0, 0, 1)
    assert [r for t in report.tables for r, _, _ in t.reasons] == ["key is taken by a row with other content"] * 2


def test_a_late_row_joins_its_month_and_a_replaced_month_gives_way(tmp_path):
    store = make_store(
        tmp_path,
        {
            "settlements": [
                {"settlement_id": "S1", "settle_time": "2026-01-15 08:00:00"},
                {"settlement_id": "S2", "settle_time": "2026-02-15 08:00:00"},
            ]
        },
    )
    january, february = store.month_digest("2026-01"), store.month_digest("2026-02")
    late = {"settlements": [{"settlement_id": "S3", "settle_time": "2026-01-20 08:00:00"}]}
    ingest_source(write_source(tmp_path / "late", late), store.folder)
    store = ClaimsStore.open(store.folder)
    assert store.month_digest("2026-01") != january
    assert store.month_digest("2026-02") == february
    new = {"settlements": [{"settlement_id": "S1", "settle_time": "2026-01-16 08:00:00"}]}
    source = write_source(tmp_path / "new", new)
    pd.DataFrame([{"person_id": "P1", "gender": "male", "birth_date": "1961-01-01"}]).to_csv(
        source / "persons.csv", index=False
    )
    again = {"replace_months": ["2026-01"], "max_month_shrink": 0.5, "extracted": date(2026, 2, 15)}
    report = ingest_source(source, store.folder, **again)
    assert counts(report)["settlements"] == (1, 1, 0, 0)
    store = ClaimsStore.open(store.folder)
    # January held S1 and S3 and holds the new S1 only; the person's row was replaced as well
    from features.engine import DuckDBEngine

    with DuckDBEngine() as engine:
        store.attach(engine)
        rows = engine.rows(
            "select settlement_id, settle_time from settlements join codes_settlement using (settlement_key) order by 1"
        )
        assert [(row[0], str(row[1])) for row in rows] == [
            ("S1", "2026-01-16 08:00:00"),
            ("S2", "2026-02-15 08:00:00"),
        ]
        assert engine.rows("select gender from persons") == [("male",)]
    assert store.month_digest("2026-02") == february


CELL = st.sampled_from(
    ["S1", "S2", "S3", "1", "2", "x", "", "2026-01-15", "5.00", "=2+3", "a,b", 'q"q', "甲", "\u202e"]
)


ROWS = st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), min_size=1, max_size=12)


@settings(max_examples=6, deadline=None)
@given(rows=ROWS)
def test_no_row_is_lost_from_any_extract(rows, tmp_path_factory):
    _conserve(rows, tmp_path_factory)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(rows=ROWS)
def test_no_row_is_lost_from_a_hundred_extracts(rows, tmp_path_factory):
    _conserve(rows, tmp_path_factory)


def _conserve(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dirty")
    source = write_source(folder / "source", {"settlements": [{"settlement_id": "S1"}, {"settlement_id": "S2"}]})
    good = ("S1", "1", "2026-01-15", "5.00", "")
    frame = pd.DataFrame([good, *rows], columns=["settlement_id", "line_number", "fee_time", "amount", "unit_price"])
    frame.assign(item_code="I1", item_type="service", quantity="1").to_csv(source / "claim_lines.csv", index=False)
    report = ingest_source(source, folder / "store")
    read, kept, repeats, bad = counts(report)["claim_lines"]
    assert read == len(rows) + 1
    cells = next(each for each in report.tables if each.table == "claim_lines").cells
    store = ClaimsStore.open(folder / "store")
    assert sum(part.rows for part in store.catalog.tables["claim_lines"]) == kept
    parts = store.catalog.quarantine.get("claim_lines", ())
    assert sum(part.rows for part in parts if not part.month.endswith(CELLS)) == bad
    unread = sum(part.rows for part in parts if part.month.endswith(CELLS))
    assert unread == sum(n for _, n, _ in cells) <= kept + repeats
