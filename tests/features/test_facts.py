"""Facts of a month: written anew when something that they are made of changes, and only then."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from features.claims import ClaimsStore
from features.claims.versions.effective import EFFECTIVE_VIEWS
from features.engine import DuckDBEngine
from features.errors import ToolkitError
from features.facts import FACTS, keep
from features.facts.keep import ensure_facts
from tests.support.claims import make_store
from tests.support.recording import RecordingEngine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINES = [
    {"settlement_id": "S1", "line_number": 1, "amount": "40.00", "quantity": "4", "executor_id": "D1"},
    {"settlement_id": "S1", "line_number": 2, "amount": "-10.00", "quantity": "-1", "original_line_number": 1},
]


def _store(folder: Path) -> ClaimsStore:
    later = {"settlement_id": "S2", "settle_time": "2026-02-05 10:00:00"}
    lines = [*LINES, {"settlement_id": "S2", "amount": "5.00", "executor_id": "D1"}]
    return make_store(folder, {"settlements": [{"settlement_id": "S1"}, later], "claim_lines": lines})


def test_every_fact_has_a_name_and_a_key_of_its_own() -> None:
    assert len({fact.name for fact in FACTS}) == len(FACTS)
    for fact in FACTS:
        assert fact.grain.startswith("One row per ")
        assert fact.key


def test_a_month_alone_nets_its_own_refunds(tmp_path) -> None:
    with DuckDBEngine(threads=1) as engine:
        ensure_facts(_store(tmp_path), engine, ["2026-01", "2026-02"], tmp_path / "facts")
        rows = engine.rows("select month, n_lines, amount from work_facts order by month")
    assert rows == [("2026-01", 1, 3000), ("2026-02", 1, 500)]


def test_views_of_what_is_left_follow_the_months_that_are_shown(tmp_path) -> None:
    store = _store(tmp_path)
    with RecordingEngine() as engine:
        store.attach(engine)
        engine.statements.clear()
        store.attach_months(engine, ["2026-02"])
        # An engine may fix what a view reads when it is named: these must come after the lines they read.
        named = [name for name, _ in engine.statements]
        assert [name for name in named if name in dict(EFFECTIVE_VIEWS)] == [name for name, _ in EFFECTIVE_VIEWS]
        assert engine.rows("select count(*) from line_refunds") == [(0,)]


def test_a_changed_view_writes_anew_what_reads_it(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, folder = _store(tmp_path), tmp_path / "facts"

    def kept() -> set[str]:
        with DuckDBEngine(threads=1) as engine:
            ensure_facts(store, engine, ["2026-01"], folder)
        return {f"{path.parent.name}/{path.name}" for path in folder.glob("*/*.parquet")}

    before = kept()
    monkeypatch.setattr(keep, "EFFECTIVE_VIEWS", tuple((name, f"{sql} ") for name, sql in EFFECTIVE_VIEWS))
    assert {name.split("/")[0] for name in kept() - before} == {"work_facts"}


def _kept(folder: Path, month: str = "2026-01") -> Path:
    return next(folder.glob(f"work_facts/{month}-*.parquet"))


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _link(path: Path) -> None:
    path.rename(path.with_suffix(".elsewhere"))
    path.symlink_to(path.with_suffix(".elsewhere"))


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[ClaimsStore, Path]:
    root = tmp_path_factory.mktemp("whole")
    store = _store(root)
    with DuckDBEngine(threads=1) as engine:
        ensure_facts(store, engine, ["2026-01", "2026-02"], root / "facts")
    return store, root / "facts"


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-20]),
        _flip,
        _link,
        _folder,
        lambda path: shutil.copyfile(_kept(path.parents[1], "2026-02"), path),
        lambda path: path.with_suffix(".json").unlink(),
        lambda path: path.with_suffix(".json").write_bytes(b"[" * 10_000_000),
    ],
    ids=["empty", "cut", "one bit", "link", "folder", "another fact", "no seal", "odd seal"],
)
def test_a_fact_that_is_not_what_was_written_is_made_anew(
    whole: tuple[ClaimsStore, Path], tmp_path, damage: Callable[[Path], object]
) -> None:
    store, folder, said = whole[0], tmp_path / "facts", []
    shutil.copytree(whole[1], folder)
    before = _content(folder)
    damage(_kept(folder))
    with DuckDBEngine(threads=1) as engine:
        ensure_facts(store, engine, ["2026-01", "2026-02"], folder, said.append)
        assert engine.rows("select n_lines, amount from work_facts where month = '2026-01'") == [(1, 3000)]
    assert said == [f"facts of 2026-01: 1 of {len(FACTS)} not as they were written; made anew"]
    assert _content(folder) == before


def test_whole_facts_are_read_and_left_as_they_are_and_leftovers_go(whole: tuple[ClaimsStore, Path], tmp_path) -> None:
    store, folder, said = whole[0], tmp_path / "facts", []
    shutil.copytree(whole[1], folder)
    with DuckDBEngine(threads=1) as engine:
        before = {path: path.stat().st_mtime_ns for path in folder.glob("*/*")}
        ensure_facts(store, engine, ["2026-01"], folder, said.append)
        assert {path: path.stat().st_mtime_ns for path in folder.glob("*/*")} == before
        _kept(folder).with_suffix(".999.writing").write_bytes(b"half")
        _kept(folder).unlink()
        ensure_facts(store, engine, ["2026-01"], folder, said.append)
    assert said == []
    assert set(folder.glob("*/*")) == set(before)


def test_facts_that_cannot_be_written_say_so(whole: tuple[ClaimsStore, Path], tmp_path) -> None:
    store, folder = whole[0], tmp_path / "facts"
    folder.write_text("a file")
    with DuckDBEngine(threads=1) as engine, pytest.raises(ToolkitError, match=r"not written .*Hint: .* or delete it"):
        ensure_facts(store, engine, ["2026-01"], folder)
