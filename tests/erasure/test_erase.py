"""A person is erased from every file of a workspace, others stay, and the record names nobody."""

from __future__ import annotations

import html
import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.errors import InputError, ToolkitError
from fraud.audit import read_audit
from fraud.cases import export_cases
from fraud.cases.life.feedback import import_feedback
from fraud.cli.main import main
from fraud.erasure import erase_person
from fraud.settings import CaseSettings, Settings
from fraud.workspace import Workspace
from tests.support.claims import make_store

SETTINGS = Settings(cases=CaseSettings(top=12))
MONTH = "2026-03"


def _holds(path: Path, identifier: str) -> bool:
    if path.suffix == ".parquet":
        sql = f"select 1 from read_parquet('{path}') t where contains(cast(t as varchar), ?) limit 1"
        return bool(duckdb.execute(sql, [identifier]).fetchall())
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            return any(identifier.encode() in book.read(name) for name in book.namelist())
    return identifier.encode() in path.read_bytes()


def _files_with(root: Path, identifier: str) -> list[str]:
    files = sorted(path for path in root.rglob("*") if path.is_file() and "runs" not in path.relative_to(root).parts)
    return [path.relative_to(root).as_posix() for path in files if _holds(path, identifier)]


@pytest.fixture(scope="module")
def all_known(scored_city, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str, str]:
    """A workspace that knows a person from every side, and another person of it; only to be copied."""
    folder = tmp_path_factory.mktemp("known")
    own = Workspace(shutil.copytree(scored_city[0].root, folder / "copy", symlinks=True))
    unmasked = {"unmask": True, "reason": "court order", "lang": "zh"}
    pack = export_cases(own, MONTH, settings=SETTINGS, formats=("json", "xlsx"), **unmasked)
    export_cases(own, MONTH, settings=SETTINGS, formats=("json",))
    cases = json.loads((pack / "cases.json").read_text(encoding="utf-8"))
    person, other = [case["shown_id"] for case in cases if case["subject_type"] == "patient"][:2]
    rows = ["subject_type,subject_id,decision,decided_date,note"]
    rows += [f"patient,{one},confirmed_fraud,2026-07-15,said by {one}" for one in (person, other)]
    rows += [f"provider,nobody,unfounded,2026-07-15,met {one}" for one in (person, other)]
    (folder / "back.csv").write_text("\n".join(rows) + "\n")
    (folder / "more").mkdir()
    table = ["label_id,subject_type,subject_id,decision,decided_date,known_date"]
    table += [f"L-7,patient,{other},confirmed_fraud,2026-07-16,2026-07-16"]
    table += [f"L-8,patient,{person},guilty,2026-07-15,2026-07-15"]
    (folder / "more" / "labels.csv").write_text("\n".join(table) + "\n")
    with own.writer():
        import_feedback(own, folder / "back.csv", settings=SETTINGS)
        ingest_source(folder / "more", own.store)
    return own, person, other


@pytest.fixture
def known(all_known, tmp_path: Path) -> tuple[Workspace, str, str]:
    """A copy of it that a test may change."""
    workspace, person, other = all_known
    return Workspace(shutil.copytree(workspace.root, tmp_path / "copy", symlinks=True)), person, other


def _run(workspace: Workspace, monkeypatch, typed: str, *words: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(workspace.root), *words])
    return left.value.code


def _actions(workspace: Workspace) -> list[str]:
    return [entry["action"] for entry in read_audit(workspace.audit_log, workspace.key()).entries]


def test_nothing_of_the_person_is_left_and_others_stay(known, monkeypatch, capsys):
    workspace, person, other = known
    before = {each.split("/")[0] for each in _files_with(workspace.root, person)}
    assert before == {"store", "versions", "cases"}
    words = ("erase", "--reason", "asked for on 1 August", "--json")
    assert _run(workspace, monkeypatch, f"{person}\n", *words, "--dry-run") == 0
    wanted = json.loads(capsys.readouterr().out)["removed"]
    assert {each.split("/")[0] for each in _files_with(workspace.root, person)} == before
    assert _run(workspace, monkeypatch, f"{person}\n", *words) == 0
    assert json.loads(capsys.readouterr().out)["removed"] == wanted
    assert {"settlements", "claim_lines", "persons", "labels", "codes_person", "packs", "events"} <= set(wanted)
    assert {"returned rows", "quarantine_labels"} <= set(wanted)
    assert wanted["packs"] == 2  # the unmasked one, and the one that shows the pseudonym
    assert _files_with(workspace.root, person) == []
    kept = {each.split("/")[0] for each in _files_with(workspace.root, other)}
    assert kept == {"store", "versions", "cases"}
    told = read_audit(workspace.audit_log, workspace.key())
    assert told.faults == ()
    assert [entry["action"] for entry in told.entries][-2:] == ["erase begun", "erase"]
    assert person not in workspace.audit_log.read_text()
    # What is left can still be worked with.
    export_cases(workspace, MONTH, settings=SETTINGS, formats=("json",))
    assert _run(workspace, monkeypatch, f"{person}\n", *words) == 2


def test_the_rows_of_the_store_are_those_of_all_others(tmp_path):
    settlements = [{"settlement_id": f"S{n}", "person_id": f"P{n % 3}"} for n in range(9)]
    make_store(tmp_path / "w", {"settlements": settlements})
    workspace = Workspace(tmp_path / "w")
    told = erase_person(workspace, "P1", "asked", settings=SETTINGS)
    # S1, S4, S7, each with one line
    counts = {"settlements": 3, "claim_lines": 3, "persons": 1, "codes_person": 1, "codes_settlement": 3}
    assert told.removed == counts
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(workspace.store).attach(engine)
        left = engine.rows(
            "select c.settlement_id, p.person_id from settlements s join codes_settlement c using (settlement_key) "
            "join codes_person p using (person_key) order by 1"
        )
        lines = engine.rows("select count(*) from claim_lines")
    assert left == [(f"S{n}", f"P{n % 3}") for n in range(9) if n % 3 != 1]
    assert lines == [(6,)]


def test_an_erasure_that_was_broken_off_is_repeated(tmp_path, monkeypatch):
    make_store(tmp_path / "w", {"settlements": [{"settlement_id": "S1"}, {"settlement_id": "S2", "person_id": "P2"}]})
    workspace = Workspace(tmp_path / "w")

    def broken(*_):
        raise OSError("broken off")

    with monkeypatch.context() as then:
        then.setattr("features.claims.store.erase.remove_orphans", broken)
        with pytest.raises(OSError, match="broken off"):
            erase_person(workspace, "P1", "asked", settings=SETTINGS)
    assert _files_with(workspace.store, "P1")
    # Whatever was removed is recorded as begun; now it is recorded as done.
    assert erase_person(workspace, "P1", "asked", settings=SETTINGS).removed == {}
    assert _files_with(workspace.store, "P1") == []
    assert _actions(workspace)[-2:] == ["erase begun", "erase"]
    with pytest.raises(InputError, match="nothing is held"):
        erase_person(workspace, "P1", "asked", settings=SETTINGS)


class Killed(BaseException):
    """Not an Exception: nothing that mends or cleans up may run after it."""


def _kill_at(patch: pytest.MonkeyPatch, step: int) -> list[str]:
    """Die at a change of a name on the disk, before it; return the changes that were made."""
    made: list[str] = []

    def dying(name, real):
        def call(*given, **named):
            if len(made) >= step:
                raise Killed
            made.append(name)
            return real(*given, **named)

        return call

    for name in ("unlink", "rmdir", "rename", "replace"):
        patch.setattr(os, name, dying(name, getattr(os, name)))
    return made


@pytest.mark.slow
def test_an_erasure_killed_anywhere_is_repeated(known, tmp_path):
    workspace, person, other = known
    with pytest.MonkeyPatch.context() as patch:
        start = Workspace(shutil.copytree(workspace.root, tmp_path / "calm", symlinks=True))
        steps = len(_kill_at_and_erase(patch, 1_000_000, start, person))
    for k in range(12):
        copy = Workspace(shutil.copytree(workspace.root, tmp_path / f"killed-{k}", symlinks=True))
        with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
            _kill_at_and_erase(patch, k * steps // 12, copy, person)
        with copy.writer():
            erase_person(copy, person, "asked", settings=SETTINGS)
        assert _files_with(copy.root, person) == []
        assert _files_with(copy.root, other)
        assert list(copy.half_written()) == []
        assert _actions(copy)[-1] == "erase"


def _kill_at_and_erase(patch: pytest.MonkeyPatch, step: int, workspace: Workspace, person: str) -> list[str]:
    with workspace.writer():
        made = _kill_at(patch, step)
        erase_person(workspace, person, "asked", settings=SETTINGS)
    return made


def test_what_a_killed_export_left_goes_too(known):
    workspace, person, _ = known
    pack = next(workspace.cases.glob("*/manifest.json")).parent
    left = pack.rename(pack.with_name(f".{pack.name}.writing"))
    (left / "manifest.json").unlink()
    (workspace.cases / "quarantine" / "x.json.new").write_text(f'[{{"row": "{person}')
    erase_person(workspace, person, "asked", settings=SETTINGS)
    assert _files_with(workspace.root, person) == []
    assert not left.exists()


def test_a_month_that_was_copied_without_its_link_is_refused(known):
    workspace, person, _ = known
    link = workspace.runs / MONTH
    version = link.resolve()
    link.unlink()
    shutil.copytree(version, link)
    with pytest.raises(ToolkitError, match="a folder, not the link"):
        erase_person(workspace, person, "asked", settings=SETTINGS)
    assert "erase begun" not in _actions(workspace)


@pytest.mark.parametrize("person", ['P"1', "P\\1", "P&1", "病1", "P<1>"])
def test_an_id_is_found_however_a_file_writes_it(tmp_path, person):
    make_store(tmp_path / "w", {"settlements": [{"settlement_id": "S1", "person_id": person}, {"settlement_id": "S2"}]})
    workspace = Workspace(tmp_path / "w")
    rows = [{"row": {"subject_id": one}} for one in (person, "other")]
    for folder, name in (("quarantine", "q.json"), ("issued", "P-0.json"), ("pack", "cases.html")):
        (workspace.cases / folder).mkdir(parents=True)
        text = (
            f"<b>{html.escape(person)}</b>" if folder == "pack" else json.dumps(rows, ensure_ascii=folder == "issued")
        )
        (workspace.cases / folder / name).write_text(text)
    told = erase_person(workspace, person, "asked", settings=SETTINGS)
    assert (told.removed["packs"], told.removed["records of packs"], told.removed["returned rows"]) == (1, 1, 1)
    assert json.loads((workspace.cases / "quarantine" / "q.json").read_text()) == rows[1:]


@pytest.mark.parametrize(
    ("person", "reason", "why"), [("P1", " ", "empty"), ("P1", "P1 asked", "names"), ("P9", "x", "nothing is held")]
)
def test_what_cannot_be_erased_is_refused(tmp_path, person, reason, why):
    make_store(tmp_path / "w", {"settlements": [{"settlement_id": "S1"}]})
    with pytest.raises(InputError, match=why):
        erase_person(Workspace(tmp_path / "w"), person, reason, settings=SETTINGS)


def test_what_cannot_be_recorded_is_not_erased(tmp_path):
    make_store(tmp_path / "w", {"settlements": [{"settlement_id": "S1"}]})
    workspace = Workspace(tmp_path / "w")
    workspace.audit_log.mkdir()
    snapshot = ClaimsStore.open(workspace.store).snapshot()
    with pytest.raises(ToolkitError, match="is not recorded"):
        erase_person(workspace, "P1", "asked", settings=SETTINGS)
    assert ClaimsStore.open(workspace.store).snapshot() == snapshot


@pytest.mark.parametrize("typed", ["", "P1\nP2\n", "x" * 2000])
def test_an_id_is_one_line_of_standard_input(tmp_path, monkeypatch, typed):
    assert _run(Workspace(tmp_path), monkeypatch, typed, "erase", "--reason", "asked") == 2


def test_numbers_that_versions_share_go_with_them(tmp_path):
    rows = [
        {"settlement_id": "A", "person_id": "P1", "version_number": 1},
        {"settlement_id": "A", "person_id": "P1", "version_number": 2, "replaces_settlement_id": "Z9"},
        {"settlement_id": "B", "person_id": "P2", "version_number": 1},
    ]
    lines = [{"settlement_id": "A", "version_number": 1}, {"settlement_id": "A", "version_number": 2}]
    make_store(tmp_path / "w", {"settlements": rows, "claim_lines": lines})
    workspace = Workspace(tmp_path / "w")
    told = erase_person(workspace, "P1", "asked", settings=SETTINGS)
    # A, A~1, A~2 and the bill they replaced elsewhere: what does not stand is erased as well.
    assert (told.removed["settlements"], told.removed["claim_lines"], told.removed["codes_settlement"]) == (2, 2, 4)
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(workspace.store).attach(engine)
        assert engine.rows("select settlement_id from codes_settlement order by 1") == [("B",), ("B~1",)]
