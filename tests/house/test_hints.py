"""Every command and option that a message, a help text or a docstring names is one that exists."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest
import typer

from fraud.cli.main import build_app
from fraud.cli.table import COMMANDS, GROUPS
from tests.house.sources import PACKAGES, trees

WORDS = {command.words for command in COMMANDS}
# What stands in an f-string's braces, and may be any word.
ANYTHING = "…"
# `fraud score --month M`, 'fraud features', and "run fraud ingest" without marks.
NAMED = re.compile(r"(?:[`']|\brun )fraud ([^`'\"\n]*)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


@cache
def options(words: str) -> frozenset[str]:
    """Options of a command, or of the program itself."""
    found = typer.main.get_command(build_app(words.split()))
    parameters = list(found.params)
    for word in words.split():
        found = found.commands[word]
        parameters += found.params
    return frozenset(name for each in parameters for name in each.opts) | {"--help"}


@cache
def all_options() -> frozenset[str]:
    return frozenset().union(*(options(words) for words in WORDS))


def texts(tree: ast.AST):
    """Every text of a module, f-strings put together."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else ANYTHING for part in node.values]
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value


def faults(text: str):
    """What a text names and does not exist."""
    for named in NAMED.findall(text):
        words = re.split(r"[\s,.;:)]", named)
        if not re.fullmatch(r"[a-z]+", words[0]):
            continue  # the program itself, such as `fraud --help`
        command = words[0] if words[0] in WORDS else " ".join(words[:2])
        if command not in WORDS:
            if not (words[0] in GROUPS and len([word for word in words if word]) == 1):
                yield f"no command 'fraud {command}'"
            continue
        yield from (
            f"'fraud {command}' has no {option}" for option in OPTION.findall(named) if option not in options(command)
        )
    # Benchmarks and studies are programs of their own.
    if " " in text.strip() and "python -m" not in text:
        yield from (f"no command has {option}" for option in OPTION.findall(text) if option not in all_options())


def test_what_the_code_names_exists():
    found = [
        f"{path}:{line}: {fault}"
        for path, tree in trees(*PACKAGES).items()
        for line, text in texts(tree)
        for fault in faults(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("see `fraud models`, or leave --alias out", "no command 'fraud models'"),
        ("'fraud rules walk' does it", "no command 'fraud rules walk'"),
        ("run `fraud score --moon 2026-03` first", "'fraud score' has no --moon"),
        ("score with --modell none", "no command has --modell"),
    ],
)
def test_a_name_that_does_not_exist_is_seen(text, fault):
    assert fault in list(faults(text))


def test_names_that_exist_are_let_through():
    assert list(faults("run `fraud score --month …` first, or fraud rules list; `fraud rules`: the catalogue")) == []
