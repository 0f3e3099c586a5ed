"""The front door: light, complete, and clear about bad usage."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from features.errors import InputError
from features.vocabulary.months import check_month
from fraud.cli.main import main
from fraud.cli.table import COMMANDS, GROUPS
from fraud.workspace import Workspace

CONTRACT_COMMANDS = {
    "demo", "synth", "check", "ingest", "store", "features", "rules list", "rules run", "rules backtest",
    "rules propose", "rules accept", "rules snooze", "rules unsnooze", "rules points",
    "references import", "rings find", "score", "cases export", "cases verify", "feedback import", "train",
    "retrain", "evaluate", "compare", "promote", "rollback", "doctor", "erase", "expire", "ui",
}  # fmt: skip
HEAVY = {"mlflow", "shap", "matplotlib", "lightgbm", "sklearn", "pandas", "duckdb", "numba", "networkx"}


def _leave(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)


def test_the_table_names_every_command_of_the_contract_once() -> None:
    words = [command.words for command in COMMANDS]
    assert len(words) == len(set(words))
    assert set(words) == CONTRACT_COMMANDS
    assert {w.split()[0] for w in words if " " in w} == set(GROUPS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.words)
def test_every_place_in_the_table_exists(command) -> None:
    module, function = command.place.split(":")
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.words)
def test_every_command_has_help(command, capsys) -> None:
    assert _leave([*command.words.split(), "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, json\n"
        "from fraud.cli.main import build_app\n"
        "build_app(['--help'])\n"
        "print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert HEAVY.isdisjoint(json.loads(done.stdout))


def test_an_unknown_command_is_bad_usage(capsys) -> None:
    assert _leave(["scoer"]) == 2
    assert "scoer" in capsys.readouterr().err


def test_a_month_that_was_not_scored_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"month '2026-01' in .*not scored.*fraud score --month 2026-01"):
        Workspace(tmp_path).run("2026-01")


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "../..", "2026-01; drop", ""])
def test_a_hostile_month_is_refused(month: str) -> None:
    with pytest.raises(InputError, match="not a month"):
        check_month(month)


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from fraud.workspace import Workspace\n"
        "from features.errors import ToolkitError\n"
        "try:\n"
        "    with Workspace(Path(sys.argv[1])).writer(): pass\n"
        "except ToolkitError as e: print(e)"
    )
    with Workspace(tmp_path).writer():
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)
    assert "another job is writing" in done.stdout
    with Workspace(tmp_path).writer():  # the lock went with its holder
        pass


def test_audit_lines_are_appended(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.record("score", month="2026-01")
    workspace.record("export", month="2026-01")
    actions = [json.loads(line)["action"] for line in workspace.audit_log.read_text().splitlines()]
    assert actions == ["score", "export"]
