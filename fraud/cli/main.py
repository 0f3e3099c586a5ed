"""Entry of the `fraud` program: load the one command that was asked for, nothing else."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from features.errors import ToolkitError
from fraud.cli.chinese import told_error
from fraud.cli.chinese_help import with_told_help
from fraud.cli.session import Session, say
from fraud.cli.table import COMMANDS, GROUPS, Command
from fraud.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fraud {version('claims-fraud-toolkit')}")
        raise typer.Exit


def _entry(
    context: typer.Context,
    workspace: Annotated[
        Path, typer.Option(envvar="FRAUD_WORKSPACE", help="Folder of store, runs, cases, labels and models.")
    ] = Path("workspace"),
    config: Annotated[Path | None, typer.Option(help="Settings, as TOML.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more of what is going on.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Find providers, patients and rings whose claims do not make sense, and say why."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, stream=sys.stderr)
    context.obj = Session(Workspace(workspace), config, verbose)


def _load(command: Command) -> Callable[..., Any]:
    module, function = command.place.split(":")
    loaded: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return loaded


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
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with_told_help(typer.main.get_command(build_app(words)))(args=words, prog_name="fraud")
    except ToolkitError as error:
        say(f"fraud: {told_error(error)}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
