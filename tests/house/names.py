"""A file of code as those who look for messages read it: what encloses what, what is called, what a name is given."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Module:
    """One file: its tree, what encloses what, its functions and calls by name, and whether it prints to a terminal."""

    path: str
    tree: ast.Module
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    _calls: dict[str, list[ast.Call]] = field(default_factory=dict)
    prints: bool = False

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                self.functions[node.name] = node
            elif isinstance(node, ast.Call):
                self._calls.setdefault(_called(node), []).append(node)
            elif isinstance(node, ast.ImportFrom):
                self.prints |= (node.module or "").startswith(("rich.", "fraud.cli.session"))
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node

    def enclosing(self, node: ast.AST) -> list[ast.AST]:
        """Functions and classes around a node, the innermost first, the module last."""
        found = []
        while (node := self.parents.get(node)) is not None:
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                found.append(node)
        return found

    def given(self, name: str) -> list[ast.expr]:
        """What a name at the top of the file is given, or the function of that name gives back."""
        if name in self.functions:
            function = self.functions[name]
            return [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
        return [value for value in assigned(self.tree).get(name, ()) if isinstance(value, ast.expr)]

    def calls(self, name: str) -> list[ast.Call]:
        """Every call of a name."""
        return self._calls.get(name, [])

    def texts(self) -> list[ast.expr]:
        """Every text of the file as a whole; docstrings are none."""
        texts = (node for node in self.parents if isinstance(node, ast.JoinedStr | ast.Constant))
        within = (ast.Expr, ast.JoinedStr, ast.FormattedValue)
        return [node for node in texts if not isinstance(self.parents[node], within)]

    def signature(self, name: str) -> tuple[str, ...]:
        """Parameters of a function or a class of this file."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ClassDef) and node.name == name:
                own = next((n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None)
                return tuple(parameters(own) if own else fields(node))
        return tuple(parameters(self.functions[name]))


@dataclass(frozen=True)
class Passed:
    """A parameter or a dataclass's field that is handed on: its callers say it."""

    path: str
    name: str
    parameter: str


@dataclass(frozen=True)
class Each:
    """Any item of what is walked through."""

    of: ast.expr


@dataclass(frozen=True)
class Part:
    """What stands at one place of a tuple."""

    of: ast.expr
    place: int


Value = ast.expr | Each | Part | None


def _called(call: ast.Call) -> str:
    """Name under which a call is looked for: its last word, with the one before where that alone says nothing."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    if not isinstance(call.func, ast.Attribute):
        return ""
    before = call.func.value.id if isinstance(call.func.value, ast.Name) else ""
    if call.func.attr == "of":
        return "InputError.of" if before in {"InputError", "OlderFormat", "ToolkitError", "cls"} else ""
    return f"logs.{call.func.attr}" if before == "logs" else call.func.attr


def parameters(function: ast.FunctionDef) -> list[str]:
    named = [each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    return [name for name in named if name not in {"self", "cls"}]


def fields(found: ast.ClassDef) -> list[str]:
    return [
        each.target.id for each in found.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    ]


def listed(module: Module, expr: ast.Subscript) -> list[ast.expr]:
    """Values of a dictionary at the top of the file."""
    name = expr.value.id if isinstance(expr.value, ast.Name) else ""
    tables = [value for value in assigned(module.tree).get(name, ()) if isinstance(value, ast.Dict)]
    return [value for table in tables for value in table.values]


@cache
def assigned(scope: ast.AST) -> dict[str, list[Value]]:
    """What each name of a scope is given; None where it cannot be said."""
    found: dict[str, list[Value]] = {}
    for node in ast.walk(scope):
        for target, value in _pairs(node):
            for name, part in _names(target, value):
                found.setdefault(name, []).append(part)
    return found


def _pairs(node: ast.AST) -> Iterator[tuple[ast.expr, Value]]:
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr | ast.AugAssign):
        yield node.target, node.value
    elif isinstance(node, ast.For | ast.comprehension):
        is_written_out = isinstance(node.iter, ast.Tuple | ast.List)
        yield from ((node.target, item) for item in (node.iter.elts if is_written_out else [Each(node.iter)]))


def _names(target: ast.expr, value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple):
        for place, each in enumerate(target.elts):
            for part in _taken_apart(value, place, len(target.elts)):
                yield from _names(each, part)


def _taken_apart(value: Value, place: int, size: int) -> list[Value]:
    if isinstance(value, ast.Tuple) and len(value.elts) == size:
        return [value.elts[place]]
    if isinstance(value, ast.IfExp):
        return _taken_apart(value.body, place, size) + _taken_apart(value.orelse, place, size)
    return [Part(value, place) if isinstance(value, ast.Subscript | ast.Call) else None]


@cache
def appended(scope: ast.AST, name: str) -> list[ast.expr]:
    calls = [node for node in ast.walk(scope) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [
        call.args[-1]
        for call in calls
        if call.func.attr in {"append", "insert"}
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == name
    ]
