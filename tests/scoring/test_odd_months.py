"""Months that are legal and odd are scored, exported and drawn up like any other."""

import numpy as np
import pandas as pd
import pytest

from experiments.evaluate import measure_against
from features.claims import ingest_source
from features.claims.quality.limits import Limits
from fraud.cases.pack.verify import verify_pack
from fraud.cases.pack.write import export_cases
from fraud.runs.read import ScoredRun
from fraud.scoring import score_month
from fraud.settings import Settings
from fraud.workspace import Workspace
from tests.scoring.odd_months import MONTH, ODD_MONTHS, QUICK, ordinary

NAMES = [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in sorted(ODD_MONTHS)]

EXPORTED = [
    pytest.param(name, marks=[] if name == "registers_know_nobody" else pytest.mark.slow) for name in sorted(ODD_MONTHS)
]


def scored(folder, change):
    tables = ordinary()
    change(tables)
    source = folder / "source"
    source.mkdir()
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(source / f"{name}.csv", index=False)
    workspace = Workspace(folder / "workspace")
    workspace.root.mkdir()
    report = ingest_source(source, workspace.store, limits=Limits(max_dangling_share=1))
    assert not {count.table: count.reasons for count in report.tables if count.n_quarantined}
    with workspace.writer():
        return workspace, score_month(workspace, MONTH, settings=Settings(), model_alias="none", threads=1)


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_month_is_scored(tmp_path, name):
    workspace, month = scored(tmp_path, ODD_MONTHS[name])
    assert month.manifest.rules_failed == {}
    run = ScoredRun.open(workspace, MONTH)
    for entity, frame, key in (("provider", month.providers, "provider_id"), ("patient", month.patients, "person_id")):
        n = len(frame)
        assert n == len(run.profiles(entity))
        # What is taken back and was never billed here bills nobody.
        assert (n > 0) == (name != "only_reversals")
        assert sorted(frame["rank"]) == list(range(1, n + 1))
        assert frame["risk_score"].between(0.0, 100.0).all()
        assert (frame["expected_recovery_amount"] >= 0).all()
        assert (frame["reasons_en"].map(len) >= 1).all()
        assert not np.isinf(run.profiles(entity).select_dtypes("number")).any().any()
        assert frame[key].is_unique


@pytest.mark.parametrize("name", EXPORTED)
def test_an_odd_month_is_exported_and_evaluated(tmp_path, name):
    workspace, month = scored(tmp_path, ODD_MONTHS[name])
    folder = export_cases(workspace, MONTH, settings=Settings(), lang="zh", out=tmp_path / "pack")
    assert verify_pack(folder) == ()
    for entity, frame, key in (("provider", month.providers, "provider_id"), ("patient", month.patients, "person_id")):
        for positives in (set(frame[key].head(1)), set(frame[key])):
            metrics = measure_against(workspace, MONTH, positives, entity=entity, budget=0.02, n_draws=20)
            assert "risk" in metrics
