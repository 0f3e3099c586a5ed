"""What a page names is there: files and folders of the three packages, the tests and the docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Decisions are history: they name what was there when they were taken.
PAGES = sorted(
    page
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("f*/**/README.md"))
    if "decisions" not in page.parts
)
PATH = re.compile(r"`((?:features|fraud|experiments|tests|docs)/[\w./<>*-]*)`")
LINK = re.compile(r"\]\(([\w./-]+)\)")


def named(page: Path) -> set[Path]:
    text = page.read_text(encoding="utf-8")
    paths = {ROOT / found for found in PATH.findall(text) if not re.search(r"[<>*]", found)}
    return paths | {page.parent / found for found in LINK.findall(text)}


def test_pages_name_many_paths():
    assert sum(len(named(page)) for page in PAGES) > 60


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_names_is_there(page: Path):
    missing = sorted(path.relative_to(ROOT).as_posix() for path in named(page) if not path.exists())
    assert missing == []
