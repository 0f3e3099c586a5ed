"""A scored month is read through `fraud.runs` alone."""

from __future__ import annotations

import ast

import pytest

from tests.house.sources import PACKAGES, trees

# A review pack has a manifest of its own, of another kind.
OWN_MANIFEST = {"fraud/cases/pack/manifest.py"}


def _files():
    return {path: tree for path, tree in trees(*PACKAGES).items() if not path.startswith("fraud/runs/")}


def test_there_is_something_to_look_at():
    assert len(_files()) > 300


@pytest.mark.parametrize("name", ["read_output", "MANIFEST"])
def test_nobody_else_opens_a_run(name):
    users = {
        path
        for path, tree in _files().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fraud.runs")
        if name in {alias.name for alias in node.names}
    }
    assert users == set()


def test_the_manifest_is_named_once():
    users = {
        path
        for path, tree in _files().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == "manifest.json"
    }
    assert users == OWN_MANIFEST
