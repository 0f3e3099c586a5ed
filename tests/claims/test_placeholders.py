"""Stand-ins of dates are nothing, told apart from cells that cannot be read; real days stay."""

import datetime as dt

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.claims import ClaimsStore, ingest_source
from features.claims.contract import TABLES
from features.claims.values.parse import typed_sql
from features.claims.values.placeholders import BEGINNINGS, meanings
from features.engine import DuckDBEngine
from tests.support.claims import write_source

NONE = [
    *("0000-00-00", "0000-00-00 00:00:00", "00000000", "0", "00/00/0000", "0000-00-00T00:00:00Z"),
    *("1899-12-30", "1899-12-31", "1899-12-30 00:00:00", "1900-01-00", "1900-01-01", "1/0/1900", "1900/1/1"),
    *("0001-01-01", "0001-01-01 (BC)", "-0001-11-30 00:00:00", "1753-01-01", "1601-01-01", "1970-01-01 08:00:00"),
    *("1677-09-21 00:12:43.145224193", "NaT", "01-JAN-1900", "31Dec1899", "无"),
]
OPEN = [
    *("9999-12-31", "9999-12-30", "9999-12-31 23:59:59", "9999-12-31 23:59:59.9999999", "9999-12-31T16:00:00Z"),
    *("2999-12-31", "3000-01-01", "4712-12-31", "2262-04-11", "2262-04-11 23:47:16.854775807", "2099-12-31"),
    *("31-DEC-9999", "31DEC4712 00:00:00", "31-12-9999", "长期", "至今"),
    *("292278994-08-17", "+10000-01-01", "10000-01-01 07:59:59", "99991231", "12/31/9999", "31.12.9999", "9999/12/31"),
]
UNREADABLE = ["unknown", "2026-02-30", "20260305", "05/03/2026", "1801-01-01", "12", "9999", "9999-13-01x", "0-1"]
REAL = {
    "2026-03-01": dt.date(2026, 3, 1),
    "1900-01-02": dt.date(1900, 1, 2),
    "1970-01-02": dt.date(1970, 1, 2),
    "2099-12-29": dt.date(2099, 12, 29),
}


def typed(column, texts, *, zone=None):
    table, name = column.split(".")
    shape = TABLES[table]
    with DuckDBEngine(threads=1) as engine:
        engine.register("texts", pd.DataFrame({name: texts, "_row": range(len(texts))}).assign(_file="f"))
        sql = typed_sql(shape, [name], "select * from texts", source="", zone=zone, keep=["_row"])
        return engine.rows(f"select {name}, _reasons, _cells, _placeholders from ({sql}) order by _row")


@pytest.mark.parametrize("column", ["persons.death_date", "providers.agreement_end_date", "enrolments.end_date"])
def test_stand_ins_of_an_end_are_nothing(column):
    name = column.partition(".")[2]
    for text, row in zip([*NONE, *OPEN], typed(column, [*NONE, *OPEN]), strict=True):
        assert row == (None, None, None, [name]), text


def test_of_a_beginning_an_open_end_cannot_be_read():
    assert [row[3] for row in typed("settlements.admit_time", NONE)] == [["admit_time"]] * len(NONE)
    assert [row[2:] for row in typed("settlements.admit_time", ["9999-12-31", "2262-04-11"])] == [
        (["admit_time: not a timestamp"], None)
    ] * 2


def test_what_cannot_be_read_is_told_apart_and_real_days_stay():
    for text, row in zip(UNREADABLE, typed("persons.death_date", UNREADABLE), strict=True):
        assert row == (None, None, ["death_date: not a date"], None), text
    assert typed("persons.death_date", list(REAL)) == [(day, None, None, None) for day in REAL.values()]


def test_a_required_date_has_no_stand_in():
    texts = ["0000-00-00", "9999-12-31", "1899-12-30"]
    refused = (None, ["birth_date: not a date"], None, None)
    assert typed("persons.birth_date", texts) == [refused, refused, (dt.date(1899, 12, 30), None, None, None)]


def test_an_instant_is_known_before_and_after_its_zone():
    texts = ["9999-12-31T16:00:00Z", "1899-12-29T16:00:00Z", "1969-12-31T16:00:00Z", "2026-02-28T16:00:00Z"]
    rows = typed("persons.death_date", texts, zone="Asia/Shanghai")
    assert [row[3] for row in rows] == [["death_date"]] * 3 + [None]
    assert rows[3][0] == dt.date(2026, 3, 1)
    assert typed("persons.death_date", texts[:1])[0][3] == ["death_date"]


def test_every_beginning_is_a_column_and_every_optional_date_knows_none():
    dated = {column.name: column for table in TABLES.values() for column in table.columns if column.is_dated}
    assert set(dated) >= BEGINNINGS
    assert all("none" in meanings(column) for column in dated.values() if not column.required)


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("date", pa.array([dt.date(9999, 12, 31), dt.date(1, 1, 1), None], pa.date32())),
        ("nanoseconds", pa.array([2**63 - 1, -(2**63) + 1, None], pa.timestamp("ns"))),
        ("milliseconds", pa.array([9_223_372_036_854_775, -62_135_596_800_000, None], pa.timestamp("ms"))),
    ],
)
def test_typed_days_of_parquet_beyond_all_years_are_nothing(tmp_path, kind, days):
    persons = [{"person_id": f"P{n}", "gender": "male", "birth_date": "1960-01-01"} for n in range(3)]
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}], "persons": persons})
    frame = pd.read_csv(source / "persons.csv", dtype="str")
    (source / "persons.csv").unlink()
    rows = pa.Table.from_pandas(frame.head(3), preserve_index=False).append_column("death_date", days)
    pq.write_table(rows, source / "persons.parquet")
    counted = next(each for each in ingest_source(source, tmp_path / "store").tables if each.table == "persons")
    assert (counted.n_stored, counted.placeholders, counted.cells) == (3, (("death_date", 2),), ()), kind


def test_five_persons_with_stand_ins_are_stored_and_one_is_dead(tmp_path):
    deaths = ["0000-00-00 00:00:00", "1900-01-01", "9999-12-31", "1899-12-30", "2026-01-02"]
    persons = [{"person_id": f"P{n}", "birth_date": "1941-02-02", "death_date": day} for n, day in enumerate(deaths)]
    source = write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1"}], "persons": persons})
    report = ingest_source(source, tmp_path / "store")
    counted = next(each for each in report.tables if each.table == "persons")
    assert (counted.n_stored, counted.n_quarantined) == (5, 0)
    assert counted.placeholders == (("death_date", 4),)
    assert report.as_dict()["tables"][2]["placeholders"] == (("death_date", 4),)
    with DuckDBEngine() as engine:
        ClaimsStore.open(tmp_path / "store").attach(engine)
        assert engine.rows("select count(death_date) from persons") == [(1,)]
