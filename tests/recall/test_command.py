"""`fraud evaluate --truth` as typed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from experiments.synthetic import make_city, write_city
from fraud.budget import review_size
from fraud.cli.main import main
from fraud.registry._client import connected
from fraud.runs.read import ScoredRun
from tests.support.earlier_months import without_practitioners

MONTH = "2026-03"


@pytest.fixture
def asked(own_copy, scored_city, template, tmp_path):
    """Return the workspace and the truth, and a function that types a command."""
    shutil.copy(template, own_copy.tracking_database)
    truth = Path(shutil.copytree(scored_city[0].root.parent / "source-truth", tmp_path / "truth"))

    def fraud(*words: str) -> int:
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(own_copy.root), "evaluate", "--month", MONTH, "--truth", str(truth), *words])
        return int(left.value.code or 0)

    return own_copy, truth, fraud


def test_report_page_numbers_and_run(asked, capsys) -> None:
    workspace, truth, fraud = asked
    assert fraud("--budget", "0.1", "--cases", "40") == 0
    shown = capsys.readouterr().out
    assert "4 reviewed" in shown  # a tenth of forty providers
    assert "40 reviewed" in shown
    for word in ("R01", "money found", "innocents like", "overlap of providers"):
        assert word in shown
    folder = workspace.root / "evaluations" / MONTH
    assert sorted(path.name for path in folder.iterdir()) == ["detection.html", "detection.json"]
    record = json.loads((folder / "detection.json").read_text(encoding="utf-8"))
    assert record["budget"] == {"providers_share": 0.1, "patient_cases": 40}
    assert record["city"]["seed"] == 7
    assert {row["entity"] for row in record["schemes"]} == {"provider", "patient", "practitioner"}
    before = (folder / "detection.json").read_bytes(), (folder / "detection.html").read_bytes()
    assert fraud("--budget", "0.1", "--cases", "40") == 0
    assert before == ((folder / "detection.json").read_bytes(), (folder / "detection.html").read_bytes())
    _check_run(workspace, truth)


def _check_run(workspace, truth: Path) -> None:
    with connected(workspace) as client:
        runs = client.search_runs([client.get_experiment_by_name("detection").experiment_id])
    files = workspace.artifacts / "detection" / runs[0].info.run_id / "artifacts"
    assert len(runs) == 2
    assert runs[0].data.params["budget_patient_cases"] == "40"
    assert runs[0].data.params["city.seed"] == "7"
    assert 0 <= runs[0].data.metrics["provider.recall"] <= 1
    logged = "".join(path.read_text(encoding="utf-8") for path in files.rglob("detection.*"))
    logged += str(runs[0].data.to_dictionary())
    assert logged.count("<html") == 1
    for table, column in (
        ("providers", "provider_id"),
        ("patients", "person_id"),
        ("practitioners", "practitioner_id"),
    ):
        names = pd.read_parquet(truth / f"truth_{table}.parquet")[column]
        assert not [name for name in names if name in logged]


def test_one_entity_as_json_in_a_folder_of_its_own_in_chinese(asked, tmp_path, capsys) -> None:
    _, _, fraud = asked
    assert fraud("--entity", "patient", "--json", "--out", str(tmp_path / "mine"), "--lang", "zh") == 0
    record = json.loads(capsys.readouterr().out)
    assert {row["entity"] for row in record["lists"]} == {"patient"}
    assert "已植入" in (tmp_path / "mine" / "detection.html").read_text(encoding="utf-8")


def test_practitioners_alone_and_months_that_ranked_none(asked, tmp_path, capsys) -> None:
    workspace, truth, fraud = asked
    given = ("--json", "--budget", "0.1", "--out", str(tmp_path / "mine"))
    assert fraud("--entity", "practitioner", *given) == 0
    record = json.loads(capsys.readouterr().out)
    (whole,) = record["lists"]
    ranked = ScoredRun.open(workspace, MONTH).ranks("practitioner")
    named = set(pd.read_parquet(truth / "truth_practitioners.parquet")["practitioner_id"])
    assert (whole["n_subjects"], whole["n_budget"]) == (len(ranked), review_size(len(ranked), 0.1))
    assert 0 < whole["n_guilty"] <= len(named)
    # No model scores them, and nothing is expected of their patients.
    assert set(record["rankings"]["practitioner"]) == {"risk", "anomaly", "amount"}
    for month in ("2026-02", MONTH):
        without_practitioners(workspace.run(month))
    assert fraud(*given) == 0
    assert {row["entity"] for row in json.loads(capsys.readouterr().out)["lists"]} == {"provider", "patient"}
    assert "practitioner_scores" in _refused(fraud, capsys, "--entity", "practitioner")


def _refused(fraud, capsys, *words: str) -> str:
    assert fraud(*words) == 2
    return " ".join(capsys.readouterr().err.split())


def test_the_truth_of_another_city(asked, capsys) -> None:
    workspace, truth, fraud = asked
    for table, column in (("providers", "provider_id"), ("patients", "person_id"), ("twins", "subject_id")):
        file = truth / f"truth_{table}.parquet"
        rows = pd.read_parquet(file)
        rows.assign(**{column: "OTHER" + rows[column].astype(str)}).to_parquet(file)
    assert "none of its subjects is ranked" in _refused(fraud, capsys)
    assert not (workspace.root / "evaluations").exists()


def test_the_truth_of_a_city_of_another_seed(asked, capsys) -> None:
    _, truth, fraud = asked
    shutil.rmtree(truth)
    write_city(make_city(1500, 40, 3, "2026-01", 8, schemes="H08"), truth.with_name("other"))
    shutil.move(truth.with_name("other-truth"), truth)
    assert "none of its settlements is in the claims store" in _refused(fraud, capsys)


def test_options_of_the_other_kind_are_refused(asked, capsys) -> None:
    _, _, fraud = asked
    assert "--as-of of fraud evaluate: given with --truth" in _refused(fraud, capsys, "--as-of", "2026-03-01")
    assert "not in the registry" in _refused(fraud, capsys, "--alias", "17")
    assert "no such model" in _refused(fraud, capsys, "--alias", "nosuch")


def test_no_truth_there(asked, capsys) -> None:
    _, truth, fraud = asked
    shutil.rmtree(truth)
    assert "no truth_providers" in _refused(fraud, capsys)


def test_a_folder_that_holds_something_else_is_left_alone(asked, tmp_path, capsys) -> None:
    _, _, fraud = asked
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine", encoding="utf-8")
    assert "holds something that is no evaluation" in _refused(fraud, capsys, "--out", str(tmp_path / "full"))
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]


def test_a_language_there_is_not(asked, capsys) -> None:
    assert "an unknown name" in _refused(asked[2], capsys, "--lang", "fr")
