"""A workspace of an earlier version is read, checked, migrated and used by this one."""

import json

from features.claims import TABLES, ClaimsStore, ingest_source
from features.claims.store.catalog import Catalog
from features.claims.store.parse_catalog import FORMAT
from features.engine import DuckDBEngine
from fraud.doctor import REPAIRS, repair
from fraud.registry.check import pin_versions
from fraud.runs.read import ScoredRun
from tests.support.program import run

BLANK = [column for column in TABLES["settlements"].required if column != "settlement_id"]


def test_it_is_read_as_it_is(before, capsys):
    content = {path: path.read_bytes() for path in before.root.rglob("*") if path.is_file()}
    store = ClaimsStore.open(before.store)
    assert store.catalog.format == 1
    assert store.months() == ("2026-02", "2026-03")
    assert len(ScoredRun.open(before, "2026-03").scores("patient")) == 48
    assert run(capsys, before.root, "store").code == 0
    # Its pack agrees with itself; the line that records it is from before logs were chained, and proves nothing.
    said = run(capsys, before.root, "cases", "verify", before.cases / "2026-03-en")
    assert (said.code, "not one that workspace" in said.out) == (1, True)
    assert "an earlier version exported cannot be proved: export the month again" in said.out.replace("\n", " ")
    assert {path: path.read_bytes() for path in before.root.rglob("*") if path.is_file()} == content


def test_the_doctor_says_what_is_old_and_mends_it_once(before, capsys):
    snapshot = ClaimsStore.open(before.store).snapshot()
    said = run(capsys, before.root, "doctor")
    assert said.code == 1
    for told in (
        "open to others",
        "format 1, of an earlier version",
        "of an earlier version",
        "before logs were chained",
    ):
        assert told in said.out
    with before.writer():
        done = repair(before)
    assert done["store written in the newest format"] == 1
    assert Catalog.read(before.store).format == FORMAT
    assert ClaimsStore.open(before.store).snapshot() == snapshot
    actions = [json.loads(line) for line in before.audit_log.read_text().splitlines()]
    assert [one["repair"] for one in actions if one["action"] == "workspace repaired"] == list(done)
    with before.writer():
        assert repair(before) == {}
        assert len(pin_versions(before, reason="taken over")) == 2
    assert run(capsys, before.root, "doctor").code == 0


def test_it_is_scored_and_exported(before, capsys):
    key = before.root / "pseudonyms.key"
    assert key.stat().st_mode & 0o077 == 0
    said = run(capsys, before.root, "score", "--month", "2026-03", "--model", "none")
    assert said.code == 0
    assert "2026-03 profiles" in said.err
    assert run(capsys, before.root, "cases", "export", "--month", "2026-03", "--formats", "json").code == 0
    assert "2026-03" in {json.loads(line).get("month") for line in before.audit_log.read_text().splitlines()}


def test_a_delta_changes_it(before, tmp_path):
    names = ["settlement_id", *BLANK, "op"]
    with DuckDBEngine() as engine:
        ClaimsStore.open(before.store).attach(engine)
        sql = "select settlement_id from settlements join codes_settlement using (settlement_key) order by 1 limit 1"
        bill = engine.rows(sql)[0][0]
    (tmp_path / "bills.csv").write_text(f"{','.join(names)}\n{bill}{',' * len(BLANK)},D\n")
    columns = ", ".join(f'{name} = "{name}"' for name in names[:-1])
    block = f'[[tables.settlements]]\nsource = "b"\noperation = "op"\ncolumns = {{ {columns} }}\n'
    (tmp_path / "delta.toml").write_text(f'name = "delta"\n[sources.b]\nfiles = ["bills.csv"]\n{block}')
    report = ingest_source(tmp_path, before.store, mapping=str(tmp_path / "delta.toml"), max_month_shrink=1)
    assert [(each.table, each.n_gone) for each in report.gave_way][:1] == [("settlements", 1)]
    assert report.tables[0].n_deleted == 1


def test_every_repair_can_be_named():
    assert len({each.name for each in REPAIRS}) == len(REPAIRS)
