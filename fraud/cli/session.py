"""What every command shares: workspace, settings, and the one way to print.

Whatever a command says may come from a payer's files: it is shown as plain text, one line where one line is meant,
never as markup, and no escape sequence of it reaches a terminal or a log.
"""

from __future__ import annotations

import json
import math
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TimeElapsedColumn
from rich.text import Text

from features.errors import InputError
from features.outside import plain_line
from fraud.cli import logs
from fraud.cli.chinese import named, told
from fraud.cli.told_console import ToldConsole
from fraud.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fraud.rules import Rule
    from fraud.settings import Settings

# Of JSON's text as Python writes it, which escapes only what is below a blank: other control characters, marks that
# turn the reading direction, line ends of Unicode, halves of surrogate pairs. In a text of JSON all may be escaped.
_UNPLAIN_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


@dataclass(frozen=True)
class Session:
    """One call of the program."""

    workspace: Workspace
    config: Path | None

    def settings(self) -> Settings:
        """Read the settings file, once a command needs it.

        `[rules]` is checked where it says anything. A command that runs no rule is not stopped by a payer's rule file
        that cannot be used: it is told that `[rules]` was not checked.
        """
        from fraud.settings import load_settings  # pydantic is not needed for --help

        found = load_settings(self.config)
        if not found.rules.given:
            return found
        try:
            rules = self.rules()
        except InputError as error:
            say(f"settings [rules] not checked, as this command runs no rule: {error}")
            return found
        return self._with_numbers(found, rules)

    def settings_of_rules(self, rules: tuple[Rule, ...] | None = None) -> Settings:
        """Read the settings file for a command that runs rules, by default ours and the payer's."""
        from fraud.settings import load_settings

        return self._with_numbers(load_settings(self.config), self.rules() if rules is None else rules)

    def _with_numbers(self, settings: Settings, rules: tuple[Rule, ...]) -> Settings:
        from fraud.rules import with_rule_numbers

        return with_rule_numbers(settings, rules, f"in {self.config}")

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


class _PlainConsole(ToldConsole):
    """A console for which text is text: every string, in tables too, comes through here."""

    def render_str(self, text: str, **given: Any) -> Text:
        """Return the text as one plain line."""
        plain = {"emoji": False, "markup": False, "highlight": False}
        return super().render_str(plain_line(text), **{**given, **plain})


def out() -> Console:
    """Results: standard output, never wrapped to a guess when it is not a terminal."""
    is_terminal = sys.stdout.isatty()
    return _PlainConsole(width=None if is_terminal else 160, soft_wrap=not is_terminal, highlight=False)


def show_json(value: object, *, indent: int | None = 2) -> None:
    """Print a value for a program to read, as JSON that no terminal obeys."""
    sys.stdout.write(plain_json(value, indent=indent) + "\n")


def show_text(text: str) -> None:
    """Print a text of our own with its line ends, such as a page of a catalogue."""
    sys.stdout.write("".join(f"{plain_line(line)}\n" for line in text.splitlines()))


def plain_json(value: object, *, indent: int | None = 2) -> str:
    r"""Write JSON in which every control character and every mark of reading direction is an escape of JSON's own.

    What is not known is null: NaN is no JSON.

    Examples
    --------
    >>> plain_json({"医院": "\x9b31m\u202e", "q": float("nan")}, indent=None)
    '{"医院": "\\u009b31m\\u202e", "q": null}'
    """
    text = json.dumps(_known(value), ensure_ascii=False, indent=indent, allow_nan=False)
    return _UNPLAIN_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _known(value: object) -> object:
    """Return a value with null for every number that is none."""
    if isinstance(value, dict):
        return {key: _known(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_known(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def say(message: str, **counts: int) -> None:
    """One plain line of progress on standard error, and in the log; `counts` go to the log alone."""
    logs.tell("note", message, facts=counts)


class _Step(ProgressColumn):
    """What is being done, as plain text."""

    def render(self, task: Task) -> Text:
        """Return the description of the task."""
        return Text(plain_line(task.description))


def _progress() -> Progress:
    """Progress on a terminal; nothing elsewhere, where `say` and `steps` print plain lines."""
    return Progress(
        SpinnerColumn(),
        _Step(),
        BarColumn(),
        TimeElapsedColumn(),
        console=_PlainConsole(stderr=True),
        disable=not sys.stderr.isatty() or logs.is_json(),
        transient=True,
    )


@contextmanager
def steps(job: str) -> Iterator[Callable[[str], None]]:
    """Hand out what tells the steps of a job: a bar on a terminal, plain lines elsewhere, always the log."""
    with _progress() as bar:
        task = bar.add_task(told(job), total=None)

        def tell(what: str) -> None:
            shown = told(what)
            bar.update(task, description=shown)
            logs.tell("step", f"{job}: {what}", is_shown=not bar.disable, shown=named(told(job), shown))

        yield tell
