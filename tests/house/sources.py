"""The Python files of the house, parsed once."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("features", "fraud", "experiments")


@cache
def sources(*folders: str) -> dict[str, str]:
    """Text by path from the root, such as `fraud/rings/find.py`."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@cache
def trees(*folders: str) -> dict[str, ast.Module]:
    """Syntax tree by path from the root."""
    if len(folders) == 1:
        return {path: ast.parse(text) for path, text in sources(*folders).items()}
    return {path: tree for folder in folders for path, tree in trees(folder).items()}


def texts(tree: ast.AST) -> list[str]:
    """All string constants of a tree, docstrings among them."""
    return [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
