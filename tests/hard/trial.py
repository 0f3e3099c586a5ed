"""A trial: a name by which it can be repeated, and what is tried; it raises where the program breaks its promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.hard.program import Broken

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.hard.bench import Bench


class Skipped(Exception):  # noqa: N818 - it is no error
    """This machine or this version cannot try it; the text says why."""


@dataclass(frozen=True)
class Trial:
    """One thing that is tried.

    Parameters
    ----------
    group, name : str
        Of the trial; `python -m tests.hard GROUP --only NAME` repeats it.
    tried : callable
        Does it on a bench; raises `Broken` with what went wrong, or `Skipped`.
    """

    group: str
    name: str
    tried: Callable[[Bench], None]


def check(holds: object, what: str) -> None:
    """Raise `Broken` with what was promised, unless it holds."""
    if not holds:
        raise Broken(what)
