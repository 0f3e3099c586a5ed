"""Times that carry an offset end in local time of the declared zone, or in quarantine; never in another month."""

import datetime as dt
import decimal
import re

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.engine import DuckDBEngine
from features.errors import InputError
from tests.support.claims import write_source

AT = dt.datetime.fromisoformat
CHINA = dt.timezone(dt.timedelta(hours=8))
NEW_YEAR = dt.datetime(2026, 3, 1, 0, 30, tzinfo=CHINA)
UNZONED = "settle_time: an instant with an offset, and the mapping declares no zone"


@pytest.fixture
def source(tmp_path):
    return write_source(tmp_path / "source", {"settlements": [{"settlement_id": "S1", "settle_time": "2026-03-01"}]})


@pytest.fixture
def china(tmp_path):
    path = tmp_path / "china.toml"
    path.write_text('extends = "contract"\nname = "contract in China"\nzone = "Asia/Shanghai"\n', encoding="utf-8")
    return str(path)


def as_parquet(source, table, column, values, **options):
    """Write a table as Parquet with one of its columns in another type."""
    frame = pd.read_csv(source / f"{table}.csv", dtype="str")
    (source / f"{table}.csv").unlink()
    rows = pa.Table.from_pandas(frame, preserve_index=False)
    place = rows.column_names.index(column) if column in rows.column_names else len(rows.column_names)
    rows = rows.remove_column(place) if column in rows.column_names else rows
    pq.write_table(rows.add_column(place, column, values), source / f"{table}.parquet", **options)


def stored(store, query):
    with DuckDBEngine() as engine:
        ClaimsStore.open(store).attach(engine)
        return engine.rows(query)


ZONED = {
    "microseconds": (pa.array([NEW_YEAR], pa.timestamp("us", tz="Asia/Shanghai")), {}),
    "nanoseconds": (pa.array([NEW_YEAR], pa.timestamp("ns", tz="UTC")), {}),
    "96 bits": (
        pa.array([AT("2026-02-28 16:30:00")], pa.timestamp("ns")),
        {"use_deprecated_int96_timestamps": True},
    ),
    "text": (pa.array(["2026-03-01T00:30:00+08:00"]), {}),
    "bytes": (pa.array([b"2026-02-28 16:30:00Z"]), {}),
}


@pytest.mark.parametrize("kind", ZONED)
def test_a_zoned_time_keeps_its_local_month_or_is_refused(source, china, tmp_path, kind, monkeypatch):
    values, options = ZONED[kind]
    as_parquet(source, "settlements", "settle_time", values, **options)
    with pytest.raises(InputError, match=UNZONED):
        ingest_source(source, tmp_path / "store")
    assert not (tmp_path / "store").exists()
    monkeypatch.setenv("TZ", "America/New_York")
    report = ingest_source(source, tmp_path / "store", mapping=china)
    assert (report.months, report.zone) == (("2026-03",), "Asia/Shanghai")
    query = "select settle_time, month from settlements"
    assert stored(tmp_path / "store", query) == [(AT("2026-03-01 00:30:00"), "2026-03")]


def test_one_zoned_text_among_local_ones_is_quarantined(tmp_path):
    rows = [{"settlement_id": "S1"}, {"settlement_id": "S2", "settle_time": "2026-03-01T00:30:00+08:00"}]
    days = {"service_start_date": "2026-01-15", "service_end_date": "2026-01-15"}
    source = write_source(tmp_path / "source", {"settlements": [{**row, **days} for row in rows]})
    report = ingest_source(source, tmp_path / "store")
    assert report.tables[0].reasons == ((UNZONED, 1, "settlements.csv row 2"),)
    assert report.months == ("2026-01",)


def test_an_expression_that_takes_a_zoned_time_apart_sees_local_time(source, tmp_path):
    as_parquet(source, "settlements", "settle_time", ZONED["microseconds"][0])
    tables = {
        name: list(pd.read_csv(source / f"{name}.csv").columns) for name in ("claim_lines", "persons", "providers")
    }
    tables["settlements"] = pq.read_schema(source / "settlements.parquet").names
    lines = ['name = "apart"', 'zone = "Asia/Shanghai"']
    lines += [f'[sources.{name}]\nfiles = ["{name}.*"]' for name in tables]
    for name, columns in tables.items():
        lines.append(f'[[tables.{name}]]\nsource = "{name}"\n[tables.{name}.columns]')
        lines += [
            f'{column} = "{column}"' if column != "settle_time" else 'settle_time = "left(settle_time, 10)"'
            for column in columns
        ]
    (tmp_path / "apart.toml").write_text("\n".join(lines), encoding="utf-8")
    assert ingest_source(source, tmp_path / "store", mapping=str(tmp_path / "apart.toml")).months == ("2026-03",)


LOCAL = {
    "microseconds": (pa.array([AT("2026-03-01 00:30:00")], pa.timestamp("us")), "2026-03-01 00:30:00"),
    "nanoseconds": (pa.array([AT("2026-03-01 00:30:00")], pa.timestamp("ns")), "2026-03-01 00:30:00"),
    "day": (pa.array([dt.date(2026, 3, 1)]), "2026-03-01 00:00:00"),
    "text": (pa.array(["2026-03-01T00:30"]), "2026-03-01 00:30:00"),
    "parts of a microsecond": (pa.array([1], pa.timestamp("ns")), None),
    "time of day": (pa.array([dt.time(0, 30)]), None),
    "seconds since 1970": (pa.array([1772700000]), None),
    "nested": (pa.array([{"at": "2026-03-01"}]), None),
}


@pytest.mark.parametrize("kind", LOCAL)
def test_a_time_without_zone_is_local(source, tmp_path, kind):
    values, expected = LOCAL[kind]
    as_parquet(source, "settlements", "settle_time", values)
    if expected is None:
        with pytest.raises(InputError, match=r"most often: settle_time: not a t"):
            check_source(source)
        return
    ingest_source(source, tmp_path / "store")
    assert stored(tmp_path / "store", "select cast(settle_time as varchar) from settlements") == [(expected,)]


NUMBERS = {
    "double": (pa.array([20.1]), 20_100_000),
    "small double": (pa.array([0.00001]), 10),
    "float": (pa.array([20.1], pa.float32()), 20_100_000),
    "decimal with zeros": (pa.array([decimal.Decimal("20.0000000000")], pa.decimal128(38, 10)), 20_000_000),
    "whole": (pa.array([20]), 20_000_000),
    "bytes": (pa.array([b"20.1"]), 20_100_000),
    "decimal with more digits": (pa.array([decimal.Decimal("20.0000000001")], pa.decimal128(38, 10)), None),
    "sum of doubles": (pa.array([0.1 + 0.2]), None),
    "tiny double": (pa.array([1e-7]), None),
    "tinier double": (pa.array([1e-300]), None),
    "huge double": (pa.array([1.5e16]), None),
    "no number": (pa.array([float("nan")]), None),
    "infinite": (pa.array([float("inf")]), None),
    "truth": (pa.array([True]), None),
    "list": (pa.array([[20]]), None),
    "bytes that are no text": (pa.array([b"\xff\xfe"]), None),
}


def told_of_cells(report):
    return [reason for each in report.tables for reason, _, _ in each.cells]


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_of_parquet_is_stored_exactly_or_left_empty(source, tmp_path, kind):
    values, expected = NUMBERS[kind]
    as_parquet(source, "claim_lines", "unit_price", values)
    told = told_of_cells(ingest_source(source, tmp_path / "store"))
    if expected is None:
        assert len(told) == 1
        assert re.match(r"unit_price: (not a|a number of more)", told[0])
    else:
        assert told == []
    assert stored(tmp_path / "store", "select unit_price from claim_lines") == [(expected,)]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (pa.array(["阿司匹林".encode()]), "阿司匹林"),
        (pa.array(["x" * 10_000]), "x" * 10_000),
        (pa.array(["药" * 10_001]), None),
        (pa.array([{"a": 1}]), None),
        (pa.array([b"\xff\x00"]), None),
    ],
)
def test_a_name_is_a_text_of_bounded_length(source, tmp_path, values, name):
    as_parquet(source, "claim_lines", "item_name", values)
    told = told_of_cells(ingest_source(source, tmp_path / "store"))
    if name is None:
        assert told in (["item_name: not a text"], ["item_name: longer than 10,000 characters"])
    else:
        assert told == []
    assert stored(tmp_path / "store", "select item_name from claim_lines") == [(name,)]
