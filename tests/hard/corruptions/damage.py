"""A damage: what is done to a legal source folder."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.hard.sources import tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLES = tuple(tables())


@dataclass(frozen=True)
class Damage:
    """One way to damage a source.

    Parameters
    ----------
    name : str
        By which it can be repeated.
    do : callable
        Changes the folder of a legal source; may return the path of a mapping to use.
    option : str
        Option that takes the path which `do` returns: `--mapping`, `--config` or none.
    must_refuse : bool
        Whether only a refusal is right.
    """

    name: str
    do: Callable[[Path], Path | None]
    option: str = ""
    must_refuse: bool = False


def bytes_damage(name: str, table: str, change: Callable[[bytes, random.Random], bytes]) -> Damage:
    """Return a damage of the bytes of one CSV file, drawn by the name."""

    def do(folder: Path) -> None:
        path = folder / f"{table}.csv"
        path.write_bytes(change(path.read_bytes(), random.Random(name)))

    return Damage(name, do)
