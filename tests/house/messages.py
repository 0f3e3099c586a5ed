"""Every message the program can say to its user, as templates: an f-string's text with {} for each placeholder.

The calls that say something are the roots; a function that passes a parameter of its own on to one of them says it too,
so that its callers are read as well.
"""

from __future__ import annotations

import ast
import re
from functools import cache

from tests.house.names import Module, Passed
from tests.house.sources import PACKAGES, trees
from tests.house.templates import Reader, is_worded

# Programs of their own, for us: no command of `fraud` reaches them.
NOT_READ = ("experiments/benchmarks/", "experiments/studies/")
# What says something: the name of a call, its parameters, and which of them are messages ("*": every argument).
ROOTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "InputError.of": (("what", "where", "got", "hint"), ("what", "where", "got", "hint")),
    "unknown_name": (("what", "where", "got", "known"), ("what", "where")),
    "InputError": (("message",), ("message",)),
    "ToolkitError": (("message",), ("message",)),
    "told": (("message",), ("message",)),
    "tell": (("message",), ("message",)),
    "logs.tell": (("event", "message"), ("message",)),
    "Ending": (("code", "says"), ("says",)),
    "_said": (("code", "what", "hint"), ("what", "hint")),
    "Decision": (("promoted", "reasons", "basis"), ("reasons", "basis")),
    "TrainReport": (("entity",), ("message",)),
    "RefusedRow": (("row", "place", "reasons"), ("reasons",)),
    "UntoldError": (("message",), ("message",)),
    "ok": (("what",), ("what",)),
    "note": (("what", "hint"), ("what", "hint")),
    "wrong": (("what", "hint"), ("what", "hint")),
    "Repair": (("name", "count", "mend"), ("name",)),
    "Relation": (("name", "meaning"), ("meaning",)),
    "Order": (("table", "first", "last", "meaning"), ("meaning",)),
    "Command": (("words", "place", "help"), ("help",)),
    "Option": ((), ("help",)),
    "Argument": ((), ("help",)),
}
# The same where a file prints to a terminal.
CONSOLE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "say": (("message",), ("message",)),
    "add_task": (("description",), ("description",)),
    "update": (("task",), ("description",)),
    "print": ((), ("*",)),
    "Table": ((), ("*",)),
    "add_column": (("header",), ("header",)),
    "steps": (("job",), ("job",)),
}
# Texts that reach the reader by a way that cannot be followed: a name at the top of a file, or a function that
# returns them.
NAMED: tuple[tuple[str, str], ...] = (
    ("experiments/metrics.py", "METRICS"),
    ("experiments/evaluate.py", "evaluate_month"),
    ("features/claims/counting.py", "MALFORMED"),
    ("features/claims/reading/totals.py", "TOTALS"),
    ("features/claims/reading/totals.py", "AGAIN"),
    ("features/claims/judge.py", "ORPHAN"),
    ("features/claims/judge.py", "CONFLICT"),
    ("features/claims/staging/line_serials.py", "LOST_ORIGINAL"),
    ("fraud/cli/rule_catalogue.py", "_FEW"),
    ("fraud/cli/rule_catalogue.py", "_status"),
    ("fraud/cli/table.py", "GROUPS"),
    ("fraud/audit.py", "UNCHAINED"),
    ("fraud/audit.py", "CHANGED"),
    ("fraud/doctor/repair.py", "TIGHTENED"),
    ("fraud/lock.py", "told"),
    ("fraud/references/knowledge_points.py", "_NO_ITEM"),
    ("fraud/references/knowledge_points.py", "_ITSELF"),
    ("fraud/references/knowledge_points.py", "_contradicted"),
    ("fraud/rules/declare/rule.py", "RESULT_TYPES"),
    ("fraud/rules/life/backtest.py", "_status"),
    ("fraud/rules/life/points.py", "_leads_to"),
    ("fraud/lock.py", "_told_by"),
)
# Tables at the top of a file whose keys are headings.
HEADINGS = (
    ("experiments/cli/recall_tables.py", "_PLACES"),
    ("experiments/cli/recall_tables.py", "_SCHEMES"),
    ("experiments/cli/recall_tables.py", "_DELAYS"),
    ("experiments/cli/recall_tables.py", "_TWINS"),
    ("experiments/cli/recall_tables.py", "_RINGS"),
)
# Files and folders that make reasons for quarantine; a reason names the column first.
REASONS = ("features/claims/values/faults.py", "features/claims/values/number_ids.py", "fraud/cases/life/")
_REASON = re.compile(r"(\{\}|[a-z_]+): [a-z{]")
# Functions whose docstring is help.
DOCSTRINGS = (("fraud/cli/main.py", "_entry"),)
# Words of no language.
SAME_IN_BOTH = {"$ fraud {}", "[bold]$ fraud {}[/bold]"}


def parts(text: str) -> list[str]:
    """A message and its hint, which have entries of their own; blanks around them have no meaning.

    >>> parts("rings: withheld. Hint: fill it in")
    ['rings: withheld', 'fill it in']
    """
    return [part.strip() for part in text.split(". Hint: ", maxsplit=1)]


@cache
def said() -> dict[str, str]:
    """Each template that has words, and the place (`file:line`) of one call that says it."""
    search = _Search()
    search.read_named()
    for name, (signature, wanted) in ROOTS.items():
        search.read_calls(name, signature, wanted, list(search.modules.values()))
    printing = [module for module in search.modules.values() if module.prints]
    for name, (signature, wanted) in CONSOLE.items():
        search.read_calls(name, signature, wanted, printing)
    search.follow()
    return search.found


class _Search:
    """What was found so far."""

    def __init__(self) -> None:
        read = {path: tree for path, tree in trees(*PACKAGES).items() if not path.startswith(NOT_READ)}
        self.modules = {path: Module(path, tree) for path, tree in read.items()}
        self.reader = Reader(self.modules)
        self.found: dict[str, str] = {}

    def add(self, templates: list[str], path: str, line: int) -> None:
        for part in (part for template in templates for part in parts(template)):
            if is_worded(part) and part not in SAME_IN_BOTH:
                self.found.setdefault(part, f"{path}:{line}")

    def read_named(self) -> None:
        for path, name in NAMED:
            module = self.modules[path]
            for expr in module.given(name):
                texts = self.reader.templates(module, expr) + self.reader.items(module, expr)
                self.add([text.replace("_", " ") if text.isidentifier() else text for text in texts], path, expr.lineno)
        for path, name in DOCSTRINGS:
            self.add([ast.get_docstring(self.modules[path].functions[name]) or ""], path, 1)
        for module in (module for path, module in self.modules.items() if path.startswith(REASONS)):
            for text in module.texts():
                templates = self.reader.templates(module, text)
                self.add([each for each in templates if _REASON.match(each)], module.path, text.lineno)
        for path, name in HEADINGS:
            for expr in self.modules[path].given(name):
                self.add([key.value for key in expr.keys], path, expr.lineno)

    def read_calls(self, name: str, signature: tuple[str, ...], wanted: tuple[str, ...], modules: list[Module]) -> None:
        for module in modules:
            for argument, value in _arguments(module.calls(name), signature, wanted):
                templates = self.reader.templates(module, value)
                if (name, argument) == ("unknown_name", "what"):
                    templates = [f"{template} '{{}}'" for template in templates]
                self.add(templates, module.path, value.lineno)

    def follow(self) -> None:
        """Read who calls a function that hands on a parameter, until nobody new does."""
        done: set[Passed] = set()
        while left := sorted(self.reader.passed - done, key=str):
            done.update(left)
            for passed in left:
                # What `unknown_name` hands on is asked of its callers already.
                if passed.path != "features/errors.py":
                    module = self.modules[passed.path]
                    read = [module] if passed.name.startswith("_") else list(self.modules.values())
                    self.read_calls(passed.name, module.signature(passed.name), (passed.parameter,), read)


def _arguments(
    calls: list[ast.Call], signature: tuple[str, ...], wanted: tuple[str, ...]
) -> list[tuple[str, ast.expr]]:
    if wanted == ("*",):
        return [("*", each) for call in calls for each in call.args]
    named = [pair for call in calls for pair in zip(signature, call.args, strict=False)]
    named += [(keyword.arg, keyword.value) for call in calls for keyword in call.keywords if keyword.arg]
    return [(name, value) for name, value in named if name in wanted]
