"""docs/profiles.md tells every fact and every window table, as it is declared and where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import features
from features.engine import DuckDBDialect
from features.facts import FACTS
from features.tables import profile_tables

PAGE = Path(__file__).parents[2] / "docs" / "profiles.md"
ROW = re.compile(r"\| `(\w+)` \| `(\w+\.py)` \| (.+) \|")
DECLARED = {"Facts": ("facts", FACTS), "Window tables": ("tables", tuple(profile_tables(DuckDBDialect(), ["2026-01"])))}


def _told(heading: str) -> list[tuple[str, str, str]]:
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [found.groups() for line in section.splitlines() if (found := ROW.fullmatch(line))]


@pytest.mark.parametrize("heading", DECLARED)
def test_the_page_tells_what_is_declared_in_its_order(heading: str) -> None:
    _, declared = DECLARED[heading]
    assert [(name, grain) for name, _, grain in _told(heading)] == [(each.name, each.grain) for each in declared]


@pytest.mark.parametrize("heading", DECLARED)
def test_the_page_tells_where_each_is_declared(heading: str) -> None:
    folder, _ = DECLARED[heading]
    for name, file, _ in _told(heading):
        text = (Path(features.__file__).parent / folder / file).read_text(encoding="utf-8")
        assert f'\n    "{name}",\n' in text or f'\n        "{name}",\n' in text, (name, file)
