"""Entry of the `fraud` program: load the one command asked for, nothing else; end in one line whatever comes."""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import itertools
import logging
import os
import signal
import sys
import threading
import traceback
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from features.errors import ToolkitError
from features.vocabulary.months import MONTH_PATTERN
from fraud.cli import logs
from fraud.cli.chinese import named, told_error
from fraud.cli.chinese_help import with_told_help
from fraud.cli.endings import Ending, ending_of
from fraud.cli.failure_report import kind_of, place_of, write_report
from fraud.cli.logs import LogFormat
from fraud.cli.session import Session, out
from fraud.cli.table import COMMANDS, GROUPS, Command
from fraud.cli.words import check_folder, check_place, check_word, check_words
from fraud.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_DEBUG = "FRAUD_DEBUG"


def _show_version(wanted: bool) -> None:
    if wanted:
        out().print(f"fraud {version('claims-fraud-toolkit')}")
        raise typer.Exit


def _entry(
    context: typer.Context,
    *,
    workspace: Annotated[
        Path, typer.Option(envvar="FRAUD_WORKSPACE", help="Folder of store, runs, cases, labels and models.")
    ] = Path("workspace"),
    config: Annotated[Path | None, typer.Option(help="Settings, as TOML.")] = None,
    wait: Annotated[int, typer.Option(min=0, max=604_800, help="Seconds to wait for another job that writes.")] = 0,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more of what is going on.")] = False,
    log_format: Annotated[
        LogFormat, typer.Option(envvar=logs.VARIABLE, help="Progress on standard error: lines, or JSON objects.")
    ] = LogFormat.text,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find providers, patients and rings whose claims do not make sense, and say why."""
    # A command that another one runs goes on with the log of that.
    if isinstance(context.obj, list):
        context.obj.append(workspace)
        logs.choose(log_format, verbose=verbose)
    check_word("--workspace", str(workspace), "or FRAUD_WORKSPACE")
    check_folder(workspace, "workspace")
    context.obj = Session(Workspace(workspace, context.invoked_subcommand or "", wait), config)


def _load(command: Command) -> Callable[..., Any]:
    module, function = command.place.split(":")
    loaded: Callable[..., Any] = getattr(importlib.import_module(module), function)

    @functools.wraps(loaded)
    def run(*positional: Any, **named: Any) -> Any:
        for value in named.values():
            if isinstance(value, Path):
                check_place(value)
        month = named.get("month")
        is_month = isinstance(month, str) and MONTH_PATTERN.fullmatch(month)
        logs.about(command=command.words, **({"month": str(month)} if is_month else {}))
        logs.tell("start", f"{command.words}: started", is_shown=True)
        return loaded(*positional, **named)

    return run


def _placeholder() -> None:
    raise RuntimeError("a command ran without being loaded")


def build_app(arguments: Sequence[str]) -> typer.Typer:
    """Build the program; only commands whose first word is among the arguments are imported.

    Parameters
    ----------
    arguments : sequence of str
        The command line without the program's name.
    """
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_entry)
    groups = {name: typer.Typer(no_args_is_help=True, help=text) for name, text in GROUPS.items()}
    for name, group in groups.items():
        app.add_typer(group, name=name)
    for command in COMMANDS:
        first, _, second = command.words.partition(" ")
        function = _load(command) if first in arguments else _placeholder
        (groups[first] if second else app).command(second or first, help=command.help)(function)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program and leave with 0 done, 1 failed, 2 bad usage or unusable input."""
    # Whatever a command writes, MLflow's and DuckDB's files too, is its owner's alone.
    os.umask(0o077)
    _open_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    with logs.logging_to_stderr(_asked_form(words)), _signals() as received:
        code = _run(words)
        _ignore_signals()
        if code and received:
            code = 128 + received[0]
        logs.tell("end", f"ended with exit code {code}", is_shown=True, facts={"exit_code": code})
    _let_go(sys.stdout)
    sys.exit(code)


def _open_streams() -> None:
    """Let nothing that is printed end the work: neither a stream that is closed nor a character that it lacks."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the program ends
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _run(words: list[str]) -> int:
    """Run the program; return its exit code, whatever happens."""
    workspace: list[Path] = []
    try:
        check_words(words)
        done = with_told_help(typer.main.get_command(build_app(words)))(
            args=words, prog_name="fraud", standalone_mode=False, obj=workspace
        )
        sys.stdout.flush()
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except KeyboardInterrupt:
        return _tell_interrupted()
    except BaseException as error:  # noqa: BLE001 - the last door: nothing gets past it as a traceback
        return _tell(ending_of(error), error, words, workspace[0] if workspace else None)
    # What the parser of the command line itself ends early comes back as a number.
    if done == 130:
        return _tell_interrupted()
    return done if isinstance(done, int) else 0


def _tell(ending: Ending, error: BaseException, words: list[str], workspace: Path | None) -> int:
    _ignore_signals()
    says = ending.says
    if not ending.is_expected:
        report = write_report(error, words, workspace)
        step = logs.last_step()
        during = f" during '{step}'" if step else ""
        hint = "no report could be written" if report is None else f"send {report} to the developers; it holds no rows"
        says = f"unexpected {kind_of(error)} at {place_of(error)}{during}. Hint: {hint}"
    if says is not None:
        facts = {"exit_code": ending.code, "kind": kind_of(error)}
        shown = named("fraud", told_error(error)) if isinstance(error, ToolkitError) else ""
        logs.tell("error", f"fraud: {says}", level=logging.ERROR, facts=facts, shown=shown)
    if logs.is_verbose() or os.environ.get(_DEBUG, "0") not in {"", "0"}:
        for line in "".join(traceback.format_exception(error)).splitlines():
            logs.tell("traceback", line, level=logging.ERROR)
    return ending.code


def _tell_interrupted() -> int:
    _ignore_signals()
    logs.tell("error", "fraud: interrupted; what was there before is as it was", level=logging.ERROR)
    return 128 + signal.SIGINT


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Let SIGTERM end a command as Ctrl-C does, so that it clears up; the list says which signal came."""
    received: list[int] = []

    def stop(number: int, _: object) -> None:
        received.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield received
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """Let no signal break into the last words of a command, whose end is settled."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)


def _asked_form(words: Sequence[str]) -> LogFormat:
    """Form of the log as far as it can be known before the command line is read."""
    asked = [word.partition("=")[2] for word in words if word.startswith("--log-format=")]
    asked += [after for word, after in itertools.pairwise(words) if word == "--log-format"]
    is_json = [*asked, os.environ.get(logs.VARIABLE, "")][0] == LogFormat.json
    return LogFormat.json if is_json else LogFormat.text


def _let_go(stream: Any) -> None:
    """Let the interpreter end quietly where nobody reads the output, or it has no room."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
