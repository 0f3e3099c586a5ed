"""Columns told in docs/cases.md are those of the sheets, in their order and in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fraud.cases.line_columns import LINE_COLUMNS
from fraud.cases.summary_columns import SUMMARY_COLUMNS

PAGE = (Path(__file__).parents[2] / "docs" / "cases.md").read_text(encoding="utf-8")


def _rows(section: str) -> list[tuple[str, str, str]]:
    """Rows of the table under a heading, without its own heading and rule."""
    text = re.search(rf"^### {section}\n(.*?)\n\n", PAGE, re.DOTALL | re.MULTILINE)
    assert text, section
    return re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", text[1], re.MULTILINE)[1:]


@pytest.mark.parametrize(("section", "columns"), [("Case summary", SUMMARY_COLUMNS), ("Evidence lines", LINE_COLUMNS)])
def test_the_page_lists_the_columns_of_the_sheet(section: str, columns: tuple) -> None:
    assert [row[:2] for row in _rows(section)] == [(column.label.en, column.label.zh) for column in columns]


def test_the_page_marks_what_the_investigator_fills_in() -> None:
    marked = [told.startswith("✎") for _, _, told in _rows("Case summary")]
    assert marked == [column.is_answer for column in SUMMARY_COLUMNS]
