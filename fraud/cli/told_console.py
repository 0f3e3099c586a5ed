"""A console that says what it is given in the language of the program."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from fraud.cli.chinese import told


class ToldConsole(Console):
    """Prints messages and the headings of tables in the language of the program; cells as the table has them."""

    def print(self, *objects: Any, **given: Any) -> None:
        """Print as `Console` does."""
        super().print(*map(_told, objects), **given)


def _told(thing: Any) -> Any:
    if isinstance(thing, str):
        return told(thing)
    if isinstance(thing, Table):
        for column in thing.columns:
            if isinstance(column.header, str):
                column.header = told(column.header)
    return thing
