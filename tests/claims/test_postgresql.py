"""A source may be a PostgreSQL query: one read-only snapshot, exact texts, and no word of the password."""

import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.claims.databases.asking import Room
from features.claims.databases.postgresql import open_postgresql
from features.claims.mapping.database import DatabaseSource
from features.errors import InputError
from tests.claims.test_databases import MAPPING, RIGHT, STORED
from tests.support.mapped import counted, stored, written
from tests.support.postgresql import cluster, programs

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(programs() is None, reason="no programs of a PostgreSQL server on this machine"),
]

psycopg = pytest.importorskip("psycopg")

BILLS = """
create table bills (bill text, day timestamptz, member text, gross numeric(12, 2), open boolean, kind text);
insert into bills values
  ('B2', '2026-02-28 16:30:00+00', 'P2', 20.10, true, '0.1'),
  ('B1', '2026-03-02 10:00:00+00', 'P1', 10.00, false, '1000000000000000000000'),
  ('B3', '2026-03-03 10:00:00+00', null, 30.00, null, null);
create table kinds (id int, n numeric, f float8, d date, t timestamp, b bytea, j jsonb, z timestamptz);
insert into kinds values (1, 12345678901234567890.123456789, 0.1, 'infinity', '0099-01-01 BC', '\\xff00', '{"a": 1}',
  '2026-03-01 00:30:00+08'), (2, 1e3, 1e300, '2026-03-01', '2026-03-01 10:00:00.5', 'abc', null, null);
"""
ASKED = MAPPING.replace(
    'database = "duckdb"\nfile = "claims.duckdb"', 'database = "postgresql"\nconnection_env = "DSN"'
)


@pytest.fixture(scope="module")
def dsn():
    with cluster() as connection:
        with psycopg.connect(connection) as own:
            own.execute(BILLS)
        yield connection


@pytest.fixture
def extract(dsn, tmp_path, monkeypatch):
    monkeypatch.setenv("DSN", dsn)
    return written(tmp_path, {}, ASKED)


def test_a_query_is_a_source(extract, tmp_path):
    source, mapping = extract
    report = check_source(source, mapping=mapping)
    done = ingest_source(source, tmp_path / "store", mapping=mapping)
    assert (report.source, report.tables) == (done.source, done.tables)
    assert (counted(done, "settlements").n_stored, counted(done, "claim_lines").n_stored) == (2, 2)
    assert counted(done, "settlements").reasons == (("person_id: empty", 1, "b.parquet row 3"),)
    assert stored(ClaimsStore.open(tmp_path / "store"), STORED) == RIGHT


def test_values_are_the_texts_of_the_database(dsn, tmp_path, monkeypatch):
    monkeypatch.setenv("DSN", dsn)
    source = DatabaseSource(database="postgresql", connection_env="DSN", table="public.kinds", order_by=["id"])
    with open_postgresql(source, "here", Room(tmp_path, tmp_path, "Asia/Shanghai")) as ask:
        rows = ask(source, "here").read_all().to_pylist()
    assert [list(row.values()) for row in rows] == [
        [
            *("1", "12345678901234567890.123456789", "0.1", "infinity", "0099-01-01 00:00:00 BC", "\\xff00"),
            *('{"a": 1}', "2026-03-01 00:30:00+08"),
        ],
        ["2", "1000", "1e+300", "2026-03-01", "2026-03-01 10:00:00.5", "\\x616263", None, None],
    ]


REFUSED = [
    ("select 1 as bill; drop table bills", "syntax error|multiple commands"),
    ("select 1) as a; drop table bills; select * from (select 1 as bill", "multiple commands"),
    ("with a as (delete from bills returning *) select * from a", "query in .sources.m.*not answered"),
    ("select setval('s', 1) from (select 1) a", "relation .s. does not exist"),
    ("select nextval('numbers') as bill", "read-only transaction"),
    ("select bil from bills", 'column "bil" does not exist'),
    ("select cast(bill as int) as bill from bills", r"not answered \(SQLSTATE 22P02: InvalidTextRepresentation\)"),
    ("select 1 / (g - 39999) as bill from generate_series(1, 40000) g", "SQLSTATE 22012: DivisionByZero"),
]


def test_a_query_changes_nothing_and_its_errors_hold_no_cell(extract, dsn):
    source, _ = extract
    with psycopg.connect(dsn) as own:
        own.execute("create sequence numbers")
    for query, said in REFUSED:
        old = "select bill, 1 as pos, day, gross from bills -- all of them;"
        assert old in ASKED
        _, mapping = written(source.parent, {}, ASKED.replace(old, query))
        with pytest.raises(InputError, match=said) as told:
            check_source(source, mapping=mapping)
        assert "B1" not in str(told.value)
    with psycopg.connect(dsn) as own:
        assert own.execute("select count(*) from bills").fetchone() == (3,)
        assert own.execute("select is_called from numbers").fetchone() == (False,)


@pytest.mark.parametrize(
    ("connection", "said"),
    [
        (None, "environment variable 'DSN'.*not set"),
        ("{dsn}x", "cannot be reached.*database .postgresx. does not exist"),
        ("{dsn} password=0ther", "cannot be reached.*password authentication failed"),
        ("postgresql:/postgres:s3cret@nowhere", "no connection of libpq"),
        ("host=/nowhere user=postgres password=s3cret", "cannot be reached"),
        ("host=s3cret.invalid user=postgres password=s3cret", "cannot be reached"),
    ],
)
def test_a_connection_that_fails_does_not_tell_the_password(extract, dsn, monkeypatch, connection, said):
    source, mapping = extract
    if connection is None:
        monkeypatch.delenv("DSN")
    else:
        monkeypatch.setenv("DSN", connection.format(dsn=dsn))
    with pytest.raises(InputError, match=said) as told:
        check_source(source, mapping=mapping)
    assert "s3cret" not in str(told.value)
    assert "0ther" not in str(told.value)


def test_a_service_names_the_connection(extract, dsn, tmp_path, monkeypatch):
    source, _ = extract
    host = dsn.split()[0].removeprefix("host=")
    (tmp_path / "services").write_text(f"[claims]\nhost={host}\nuser=postgres\ndbname=postgres\n")
    (tmp_path / "pass").write_text("*:*:*:postgres:s3cret\n")
    (tmp_path / "pass").chmod(0o600)
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pass"))
    _, mapping = written(source.parent, {}, ASKED.replace('connection_env = "DSN"', 'service = "claims"'))
    assert counted(check_source(source, mapping=mapping), "claim_lines").n_read == 3
