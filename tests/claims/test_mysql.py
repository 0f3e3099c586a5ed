"""A source may be a MySQL or MariaDB query: one read-only snapshot, exact texts, and no word of the password."""

import doctest

import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.claims.databases import asking, mysql
from features.claims.databases.asking import Room, texts_of
from features.claims.mapping.database import DatabaseSource
from features.errors import InputError
from tests.claims.test_databases import MAPPING, RIGHT, STORED
from tests.support.mapped import stored, written
from tests.support.mariadb import is_there, server

pymysql = pytest.importorskip("pymysql")
needs_server = pytest.mark.skipif(not is_there(), reason="no programs of a MariaDB server on this machine")

# The zone's day, as a local time: MySQL's DATETIME has no zone.
BILLS = """
create database claims character set utf8mb4; use claims;
create table bills (bill varchar(9), day datetime, member varchar(9), gross decimal(12, 2), open bool, kind text);
insert into bills values
  ('B2', '2026-03-01 00:30:00', 'P2', 20.10, true, '0.1'),
  ('B1', '2026-03-02 18:00:00', 'P1', 10.00, false, '1000000000000000000000'),
  ('B3', '2026-03-03 18:00:00', null, 30.00, null, null);
create table kinds (id int, n decimal(40, 9), f double, d date, t datetime(3), b varbinary(9), u text, y bit(1),
  z timestamp null);
set sql_mode = '', time_zone = '+00:00';
insert into kinds values (1, 12345678901234567890.123456789, 0.1, '0000-00-00', '2026-03-01 10:00:00.5', x'ff00',
  '市', 1, '2026-02-28 16:30:00');
create user reader identified by 's3cret'; grant select on claims.* to reader;
"""
ASKED = MAPPING.replace('database = "duckdb"\nfile = "claims.duckdb"', 'database = "mysql"\nconnection_env = "DSN"')
ASKED = ASKED.replace('zone = "Asia/Shanghai"', "")


@pytest.fixture(scope="module")
def dsn():
    with server() as own:
        connection = pymysql.connect(**own, charset="utf8mb4", autocommit=True)
        with connection.cursor() as cursor:
            for statement in BILLS.split(";"):
                if statement.strip():
                    cursor.execute(statement)
        connection.close()
        yield f"mysql://reader:s3cret@localhost/claims?unix_socket={own['unix_socket']}"


@needs_server
def test_a_query_is_a_source(dsn, tmp_path, monkeypatch):
    monkeypatch.setenv("DSN", dsn)
    source, mapping = written(tmp_path, {}, ASKED)
    report = check_source(source, mapping=mapping)
    done = ingest_source(source, tmp_path / "store", mapping=mapping)
    assert (report.source, report.tables) == (done.source, done.tables)
    assert stored(ClaimsStore.open(tmp_path / "store"), STORED) == RIGHT


@needs_server
def test_values_are_the_texts_of_the_database(dsn, tmp_path, monkeypatch):
    monkeypatch.setenv("DSN", dsn)
    source = DatabaseSource(database="mysql", connection_env="DSN", table="kinds", order_by=["id"])
    with mysql.open_mysql(source, "here", Room(tmp_path, tmp_path, None)) as ask:
        (row,) = ask(source, "here").read_all().to_pylist()
    assert list(row.values())[:-1] == [
        *("1", "12345678901234567890.123456789", "0.1", "0000-00-00", "2026-03-01 10:00:00.500", "\\xff00", "市", "1")
    ]


REFUSED = [
    ("select 1 as bill; drop table bills", "error 1064"),
    ("select 1) as a; drop table bills; select * from (select 1 as bill", "error 1064"),
    ("delete from bills", "error 1064"),
    ("select * from bills into outfile '/tmp/never'", "error 1064"),
    ("select bil from bills", "Unknown column 'bil'"),
    ("select * from mysql.user", "error 1142"),
    ("select (select bill from bills) as bill", r"not answered \(error 1242: OperationalError\)"),
]


@needs_server
def test_a_query_reads_the_database_and_nothing_else(dsn, tmp_path, monkeypatch):
    monkeypatch.setenv("DSN", dsn)
    for query, said in REFUSED:
        source, mapping = written(
            tmp_path, {}, ASKED.replace("select bill, 1 as pos, day, gross from bills -- all of them;", query)
        )
        with pytest.raises(InputError, match=said) as told:
            check_source(source, mapping=mapping)
        assert "B1" not in str(told.value)
    monkeypatch.setenv("DSN", dsn.replace("s3cret", "0ther"))
    with pytest.raises(InputError, match="Access denied for user 'reader'") as told:
        check_source(source, mapping=mapping)
    assert "0ther" not in str(told.value)
    monkeypatch.setenv("DSN", dsn)
    _, mapping = written(tmp_path, {}, 'zone = "Asia/Shanghai"\n' + ASKED)
    with pytest.raises(InputError, match=r"knows no zone 'Asia/Shanghai'.*mysql_tzinfo_to_sql"):
        check_source(source, mapping=mapping)


@pytest.mark.parametrize(
    "text",
    ["mysql://x:s3cret@h", "postgresql://x:s3cret@h/d", "mysql://x:s3cret@h:p/d", "s3cret", "mysql://h/d?s3cret=1"],
)
def test_a_text_that_is_no_connection_is_not_told(tmp_path, monkeypatch, text):
    monkeypatch.setenv("DSN", text)
    source, mapping = written(tmp_path, {}, ASKED)
    with pytest.raises(InputError, match=r"database in .sources.b.*cannot be reached") as told:
        check_source(source, mapping=mapping)
    assert "s3cret" not in str(told.value)


def test_cells_become_texts():
    rows = texts_of(["a", "b"], [[("市", None), ("市".encode(), b"\xff\x00")], [(7, "")]])
    assert rows.read_all().to_pydict() == {"a": ["市", "市", "7"], "b": [None, "\\xff00", ""]}


def test_a_missing_driver_names_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pymysql", None)
    source, mapping = written(tmp_path, {}, ASKED)
    with pytest.raises(InputError, match=r"no driver for mysql.*pip install 'claims-fraud-toolkit\[mysql\]'"):
        check_source(source, mapping=mapping)


def test_examples():
    assert [doctest.testmod(module).failed for module in (asking, mysql)] == [0, 0]
