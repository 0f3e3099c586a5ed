"""What the README prints is what the program prints."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from fraud.cli.main import main
from fraud.cli.table import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \S+ \| (\w+) \| (\w+) \| (\d+) \| ([\d,.]+) \|$", re.MULTILINE)


def test_the_example_gives_the_findings_that_the_readme_shows(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    base = ["--workspace", str(tmp_path / "workspace")]
    _run([*base, "ingest", str(ROOT / "docs" / "example")])
    capsys.readouterr()
    _run([*base, "rules", "run", "--month", "2026-03", "--json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    found = {
        (f["code"], f["result_type"], f["subject_id"], int(f["n_lines"]), float(f["exposure_amount"]))
        for f in findings
        if f["subject_type"] == "provider"
    }
    shown = {(c, r, p, int(n), float(e.replace(",", ""))) for c, r, p, n, e in ROW.findall(README)}
    assert len(shown) == 2
    assert found == shown


def test_every_command_in_the_readme_exists() -> None:
    words = {command.words for command in COMMANDS}
    named = re.findall(r"`?fraud ((?:[a-z]+)(?: [a-z]+)?)", README)
    assert named
    for name in named:
        assert name in words or name.split()[0] in words, name


def test_every_link_in_the_readme_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def _run(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert not left.value.code
