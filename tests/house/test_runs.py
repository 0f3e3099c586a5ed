"""A scored month is read through `fraud.runs` alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    file
    for package in ("features", "fraud", "experiments")
    for file in (ROOT / package).rglob("*.py")
    if not file.is_relative_to(ROOT / "fraud" / "runs")
)
# A review pack has a manifest of its own, of another kind.
OWN_MANIFEST = {"fraud/cases/pack/manifest.py"}


def test_there_is_something_to_look_at():
    assert len(FILES) > 300


@pytest.mark.parametrize("name", ["read_output", "MANIFEST"])
def test_nobody_else_opens_a_run(name):
    users = {
        file.relative_to(ROOT).as_posix()
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fraud.runs")
        if name in {alias.name for alias in node.names}
    }
    assert users == set()


def test_the_manifest_is_named_once():
    users = {
        file.relative_to(ROOT).as_posix()
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value == "manifest.json"
    }
    assert users == OWN_MANIFEST
