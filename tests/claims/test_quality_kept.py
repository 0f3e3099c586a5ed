"""What ingest counted stays with the files that it wrote, and a scored month says it of the months it read."""

import json

import pytest

from features.claims import ClaimsStore, ingest_source
from features.claims.store.catalog import FILE_NAME
from features.claims.store.erase import erase_from_store, find_person
from features.engine import DuckDBEngine
from fraud.runs.manifest import RelationCount
from fraud.scoring.inputs import claims_fingerprint
from tests.support.claims import make_store, write_source

MONTHS = ("2026-01", "2026-02")
SUMS = "lines add up"


def bills(*settlements):
    """One bill of 100.00 for each (settlement, month, sum of its lines)."""
    return {
        "settlements": [
            {"settlement_id": s, "settle_time": f"{month}-15", "total_amount": "100.00", "fund_paid_amount": "1.00"}
            for s, month, _ in settlements
        ],
        "claim_lines": [{"settlement_id": s, "amount": amount} for s, _, amount in settlements],
        "persons": [{"person_id": "P1", "birth_date": "2000-01-01", "death_date": "1990-01-01"}],
    }


@pytest.fixture
def store(tmp_path):
    first = bills(("S1", "2026-01", "100.00"), ("S2", "2026-01", "90.00"), ("S3", "2026-02", "90.00"))
    return make_store(tmp_path / "made", first)


def counted(folder, *months):
    return ClaimsStore.open(folder).relations(months)


def test_counts_are_those_of_the_months(store):
    assert store.relations(["2026-01"])[SUMS] == (2, 1)
    assert store.relations(["2026-02"])[SUMS] == (1, 1)
    both = store.relations(MONTHS)
    assert both[SUMS] == (3, 2)
    # persons have no month: whoever reads the store reads them
    assert (
        both["birth_date before death_date of persons"]
        == store.relations([])["birth_date before death_date of persons"]
        == (1, 1)
    )


def test_further_sources_add_to_a_month_and_repeats_do_not(store, tmp_path):
    source = write_source(tmp_path / "late", bills(("S4", "2026-01", "70.00")))
    ingest_source(source, store.folder)
    assert counted(store.folder, "2026-01")[SUMS] == (3, 2)
    kept = (store.folder / FILE_NAME).read_bytes()
    ingest_source(source, store.folder)
    assert (store.folder / FILE_NAME).read_bytes() == kept


def test_a_replaced_month_says_what_its_new_source_said(store, tmp_path):
    source = write_source(tmp_path / "new", bills(("S1", "2026-01", "100.00")))
    ingest_source(source, store.folder, replace_months=["2026-01"], max_month_shrink=1)
    assert counted(store.folder, "2026-01")[SUMS] == (1, 0)
    assert counted(store.folder, "2026-02")[SUMS] == (1, 1)


def test_the_order_of_rows_changes_no_byte(store, tmp_path):
    source = tmp_path / "made" / "source"
    for path in source.glob("*.csv"):
        header, *rows = path.read_text().splitlines(keepends=True)
        path.write_text("".join([header, *reversed(rows)]))
    ingest_source(source, tmp_path / "other")
    assert (tmp_path / "other" / FILE_NAME).read_bytes() == (store.folder / FILE_NAME).read_bytes()


def test_counts_stay_where_a_person_goes(store, tmp_path):
    ingest_source(
        write_source(tmp_path / "more", {"persons": [{"person_id": "P2"}, {"person_id": "P3"}]}), store.folder
    )
    before = counted(store.folder, *MONTHS)
    with DuckDBEngine() as engine:
        found = ClaimsStore.open(store.folder)
        find_person(engine, found, "P2")
        erase_from_store(engine, found)
    assert counted(store.folder, *MONTHS) == before


def test_a_scored_month_says_what_was_counted_of_its_window(store):
    read = claims_fingerprint(store, ["2026-02"])
    assert read.relations[SUMS] == RelationCount(checked=1, failing=1)
    assert read.relations["birth_date before death_date of persons"] == RelationCount(checked=1, failing=1)
    old = {key: value for key, value in read.model_dump(mode="json").items() if key != "relations"}
    assert type(read).model_validate(old).relations == {}


def test_a_store_without_counts_is_read_and_has_none(store):
    path = store.folder / FILE_NAME
    found = json.loads(path.read_text())
    del found["relations"], found["days"]
    path.write_text(json.dumps({**found, "format": {"store": "2"}}))
    assert counted(store.folder, *MONTHS) == {}
