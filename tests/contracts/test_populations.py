"""Every job answers on every population of one, and on none: with a result, or in one line; never with a traceback."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from fraud.runs.read import ScoredRun
from fraud.workspace import Workspace
from tests.contracts.populations import MONTH, POPULATIONS, QUICK
from tests.scoring.odd_months import ordinary
from tests.support.program import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SETTINGS = "[models]\nmin_positives_pu = 2\nmin_positives_labelled = 2\nmin_negatives_labelled = 2\n"
# What a population with settlements in the month is owed; the other jobs may say in words why they cannot.
OWED = {"check", "ingest", "rules", "rings", "score", "cases", "feedback", "doctor", "expire"}


def _jobs(source: Path, root: Path) -> Iterator[list[str]]:
    """Yield the jobs in the order of a month's work; every subject is confirmed: one class of label."""
    pack = root / "cases" / f"{MONTH}-zh"
    yield ["check", source]
    yield ["ingest", source]
    yield ["rules", "run", "--month", MONTH]
    yield ["rules", "backtest", "duplicate_line", "--from", MONTH, "--to", MONTH]
    yield ["rings", "find", "--month", MONTH]
    yield ["score", "--from", MONTH, "--to", MONTH]
    yield ["score", "--replay", root / "runs" / MONTH / "manifest.json"]
    yield ["cases", "export", "--month", MONTH, "--lang", "zh"]
    yield ["cases", "verify", pack]
    yield ["feedback", "import", pack / "cases.xlsx"]
    yield ["evaluate", "--month", MONTH]
    yield ["feedback", "import", source.parent / "labels.csv"]
    for entity in ("provider", "patient"):
        yield ["train", "--entity", entity, "--as-of", "2026-04-30"]
        yield ["evaluate", "--month", MONTH, "--entity", entity]
    yield ["retrain", "--entity", "patient", "--as-of", "2026-04-30"]
    yield ["promote", "1", "--entity", "patient", "--reason", "tried"]
    yield ["rollback", "--entity", "patient", "--reason", "tried"]
    yield ["doctor"]
    yield ["erase", "--reason", "asked for"]
    yield ["score", "--month", MONTH]
    yield ["cases", "export", "--month", MONTH, "--lang", "en"]
    yield ["expire", "--older-than", "0"]
    yield ["doctor"]


def _source(folder: Path, change) -> tuple[Path, bool]:
    tables = ordinary()
    change(tables)
    (folder / "source").mkdir()
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / "source" / f"{name}.csv", index=False)
    subjects = {("provider", row["provider_id"]) for row in tables["settlements"]}
    subjects |= {("patient", row["person_id"]) for row in tables["settlements"]}
    labels = pd.DataFrame(sorted(subjects), columns=["subject_type", "subject_id"])
    labels.assign(decision="confirmed_fraud", decided_date="2026-04-02").to_csv(folder / "labels.csv", index=False)
    return folder / "source", any(row["settle_time"] for row in tables["settlements"])


@pytest.mark.parametrize(
    "change",
    [pytest.param(each, id=each.__name__, marks=[] if each in QUICK else pytest.mark.slow) for each in POPULATIONS],
)
def test_every_job_answers(tmp_path: Path, capsys, monkeypatch, change) -> None:
    source, has_settlements = _source(tmp_path, change)
    root, config = tmp_path / "w", tmp_path / "settings.toml"
    config.write_text(SETTINGS)
    is_erased = False
    for words in _jobs(source, root):
        monkeypatch.setattr("sys.stdin", io.StringIO("P0\n"))
        said = run(capsys, root, "--config", config, *words)
        told = f"{' '.join(map(str, words[:2]))}: {said.code} {said.err}"
        assert said.code in {0, 1, 2}, told
        assert "unexpected" not in said.err, told
        if said.code:
            assert "Hint: " in said.err, told
        if has_settlements and words[0] in OWED and not is_erased:
            assert said.code == 0, told
        is_erased |= words[0] == "erase"


def test_one_provider_is_told_to_have_no_peers_and_its_patients_are_compared(tmp_path: Path, capsys) -> None:
    source, _ = _source(tmp_path, POPULATIONS[0])
    for words in (["ingest", source], ["score", "--month", MONTH]):
        assert run(capsys, tmp_path / "w", *words).code == 0
    month = ScoredRun.open(Workspace(tmp_path / "w"), MONTH)
    (reasons,) = month.scores("provider")["reasons_en"]
    assert list(reasons) == [
        "No finding of this month, and no peers: too few comparable subjects are known to compare it with"
    ]
    assert len(month.scores("patient")) == 8
