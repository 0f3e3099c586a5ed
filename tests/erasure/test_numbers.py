"""Every number that a person or a bill had goes with the person, wherever it lies."""

import duckdb
import pytest

from features.claims import ClaimsStore, ingest_source
from features.claims.store.erase import erase_from_store, find_person
from features.engine import DuckDBEngine
from tests.support.mapped import written

MAPPING = """
[sources.b]
files = ["bills.csv"]
[sources.l]
files = ["lines.csv"]
[sources.c]
files = ["cards.csv"]
[lookups.person]
source = "c"
key = "old"
value = "new"
columns = ["person_id"]
[[tables.settlements]]
source = "b"
[tables.settlements.columns]
settlement_id = "id"
claim_id = "claim"
version_number = "'1'"
person_id = "person"
provider_id = "'H1'"
settle_time = "'2026-03-01 10:00'"
service_start_date = "'2026-03-01'"
service_end_date = "'2026-03-01'"
discharge_time = "left_at"
total_amount = "amount"
fund_paid_amount = "amount"
encounter_type = "'outpatient'"
insurance_type = "'employee'"
[[tables.claim_lines]]
source = "l"
[tables.claim_lines.columns]
settlement_id = "id"
line_number = "'1'"
fee_time = "'2026-03-01 10:00'"
item_code = "'I1'"
item_type = "'service'"
quantity = "'1'"
amount = "'10.00'"
"""
BILLS = {
    "S1": "S1,K1,CARD,10.00,",
    "S2": "S2,K2,CARD,no sum,",
    "S3": "S3,K3,P2,10.00,",
    "S4": "S4,K4,CARD,10.00,no time",
    "S5": "S5,K5,P2,no sum,",
}  # fmt: skip


def extract(folder, *bills):
    files = {
        "bills.csv": "\n".join(["id,claim,person,amount,left_at", *(BILLS[each] for each in bills)]),
        "lines.csv": "\n".join(["id", *bills]),
        "cards.csv": "old,new\nCARD,P1\n",
    }
    return written(folder, files, MAPPING)


def texts(folder):
    """All that the files of a store say, by file."""
    found = {}
    for file in sorted(folder.rglob("*.parquet")):
        rows = duckdb.execute(f"select cast(t as varchar) from read_parquet('{file}') t").fetchall()
        found[str(file.relative_to(folder))] = " ".join(row[0] for row in rows)
    return found


def files_with(folder, number):
    return [file for file, text in texts(folder).items() if number in text]


@pytest.fixture(scope="module")
def erased(tmp_path_factory):
    folder = tmp_path_factory.mktemp("erased")
    store = folder / "store"
    source, mapping = extract(folder, *BILLS)
    ingest_source(source, store, mapping=mapping)
    source, mapping = extract(folder, "S3", "S4")
    ingest_source(source, store, mapping=mapping, replace_months=["2026-03"], max_month_shrink=1)
    assert all(files_with(store, number) for number in ("P1", "CARD", "S1", "K1", "K4"))
    with DuckDBEngine() as engine:
        opened = ClaimsStore.open(store)
        find_person(engine, opened, "P1")
        erase_from_store(engine, opened)
    return store


@pytest.mark.parametrize("number", ["P1", "S1", "K1", "S4", "K4"])
def test_numbers_of_bills_go_though_only_what_gave_way_had_them(erased, number):
    assert files_with(erased, number) == []


def test_rows_under_a_number_that_was_looked_up_go_too(erased):
    assert files_with(erased, "CARD") == []


def test_others_stay(erased):
    assert all(files_with(erased, number) for number in ("P2", "S3", "K3", "S5", "K5"))
