"""What every command shares: workspace, settings, consoles."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from fraud.cli.chinese import told
from fraud.cli.told_console import ToldConsole
from fraud.workspace import Workspace

if TYPE_CHECKING:
    from fraud.rules import Rule
    from fraud.settings import Settings


@dataclass(frozen=True)
class Session:
    """One call of the program."""

    workspace: Workspace
    config: Path | None
    verbose: bool

    def settings(self) -> Settings:
        """Read the settings file, once a command needs it; `[rules]` is checked against the rules that are there."""
        from fraud.rules import with_rule_numbers  # neither these nor pydantic are needed for --help
        from fraud.settings import load_settings

        return with_rule_numbers(load_settings(self.config), self.rules(), f"in {self.config}")

    def rules(self) -> tuple[Rule, ...]:
        """Our rules and the payer's own."""
        from fraud.rules import rules_of

        return rules_of(self.workspace)


def session(context: typer.Context) -> Session:
    """Return the session that the program's entry put into the context."""
    found = context.find_object(Session)
    if found is None:
        raise RuntimeError("the command was called without its entry")
    return found


def out() -> Console:
    """Results: standard output, never wrapped to a guess when it is not a terminal."""
    return ToldConsole(width=None if sys.stdout.isatty() else 160, soft_wrap=not sys.stdout.isatty())


def say(message: str) -> None:
    """One plain line of progress on standard error."""
    ToldConsole(stderr=True, highlight=False, markup=False, soft_wrap=True).print(message)


class _Step(TextColumn):
    """What is being done, in the language of the program."""

    def render(self, task: Task) -> Text:
        """Return the description of the task."""
        return Text(told(task.description))


def progress() -> Progress:
    """Progress on a terminal; nothing elsewhere, where `say` prints plain lines."""
    return Progress(
        SpinnerColumn(),
        _Step(""),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )
