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

from experiments.config import TrainConfig, load_config
from experiments.dataset import Dataset, build_dataset
from experiments.metrics import measure_rankings
from experiments.train import cross_validate, cuts_of, train
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
# Five folds by provider, three times over.
SEEDS = (7, 8, 9)
# The four columns that tell most of what the flag goes with, the amount last.
FOUR = ("same_sum_again_share", "stay_max_days", "stay_day_mean_amount", "billed_amount")


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
        reports = [train(workspace, "provider", AS_OF, settings, _config(seed)) for seed in SEEDS]
        print(reports[0].message)
        for ranking, metrics in reports[0].metrics.items():
            print(f"  {ranking}: " + ", ".join(f"{name} {value}" for name, value in metrics.items()))
        for metric in ("average_precision", "auroc"):
            values = [report.metrics["model"][metric].value for report in reports]
            print(f"  {metric} over seeds {SEEDS}: {sum(values) / len(values):.3f}, each {values}")
        if reports[0].version is not None:
            promote(workspace, "provider", reports[0].version, reason="study: the first of three trainings")
        _leave_out(build_dataset(workspace, "provider", AS_OF, settings), settings.scoring.review_budget)


def _config(seed: int) -> TrainConfig:
    return load_config("provider").model_copy(update={"seed": seed})


def _leave_out(data: Dataset, budget: float) -> None:
    """Say what average precision is left without each of the four columns, and with them alone."""
    others = tuple(name for name in data.profiles.columns if name not in FOUR)
    left_out = {
        "nothing": (),
        **{name: (name,) for name in FOUR[:-1]},
        "the first three": FOUR[:-1],
        "all else": others,
    }
    cuts = cuts_of(data, "labelled", Settings())
    for name, columns in left_out.items():
        values = []
        for seed in SEEDS:
            config = _config(seed)
            folds = cross_validate(data, data.without(columns), config.recipe("labelled"), cuts, config)
            measured = measure_rankings(folds, ("model",), budget=budget, n_draws=1, seed=seed)
            values.append(measured.intervals()["model"]["average_precision"].value)
        print(f"  left out {name}: average precision {sum(values) / len(values):.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
