"""What goes out and what comes back share the columns and words of the sheet, and know nothing else of each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from fraud import cases

ROOT = Path(cases.__file__).parent


def _imported(folder: str) -> set[str]:
    files = (ROOT / folder).rglob("*.py")
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return found | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize(("one", "other"), [("life", "pack"), ("pack", "life")])
def test_neither_imports_the_other(one: str, other: str) -> None:
    imported = _imported(one)
    assert {"fraud.cases.sheet_words", "fraud.cases.summary_columns"} <= imported
    assert not [name for name in imported if name.startswith(f"fraud.cases.{other}")]
