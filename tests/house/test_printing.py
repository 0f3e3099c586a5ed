"""What is printed goes through one place, which knows what a terminal must not see."""

from __future__ import annotations

import re

from tests.house.sources import sources

ONE_PLACE = {"fraud/cli/session.py", "fraud/cli/logs.py", "fraud/cli/told_console.py"}
# Programs of their own, which print what they measured of invented data.
STUDIES = ("experiments/studies/", "experiments/benchmarks/")
PRINTED = re.compile(
    r"\bConsole\(|(?<![\w.])print\(|typer\.(?:echo|secho)|click\.echo|sys\.(?:stdout|stderr)\.write|from_markup"
)


def printing(text):
    """Calls that print, examples in docstrings apart."""
    return [
        line.strip() for line in text.splitlines() if PRINTED.search(line) and ">>>" not in line and "..." not in line
    ]


def test_nothing_prints_by_itself():
    texts = sources("features", "fraud", "experiments").items()
    found = {path: lines for path, text in texts if (lines := printing(text)) and not path.startswith(STUDIES)}
    assert set(found) == ONE_PLACE


def test_a_print_is_seen():
    assert printing("    print(1)\n    out().print(1)\n    Console(stderr=True)\n    typer.echo('x')") == [
        "print(1)",
        "Console(stderr=True)",
        "typer.echo('x')",
    ]
