"""The guide to a rule in three steps: every command in it runs as it stands, in its order."""

import re
import shlex
from pathlib import Path

import pytest

from fraud.cli.main import main

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "write-a-rule.md").read_text(encoding="utf-8")


def test_every_command_runs_as_it_stands(tmp_path, monkeypatch, capsys):
    (row,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "point.toml").write_text(row, encoding="utf-8")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    monkeypatch.chdir(tmp_path)
    commands = [
        line for block in re.findall(r"```bash\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines() if line
    ]
    assert len(commands) > 6
    for command in commands:
        program, *words = shlex.split(command)
        assert program == "fraud"
        with pytest.raises(SystemExit) as leave:
            main(words)
        assert leave.value.code == 0, command + capsys.readouterr().err
    assert "unsnooze" in commands[-1]
