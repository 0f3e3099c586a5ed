"""Files and functions stay short enough to be read at once.

A function is counted from `def` to its end, its docstring apart: a long docstring helps the reader.
"""

from __future__ import annotations

import ast

from tests.house.sources import PACKAGES, sources, trees

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 60
# What may be longer, and why. Shorten rather than add; who shortens one strikes it from here.
LONGER = {"tests/contracts/feature_data.py:feature_tables": "data: one invented claim after another"}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - (docstring.end_lineno - docstring.lineno + 1)


def long_functions(parsed) -> dict[str, int]:
    found = {
        f"{path}:{node.name}": length(node)
        for path, tree in parsed.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    return {name: lines for name, lines in found.items() if lines > MOST_LINES_OF_A_FUNCTION}


def test_length_leaves_the_docstring_out():
    (function,) = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    return 1\n').body
    assert length(function) == 2
    body = "\n".join(["    pass"] * 60)
    assert long_functions({"a.py": ast.parse(f"def f():\n{body}\n")}) == {"a.py:f": 61}


def test_no_file_is_longer_than_the_wall():
    counted = {path: text.count("\n") for path, text in sources(*PACKAGES, "tests").items()}
    assert {path: lines for path, lines in counted.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_a_page_but_those_named():
    found = long_functions(trees(*PACKAGES, "tests"))
    assert {name: lines for name, lines in found.items() if name not in LONGER} == {}
    assert set(LONGER) - set(found) == set(), "no longer long: strike them from LONGER"
