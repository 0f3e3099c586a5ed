"""The public Medicare provider set through every job: `python -m experiments.studies.medicare DATA WORKSPACES`.

DATA holds the extract as published (`Train_Inpatientdata*.csv.zip`, `Test_…`, `labels.csv`). The two cohorts reuse
person keys, so each gets a workspace of its own below WORKSPACES. Needs no network and nothing beyond the toolkit.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from experiments.config import load_config
from experiments.train import train
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from fraud.cases import export_cases
from fraud.registry.versions import promote
from fraud.runs.read import ScoredRun
from fraud.scoring import score_month
from fraud.settings import ScoringSettings, Settings
from fraud.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.claims.report import SourceReport

# Claims settle in the twelve months of 2009; decisions are taken as known on the first of January 2010.
WINDOW_MONTHS = 12
MONTH = "2009-12"
AS_OF = date(2010, 1, 1)


@dataclass(frozen=True)
class Cohort:
    """One half of the set: its mapping, and its raw inpatient and outpatient files."""

    name: str
    mapping: str
    files: tuple[str, ...]


COHORTS = (
    Cohort("train", "medicare_provider_fraud", ("Train_Inpatientdata*.csv.zip",)),
    Cohort("test", "medicare_provider_fraud_test", ("Test_Inpatientdata*.csv.zip", "Test_Outpatientdata*.csv.zip")),
)


def main(arguments: Sequence[str]) -> None:
    """Run both cohorts and print what was measured."""
    if len(arguments) != 2:
        sys.exit("usage: python -m experiments.studies.medicare DATA WORKSPACES")
    data, workspaces = Path(arguments[0]), Path(arguments[1])
    settings = Settings(scoring=ScoringSettings(window_months=WINDOW_MONTHS))
    for cohort in COHORTS:
        workspace = Workspace(workspaces / cohort.name)
        print(f"\n== {cohort.name} cohort")
        with workspace.writer():
            _print_conservation(ingest_source(data, workspace.store, mapping=cohort.mapping))
        _print_sums(data, cohort, ClaimsStore.open(workspace.store))
        if cohort.name == "train":
            _train(workspace, settings)
        score_month(workspace, MONTH, settings=settings, as_of=AS_OF)
        scores = ScoredRun.open(workspace, MONTH).scores("provider")
        reasons = scores["reasons_en"].map(len)
        print(f"scored: {len(scores):,} providers, every one with a reason: {bool((reasons > 0).all())}")
        pack = export_cases(workspace, MONTH, top=len(scores), entities=("provider",), settings=settings)
        print(f"cases: {pack}")


def _print_conservation(report: SourceReport) -> None:
    for table in report.tables:
        print(
            f"{table.table}: {table.n_read:,} read = {table.n_stored:,} stored + {table.n_repeats:,} repeats "
            f"+ {table.n_quarantined:,} quarantined"
        )


def _print_sums(data: Path, cohort: Cohort, store: ClaimsStore) -> None:
    """Compare fund payments per provider with those read from the raw files by pandas, to the cent."""
    raw = pd.concat(pd.read_csv(next(data.glob(pattern)), dtype=str) for pattern in cohort.files)
    paid = pd.to_numeric(raw["InscClaimAmtReimbursed"]).fillna(0).mul(100).round().astype("int64")
    expected = paid.groupby(raw["Provider"]).sum()
    with DuckDBEngine() as engine:
        store.attach(engine)
        stored = engine.frame(
            "select provider_id, cast(sum(fund_paid_amount) as bigint) as paid from settlements "
            "join codes_provider using (provider_key) group by provider_id"
        ).set_index("provider_id")["paid"]
    gap = stored.sub(expected, fill_value=0).abs()
    print(f"fund paid per provider: {len(gap):,} providers, {int((gap != 0).sum())} differ from the raw files")


def _train(workspace: Workspace, settings: Settings) -> None:
    with workspace.writer():
        report = train(workspace, "provider", AS_OF, settings, load_config("provider"))
        print(report.message)
        for ranking, metrics in report.metrics.items():
            print(f"  {ranking}: " + ", ".join(f"{name} {value}" for name, value in metrics.items()))
        if report.version is not None:
            promote(workspace, "provider", report.version, reason="study: the only model of this cohort")


if __name__ == "__main__":
    main(sys.argv[1:])
