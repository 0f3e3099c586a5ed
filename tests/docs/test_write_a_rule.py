"""The guide to a rule in three steps: every command in it runs as it stands, in its order."""

import re
import shlex
from pathlib import Path

import pytest

from fraud.cli.main import main

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "write-a-rule.md").read_text(encoding="utf-8")


def test_every_command_runs_as_it_stands(tmp_path, monkeypatch, capsys):
    at_the_guide(tmp_path, monkeypatch)
    commands = [
        line for block in re.findall(r"```bash\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines() if line
    ]
    assert len(commands) > 6
    shown = {command: run(command, capsys) for command in commands}
    assert "unsnooze" in commands[-1]
    # Three boxes of DRUG07 for 300.00 where two are the most of a fill: a third of the line.
    assert "it would have found: lines 1, worth 100.00" in shown["fraud rules propose point.toml"]
    assert "Findings in 2026-03: 1;" in shown["fraud rules run --month 2026-03 --rule two_a_fill"]


def test_the_table_in_chinese_is_read_as_it_stands(tmp_path, monkeypatch, capsys):
    at_the_guide(tmp_path, monkeypatch)
    (table,) = re.findall(r"```csv\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "points.csv").write_text(table, encoding="utf-8")
    run("fraud ingest docs/example", capsys)
    shown = run("fraud rules propose points.csv", capsys)
    assert "visit_once: version 1, proposed and not in force" in shown
    assert "hit: found, as it should be" in shown


def test_a_code_that_is_in_force_is_said_to_get_its_next_version(tmp_path, monkeypatch, capsys):
    at_the_guide(tmp_path, monkeypatch)
    run("fraud ingest docs/example", capsys)
    assert "earlier proposal" not in run("fraud rules propose point.toml", capsys)
    again = "It takes the place of an earlier proposal of that code, which was not accepted."
    assert again in run("fraud rules propose point.toml", capsys)
    run("fraud rules accept two_a_fill --reason agreed", capsys)
    shown = run("fraud rules propose point.toml", capsys)
    assert shown.startswith("two_a_fill is in force as version 1: this is its next version, 2, and not in force")
    assert "Accepted, it takes the place of version 1" in shown
    assert again not in shown


def at_the_guide(tmp_path, monkeypatch):
    (row,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "point.toml").write_text(row, encoding="utf-8")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)


def run(command, capsys):
    program, *words = shlex.split(command)
    assert program == "fraud"
    with pytest.raises(SystemExit) as leave:
        main(words)
    told = capsys.readouterr()
    assert leave.value.code == 0, command + told.err
    return told.out
