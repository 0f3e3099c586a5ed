"""What a store was is kept with its parts: neither an ingest nor a broken file loses it, an erasure does."""

from datetime import UTC, datetime, timedelta

import pytest

from features.claims import ClaimsStore, ingest_source
from features.claims.store.history import as_it_was, kept, kept_files, kept_parts
from features.engine import DuckDBEngine
from fraud.doctor.remark import Patient
from fraud.doctor.store import check_store
from fraud.erasure import erase_person, expire
from fraud.settings import Settings
from fraud.workspace import Workspace
from tests.support.claims import write_source


def bills(*people):
    return [
        {"settlement_id": f"S{n}", "person_id": person, "settle_time": "2026-03-10 09:00:00"}
        for n, person in enumerate(people)
    ]


@pytest.fixture
def replaced(tmp_path):
    """A workspace whose March held bills of P1 and P9 and now holds those of P1 and P2."""
    workspace = Workspace(tmp_path / "w")
    for name, rows in {"old": bills("P1", "P9"), "new": bills("P1", "P2")}.items():
        source = write_source(tmp_path / name, {"settlements": rows})
        more = {"replace_months": ["2026-03"]} if name == "new" else {}
        ingest_source(source, workspace.store, **more)
    return workspace


def people(store):
    with DuckDBEngine() as engine:
        store.attach(engine)
        sql = "select person_id from settlements join codes_person using (person_key) order by 1"
        return [row[0] for row in engine.rows(sql)]


def then(workspace):
    now = ClaimsStore.open(workspace.store)
    return as_it_was(now, lambda store: store.snapshot() != now.snapshot())


def remarks(workspace):
    return [each.what for each in check_store(Patient(workspace, quick=False, tell=str))]


def test_what_gave_way_is_read_as_it_was_after_further_ingests(replaced, tmp_path):
    ingest_source(tmp_path / "new", replaced.store)
    before = then(replaced)
    assert (people(ClaimsStore.open(replaced.store)), people(before)) == (["P1", "P2"], ["P1", "P9"])
    assert before.snapshot() in {each.digest() for each in kept(replaced.store)}
    assert any("earlier states kept for replays" in told for told in remarks(replaced))


def test_nothing_is_removed_while_a_kept_catalogue_cannot_be_read(replaced, tmp_path):
    parts = kept_parts(replaced.store, ClaimsStore.open(replaced.store).catalog)
    broken = kept_files(replaced.store)[0]
    text = broken.read_text()
    broken.write_text("{")
    ingest_source(tmp_path / "new", replaced.store)
    assert all((replaced.store / part.file).is_file() for part in parts)
    assert "what the store was cannot be read: months scored of it cannot be replayed" in remarks(replaced)
    broken.write_text(text)
    (replaced.store / parts[0].file).unlink()
    assert f"1 of {len(parts)} parts kept for replays are missing or damaged" in remarks(replaced)


def test_what_is_old_expires_with_its_parts(replaced):
    day = datetime.now(UTC) + timedelta(days=10)
    assert expire(replaced, older_than_days=20, kinds=["history"], now=day).removed == {"history": 0}
    assert expire(replaced, older_than_days=5, kinds=["history"], now=day).removed == {"history": 1}
    assert (list(kept(replaced.store)), then(replaced)) == ([], None)
    catalog = ClaimsStore.open(replaced.store).catalog
    assert {str(path.relative_to(replaced.store)) for path in (replaced.store / "parts").rglob("*.parquet")} == {
        part.file for part in catalog.parts() if part.file.startswith("parts/")
    }


def test_an_erasure_reaches_bills_that_gave_way(replaced):
    told = erase_person(replaced, "P9", "asked", settings=Settings())
    # One bill with one line gave way; person and codes are still there.
    assert {name: told.removed[name] for name in ("kept_settlements", "kept_claim_lines", "codes_settlement")} == {
        "kept_settlements": 1,
        "kept_claim_lines": 1,
        "codes_settlement": 1,
    }
    assert list(kept(replaced.store)) == []
    assert people(ClaimsStore.open(replaced.store)) == ["P1"]
