"""Facts of a month: written anew when something that they are made of changes, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims import ClaimsStore
from features.claims.effective import EFFECTIVE_VIEWS
from features.engine import DuckDBEngine
from features.facts import FACTS, keep
from features.facts.keep import ensure_facts
from tests.support.claims import make_store
from tests.support.recording import RecordingEngine

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

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
