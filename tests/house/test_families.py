"""A family stands in the file, or the folder, that bears its name, and every family that is declared is listed."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

from features import patient, pharmacy, practitioner, provider
from features.catalogue import SECTIONS
from features.declare import Family

FOLDERS = {"provider": provider, "patient": patient, "pharmacy": pharmacy, "practitioner": practitioner}
# Families of pharmacies bear the name of their folder too: they are columns of a provider's profile.
PREFIXES = {"pharmacy": "pharmacy_"}


def _written(folder: str) -> list[tuple[str, str]]:
    """Name of the file, or of the folder of several, and name of every family that is written in it."""
    root = Path(FOLDERS[folder].__path__[0])
    found = []
    for path in sorted(root.rglob("*.py")):
        home = path.relative_to(root).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Family":
                found.append((home, ast.literal_eval(node.args[0])))
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_family_stands_in_the_file_of_its_name(folder: str) -> None:
    written = _written(folder)
    assert {name for _, name in written} == {family.name for family in SECTIONS[folder]}
    prefix = PREFIXES.get(folder, "")
    assert [(home, name) for home, name in written if prefix + home != name] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_family_that_is_declared_is_listed_once(folder: str) -> None:
    declared = []
    for module in pkgutil.walk_packages(FOLDERS[folder].__path__, f"{FOLDERS[folder].__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            declared += [each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, Family)]
    listed = [id(family) for family in SECTIONS[folder]]
    assert len(listed) == len(set(listed))
    assert {id(family) for family in declared} == set(listed)
