"""The templates that an expression of the code can be: an f-string's text with {} for each value."""

from __future__ import annotations

import ast
import math
import re
from itertools import product

from tests.house.names import Each, Module, Part, Passed, Value, appended, assigned, fields, listed, parameters

_WORD = re.compile(r"[A-Za-z]{2,}")
# So many ways to put one sentence together are looked at, and so many steps from name to name.
_MOST = 64
_DEEPEST = 12
_LISTS = frozenset({"tuple", "list", "sorted"})


class Reader:
    """Resolves an expression to the templates that it can be."""

    def __init__(self, modules: dict[str, Module]) -> None:
        self.modules = modules
        self.passed: set[Passed] = set()

    def templates(  # noqa: C901, PLR0911 - one case for each kind of expression
        self, module: Module, expr: Value, depth: int = 0
    ) -> list[str]:
        """Every template that an expression can be; {} for what is only known when it runs."""
        if expr is None or depth > _DEEPEST:
            return ["{}"]
        if isinstance(expr, Each):
            return self.items(module, expr.of, depth) or ["{}"]
        if isinstance(expr, Part):
            where, tuples = self._given_back(module, expr.of)
            parts = [
                each.elts[expr.place] for each in tuples if isinstance(each, ast.Tuple) and each.elts[expr.place :]
            ]
            return [t for part in parts for t in self.templates(where, part, depth + 1)] or ["{}"]
        several = _alternatives(expr)
        if several is not None:
            return [template for each in several for template in self.templates(module, each, depth + 1)]
        if isinstance(expr, ast.Constant):
            return [expr.value.replace("{", "{{").replace("}", "}}")] if isinstance(expr.value, str) else ["{}"]
        if isinstance(expr, ast.JoinedStr):
            return _joined([self._part(module, part, depth) for part in expr.values])
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.BitOr):
            sides = (expr.left, expr.right)
            return [template for side in sides for template in self.templates(module, side, depth + 1)]
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
            return _joined([self.templates(module, side, depth + 1) for side in (expr.left, expr.right)])
        if isinstance(expr, ast.Name):
            return self._name(module, expr, depth)
        if isinstance(expr, ast.Attribute):
            return self._field(module, expr)
        if isinstance(expr, ast.Subscript):
            return [t for each in listed(module, expr) for t in self.templates(module, each, depth + 1)] or ["{}"]
        if isinstance(expr, ast.Call):
            return self._called(module, expr, depth)
        return ["{}"]

    def _called(self, module: Module, call: ast.Call, depth: int) -> list[str]:
        if isinstance(call.func, ast.Attribute):
            if call.func.attr == "values" and not call.args:
                return self.templates(module, call.func.value, depth + 1)
            if call.func.attr == "get" and isinstance(call.func.value, ast.Dict):
                choices = [*call.func.value.values, *call.args[1:]]
                return [template for each in choices for template in self.templates(module, each, depth + 1)]
            return ["{}"]
        if not isinstance(call.func, ast.Name):
            return ["{}"]
        if call.func.id in _LISTS and call.args:
            return self.items(module, call.args[0], depth + 1)
        where, returned = self._returned(module, call.func.id)
        return [t for each in returned for t in self.templates(where, each, depth + 1)] or ["{}"]

    def items(  # noqa: C901 - one case for each kind of expression
        self, module: Module, expr: ast.expr, depth: int = 0
    ) -> list[str]:
        """Every template that an item of a list can be."""
        if depth > _DEEPEST:
            return []
        found: list[str] = []
        if isinstance(expr, ast.List | ast.Tuple):
            for each in expr.elts:
                is_list = isinstance(each, ast.Starred)
                found += (
                    self.items(module, each.value, depth + 1) if is_list else self.templates(module, each, depth + 1)
                )
        elif isinstance(expr, ast.ListComp | ast.GeneratorExp):
            found += self.templates(module, expr.elt, depth + 1)
        elif isinstance(expr, ast.BinOp):
            found += self.items(module, expr.left, depth + 1) + self.items(module, expr.right, depth + 1)
        elif isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name):
            if expr.func.id in _LISTS and expr.args:
                return self.items(module, expr.args[0], depth + 1)
            where, returned = self._returned(module, expr.func.id)
            found += [t for each in returned for t in self.items(where, each, depth + 1)]
            where, yielded = self._given_out(module, expr.func.id, ast.Yield)
            found += [t for each in yielded for t in self.templates(where, each, depth + 1)]
            where, yielded = self._given_out(module, expr.func.id, ast.YieldFrom)
            found += [t for each in yielded for t in self.items(where, each, depth + 1)]
        elif isinstance(expr, ast.Name):
            for scope in module.enclosing(expr):
                for value in appended(scope, expr.id):
                    found += self.templates(module, value, depth + 1)
                for value in assigned(scope).get(expr.id, ()):
                    if isinstance(value, ast.expr):
                        found += self.items(module, value, depth + 1)
        return found

    def _part(self, module: Module, part: ast.expr, depth: int) -> list[str]:
        if isinstance(part, ast.Constant):
            return self.templates(module, part, depth)
        plain = isinstance(part, ast.FormattedValue) and part.conversion == -1 and part.format_spec is None
        if plain and isinstance(part.value, ast.IfExp | ast.BoolOp):
            return self.templates(module, part.value, depth + 1)
        if plain and (isinstance(part.value, ast.Name) or _is_plain_call(part.value)):
            before = set(self.passed)
            found = self.templates(module, part.value, depth + 1)
            self.passed = before  # a parameter within a sentence is a value of it
            return list(dict.fromkeys(each if is_worded(each) or not each else "{}" for each in found))
        return ["{}"]

    def _name(self, module: Module, expr: ast.Name, depth: int) -> list[str]:
        for scope in module.enclosing(expr):
            if isinstance(scope, ast.FunctionDef) and expr.id in parameters(scope):
                around = module.parents.get(scope)
                is_class = scope.name == "__init__" and isinstance(around, ast.ClassDef)
                self.passed.add(Passed(module.path, around.name if is_class else scope.name, expr.id))
                return ["{}"]
            if not isinstance(scope, ast.ClassDef) and (values := assigned(scope).get(expr.id)):
                return [template for value in values for template in self.templates(module, value, depth + 1)]
        return ["{}"]

    def _field(self, module: Module, expr: ast.Attribute) -> list[str]:
        if isinstance(expr.value, ast.Name) and expr.value.id == "self":
            for scope in module.enclosing(expr):
                if isinstance(scope, ast.ClassDef) and expr.attr in fields(scope):
                    self.passed.add(Passed(module.path, scope.name, expr.attr))
        return ["{}"]

    def _given_back(self, module: Module, expr: ast.expr) -> tuple[Module, list[ast.expr]]:
        if isinstance(expr, ast.Subscript):
            return module, listed(module, expr)
        is_named = isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name)
        return self._returned(module, expr.func.id) if is_named else (module, [])

    def _returned(self, module: Module, name: str) -> tuple[Module, list[ast.expr]]:
        """What a function of this file gives back, or the only one of that name elsewhere."""
        return self._given_out(module, name, ast.Return)

    def _given_out(
        self, module: Module, name: str, kind: type[ast.Return | ast.Yield | ast.YieldFrom]
    ) -> tuple[Module, list[ast.expr]]:
        function = module.functions.get(name)
        if function is None:
            elsewhere = [each for each in self.modules.values() if name in each.functions]
            if len(elsewhere) != 1:
                return module, []
            module, function = elsewhere[0], elsewhere[0].functions[name]
        return module, [node.value for node in ast.walk(function) if isinstance(node, kind) and node.value]


def is_worded(template: str) -> bool:
    """Whether a template has words of its own, and not only values; a path has none."""
    return (" " in template or "/" not in template) and _WORD.search(template.replace("{}", "")) is not None


def _is_plain_call(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id not in _LISTS


def _alternatives(expr: ast.expr) -> list[ast.expr] | None:
    """Parts of an expression, each of which it may be as a whole."""
    if isinstance(expr, ast.IfExp):
        return [expr.body, expr.orelse]
    if isinstance(expr, ast.BoolOp):
        return expr.values
    if isinstance(expr, ast.Tuple | ast.List):
        return expr.elts
    if isinstance(expr, ast.Dict):
        return expr.values
    if isinstance(expr, ast.Starred):
        return [expr.value]
    return None


def _joined(parts: list[list[str]]) -> list[str]:
    """Every way to put the parts together; where these are too many, the longest lists are values."""
    while math.prod(map(len, parts)) > _MOST:
        longest = max(range(len(parts)), key=lambda place: len(parts[place]))
        parts = [["{}"] if place == longest else part for place, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*parts)]
