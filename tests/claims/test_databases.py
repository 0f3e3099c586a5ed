"""A source may be a DuckDB file: read-only, nothing else in reach, and from there on like any other file."""

import json

import duckdb
import pandas as pd
import pytest

from features.claims import ClaimsStore, check_source, ingest_source
from features.claims.mapping.file import load_mapping
from features.errors import InputError
from tests.support.mapped import counted, stored, written

BILLS = """
create table bills (bill varchar, day timestamptz, member varchar, gross decimal(12, 2), open boolean, kind double);
insert into bills values
  ('B2', '2026-02-28 16:30:00+00', 'P2', 20.10, true, 0.1), ('B1', '2026-03-02 10:00:00+00', 'P1', 10.00, false, 1e21),
  ('B3', '2026-03-03 10:00:00+00', null, 30.00, null, null);
"""
MAPPING = """
zone = "Asia/Shanghai"
[sources.b]
database = "duckdb"
file = "claims.duckdb"
table = "bills"
[sources.m]
database = "duckdb"
file = "claims.duckdb"
query = "select bill, 1 as pos, day, gross from bills -- all of them;"
order_by = ["bill"]
[[tables.settlements]]
source = "b"
[tables.settlements.columns]
settlement_id = "bill"
encounter_type = "'outpatient'"
settle_time = "day"
service_start_date = "day"
service_end_date = "day"
person_id = "member"
provider_id = "'H1'"
insurance_type = "'commercial'"
total_amount = "gross"
fund_paid_amount = "gross"
bed_number = "kind"
is_proxy_purchase = "open"
[[tables.claim_lines]]
source = "m"
[tables.claim_lines.columns]
settlement_id = "bill"
line_number = "pos"
fee_time = "day"
item_code = "'I1'"
item_type = "'service'"
quantity = "'1'"
amount = "gross"
"""
STORED = (
    "select settlement_id, total_amount, cast(settle_time as varchar), bed_number, is_proxy_purchase, month "
    "from settlements join codes_settlement using (settlement_key) order by 1"
)
# The day is that of the zone; 10^21 has no exponent.
RIGHT = [
    ("B1", 1000, "2026-03-02 18:00:00", "1000000000000000000000", False, "2026-03"),
    ("B2", 2010, "2026-03-01 00:30:00", "0.1", True, "2026-03"),
]


def make_database(path, sql=BILLS):
    with duckdb.connect(str(path)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(sql)


@pytest.fixture
def extract(tmp_path):
    source, mapping = written(tmp_path, {}, MAPPING)
    make_database(source / "claims.duckdb")
    return source, mapping


def test_a_duckdb_file_is_a_source(extract, tmp_path):
    source, mapping = extract
    before = (source / "claims.duckdb").read_bytes()
    report = check_source(source, mapping=mapping)
    done = ingest_source(source, tmp_path / "store", mapping=mapping)
    assert (report.source, report.tables) == (done.source, done.tables)
    told = counted(done, "settlements")
    assert (told.n_read, told.n_stored, told.n_quarantined) == (3, 2, 1)
    store = ClaimsStore.open(tmp_path / "store")
    assert stored(store, STORED) == RIGHT
    # Without an order the rows stand in that of their texts, so that a place is a place.
    assert told.reasons == (("person_id: empty", 1, "b.parquet row 3"),)
    bad = pd.read_parquet(store.folder / store.catalog.quarantine["settlements"][0].file)
    assert (list(bad["row_number"]), json.loads(bad["raw"].iloc[0])["bill"]) == ([3], "B3")
    assert (source / "claims.duckdb").read_bytes() == before
    assert not (tmp_path / "store" / "staging").exists()


def test_the_same_rows_in_another_order_are_the_same_source(extract, tmp_path):
    source, mapping = extract
    first = check_source(source, mapping=mapping)
    (source / "claims.duckdb").unlink()
    make_database(source / "claims.duckdb", BILLS + "create or replace table bills as from bills order by bill desc;")
    assert check_source(source, mapping=mapping).source == first.source


OUTSIDE = [
    ('query = "select 1 as bill; drop table bills"', "query in .sources.m.*not answered|more than one"),
    ("query = \"select 1) as a; copy bills to 'x.csv'; select * from (select 1\"", "more than one statement"),
    ('query = "delete from bills returning *"', "query in .sources.m"),
    ("query = \"select * from read_csv('/etc/passwd')\"", "disabled by config"),
    ("query = \"select * from '/etc/passwd'\"", "query in .sources.m"),
    ('query = "select * from bils"', "bils does not exist"),
    ('query = "select cast(bill as integer) as bill from bills"', r"not answered \(ConversionException\)"),
    ('table = "bills"\nquery = "select 1"', "give a `query` or a `table`"),
    ('table = "bills; drop"', r"sources\.m\.table"),
]


@pytest.mark.parametrize(("line", "said"), OUTSIDE)
def test_a_query_reads_the_database_and_nothing_else(extract, line, said):
    source, mapping = extract
    text = MAPPING.replace('query = "select bill, 1 as pos, day, gross from bills -- all of them;"', line)
    written(source.parent, {}, text)
    before = (source / "claims.duckdb").read_bytes()
    with pytest.raises(InputError, match=said) as told:
        check_source(source, mapping=mapping)
    assert "B1" not in str(told.value)
    assert (source / "claims.duckdb").read_bytes() == before


KEYS = [
    ('file = "claims.duckdb"', 'file = "../claims.duckdb"', "leaves the folder"),
    ('file = "claims.duckdb"', 'file = "/claims.duckdb"', "leaves the folder"),
    ('file = "claims.duckdb"', "", "duckdb reads a `file`"),
    ('file = "claims.duckdb"', 'service = "x"', "duckdb reads a `file`"),
    ('database = "duckdb"', 'database = "oracle"', r"sources\.b\.database"),
    ('database = "duckdb"', 'database = "postgresql"', "from `connection_env` or from `service`"),
    ('database = "duckdb"', 'databas = "duckdb"', "did you mean 'database'"),
    ('order_by = ["bill"]', 'orderby = ["bill"]', "did you mean 'order_by'"),
]


@pytest.mark.parametrize(("old", "new", "said"), KEYS)
def test_a_database_that_means_nothing_is_refused(tmp_path, old, new, said):
    with pytest.raises(InputError, match=said):
        load_mapping(written(tmp_path, {}, MAPPING.replace(old, new, 1))[1])


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_a_file_that_is_no_database_is_refused(extract, content):
    source, mapping = extract
    (source / "claims.duckdb").unlink()
    if content is not None:
        (source / "claims.duckdb").write_bytes(content)
    with pytest.raises(InputError, match=r"database in .sources.b.*(no file|cannot be opened)|query in .sources.b"):
        check_source(source, mapping=mapping)


def test_a_link_out_of_the_folder_is_refused(extract, tmp_path):
    source, mapping = extract
    (source / "claims.duckdb").rename(tmp_path / "elsewhere.duckdb")
    (source / "claims.duckdb").symlink_to(tmp_path / "elsewhere.duckdb")
    with pytest.raises(InputError, match=r"database in .sources.b.*below the source folder"):
        check_source(source, mapping=mapping)
