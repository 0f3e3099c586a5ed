"""Bad input through the front door: a clear message, exit code 2, nothing half-written."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

from fraud.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "source"))


def _fraud(tmp_path: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(tmp_path / "workspace"), *words])
    return int(left.value.code or 0)


def _refused(tmp_path: Path, capsys: pytest.CaptureFixture, *words: str) -> str:
    assert _fraud(tmp_path, *words) == 2
    assert not (tmp_path / "workspace" / "store" / "catalog.json").exists()
    message = " ".join(capsys.readouterr().err.split())
    assert "Hint:" in message
    return message


def test_no_folder(tmp_path: Path, capsys) -> None:
    assert "not a folder" in _refused(tmp_path, capsys, "ingest", str(tmp_path / "nowhere"))


def test_a_required_column_is_missing(tmp_path: Path, capsys, source: Path) -> None:
    lines = pd.read_csv(source / "claim_lines.csv", dtype=str)
    lines.drop(columns="amount").to_csv(source / "claim_lines.csv", index=False)
    message = _refused(tmp_path, capsys, "ingest", str(source))
    assert "claim_lines" in message
    assert "amount" in message


def test_a_required_table_is_missing(tmp_path: Path, capsys, source: Path) -> None:
    (source / "persons.csv").unlink()
    assert "persons" in _refused(tmp_path, capsys, "check", str(source))


def test_every_amount_is_of_a_wrong_type(tmp_path: Path, capsys, source: Path) -> None:
    lines = pd.read_csv(source / "claim_lines.csv", dtype=str).assign(amount="lots")
    lines.to_csv(source / "claim_lines.csv", index=False)
    assert "amount" in _refused(tmp_path, capsys, "ingest", str(source))


def test_an_empty_file(tmp_path: Path, capsys, source: Path) -> None:
    (source / "settlements.csv").write_text("")
    assert "empty" in _refused(tmp_path, capsys, "ingest", str(source))


def test_a_truncated_parquet_file(tmp_path: Path, capsys, source: Path) -> None:
    pd.read_csv(source / "persons.csv", dtype=str).to_parquet(source / "persons.parquet")
    (source / "persons.csv").unlink()
    content = (source / "persons.parquet").read_bytes()
    (source / "persons.parquet").write_bytes(content[: len(content) // 2])
    assert "Parquet" in _refused(tmp_path, capsys, "ingest", str(source))


def test_a_mapping_with_an_unknown_key(tmp_path: Path, capsys, source: Path) -> None:
    mapping = tmp_path / "payer.toml"
    mapping.write_text('name = "payer"\nidentity = true\nnull_text = ["NA"]\n')
    message = _refused(tmp_path, capsys, "ingest", str(source), "--mapping", str(mapping))
    assert "did you mean 'null_texts'" in message


@pytest.mark.parametrize("month", ["2030-01", "2026-13", "../../etc"])
@pytest.mark.parametrize("command", [["score"], ["rules", "run"], ["rings", "find"], ["cases", "export"]])
def test_a_month_that_is_not_there(tmp_path: Path, capsys, source: Path, command: list[str], month: str) -> None:
    assert _fraud(tmp_path, "ingest", str(source)) == 0
    capsys.readouterr()
    assert _fraud(tmp_path, *command, "--month", month) == 2
    assert "Hint:" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "workspace" / "runs").exists()


def test_a_hostile_file_name_is_just_a_name(tmp_path: Path, source: Path) -> None:
    folder = source / "persons"
    folder.mkdir()
    (source / "persons.csv").rename(folder / "a'; drop table persons; --[*]?.csv")
    assert _fraud(tmp_path, "ingest", str(source)) == 0


def test_a_bad_row_is_quarantined_and_the_rest_is_stored(tmp_path: Path, capsys, source: Path) -> None:
    lines = pd.read_csv(source / "claim_lines.csv", dtype=str)
    lines.loc[4, "amount"] = "=1+1"
    lines.to_csv(source / "claim_lines.csv", index=False)
    assert _fraud(tmp_path, "ingest", str(source), "--json") == 0
    out = capsys.readouterr().out
    (found,) = [table for table in json.loads(out)["tables"] if table["table"] == "claim_lines"]
    assert (found["n_read"], found["n_stored"], found["n_quarantined"]) == (5, 4, 1)


def test_spark_without_pyspark(tmp_path: Path, capsys, monkeypatch) -> None:
    assert _fraud(tmp_path, "ingest", str(EXAMPLE)) == 0
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    assert _fraud(tmp_path, "score", "--month", "2026-03", "--engine", "spark") == 2
    message = " ".join(capsys.readouterr().err.split())
    assert 'PySpark is not installed. Hint: pip install "claims-fraud-toolkit[spark]"' in message
    assert not (tmp_path / "workspace" / "runs").exists()
