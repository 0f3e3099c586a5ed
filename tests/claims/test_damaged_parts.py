"""Damaged parts of the store: each names itself, its table and the way out, and nothing is computed of it."""

import shutil

import pytest

from features.claims import ClaimsStore, ingest_source
from features.claims.store.describe import describe
from features.engine import DuckDBEngine
from features.errors import InputError, ToolkitError
from tests.support.claims import make_store, write_source

ROWS = {
    "settlements": [
        {"settlement_id": "S1", "settle_time": "2026-01-05 10:00:00"},
        {"settlement_id": "S2", "settle_time": "2026-02-05 10:00:00"},
    ]
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    make_store(folder, ROWS)
    return folder


@pytest.fixture
def store(made, tmp_path):
    shutil.copytree(made / "store", tmp_path / "store")
    return ClaimsStore.open(tmp_path / "store")


def files(store, folder="parts/claim_lines/2026-02"):
    return next((store.folder / folder).glob("*.parquet"))


def attach(store, months=None):
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(store.folder).attach(engine, months=months)
        return engine.rows("select count(*) from claim_lines")[0][0]


def missing(file):
    file.unlink()


def empty(file):
    file.write_bytes(b"")


def cut(file):
    file.write_bytes(file.read_bytes()[:-9])


def one_bit(file):
    # In the middle: the footer is whole, and no reader but a digest need see it.
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)


def one_byte_more(file):
    file.write_bytes(file.read_bytes() + b"\0")


def another_part(file):
    shutil.copyfile(next(file.parents[1].glob("2026-01/*.parquet")), file)


def a_link(file):
    file.rename(file.with_suffix(".moved"))
    file.symlink_to(file.with_suffix(".moved"))


def a_linked_folder(file):
    file.parent.rename(file.parents[3] / "elsewhere")
    file.parent.symlink_to(file.parents[3] / "elsewhere")


def a_folder(file):
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize(
    "damage", [missing, empty, cut, one_bit, one_byte_more, another_part, a_link, a_linked_folder, a_folder]
)
def test_a_damaged_part_names_itself(store, damage):
    damage(files(store))
    named = r"store part 'parts/claim_lines/2026-02/\w+\.parquet' \(claim_lines, month 2026-02\): .+"
    with pytest.raises(ToolkitError, match=named + r"Hint: restore .*`fraud ingest SOURCE --replace-month 2026-02`"):
        attach(store)
    assert attach(store, ["2026-01"]) == 1


@pytest.mark.parametrize(
    ("folder", "told"),
    [("parts/persons", "persons"), ("codes/person", "codes of person"), ("parts/settlements/2026-01", "month 2026-01")],
)
def test_other_parts_say_what_they_are(store, folder, told):
    one_bit(files(store, folder))
    with pytest.raises(ToolkitError, match=rf"\(.*{told}\): changed or cut"):
        attach(store)


def test_the_overview_of_a_store_names_a_missing_part(store):
    files(store).unlink()
    with pytest.raises(ToolkitError, match=r"month 2026-02\): missing"):
        describe(store)


@pytest.mark.parametrize("damage", [missing, one_bit, a_link])
def test_a_damaged_month_is_ingested_anew(made, store, damage):
    whole = ClaimsStore.open(made / "store")
    damage(files(store))
    damage(files(store, "parts/settlements/2026-02"))
    with pytest.raises(ToolkitError, match=r"\(settlements, month 2026-02\)"):
        ingest_source(made / "source", store.folder)
    ingest_source(made / "source", store.folder, replace_months=["2026-02"])
    assert ClaimsStore.open(store.folder).snapshot() == whole.snapshot()
    assert attach(store) == 2
    assert files(store).read_bytes() == files(whole).read_bytes()


@pytest.mark.parametrize("folder", ["parts", "codes", "staging", ""])
def test_a_store_with_folders_elsewhere_is_not_written(made, store, tmp_path, folder):
    moved = store.folder / folder
    outside = tmp_path / "outside"
    moved.rename(outside) if moved.exists() else outside.mkdir()
    moved.symlink_to(outside)
    (outside / "mine.txt").write_text("not the store's")
    with pytest.raises(InputError, match="a link, not a folder"):
        ingest_source(made / "source", store.folder)
    assert (outside / "mine.txt").read_text() == "not the store's"


def test_rows_that_give_way_need_not_be_read_and_all_others_are_compared(made, store, tmp_path):
    changed = write_source(tmp_path / "new", {"settlements": [{**ROWS["settlements"][1], "person_id": "P9"}]})
    one_bit(files(store, "parts/settlements/2026-02"))
    report = ingest_source(changed, store.folder, replace_months=["2026-02"])
    assert {count.table: count.n_quarantined for count in report.tables if count.n_quarantined} == {}
    assert attach(store) == 2
