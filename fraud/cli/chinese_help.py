"""Help of commands and options in the language of the program."""

from __future__ import annotations

from typing import Any

from fraud.cli.chinese import language, told


def with_told_help(program: Any) -> Any:
    """Return a program as typer builds it, its help in the language of the program; English is not touched.

    What the parser of the command line says itself ("Usage", "Show this message and exit.") stays English.
    """
    todo = [] if language() == "en" else [program]
    while todo:
        command = todo.pop()
        for each in (command, *command.params):
            if getattr(each, "help", None):
                each.help = told(each.help)
        todo += getattr(command, "commands", {}).values()
    return program
