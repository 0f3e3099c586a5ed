"""Errors that say what, where, what was found, and the way out."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable


class ToolkitError(Exception):
    """A job failed for a reason that the toolkit understands (exit code 1)."""

    exit_code = 1


class InputError(ToolkitError):
    """Bad usage or unusable input (exit code 2): nothing was written.

    Examples
    --------
    >>> raise InputError.of("settings key 'thread'", "in fraud.toml", "an unknown name", "did you mean 'threads'?")
    Traceback (most recent call last):
    ...
    features.errors.InputError: settings key 'thread' in fraud.toml: an unknown name. Hint: did you mean 'threads'?
    """

    exit_code = 2
    # The four parts, where the error was built from them.
    what = where = got = hint = ""

    @classmethod
    def of(cls, what: str, where: str, got: str, hint: str) -> Self:
        """Build the error from its four parts, so that every caller says it alike.

        Parameters
        ----------
        what : str
            The thing at fault: a column, a key, a file.
        where : str
            Where it stands: table, file, line.
        got : str
            What was found there; ids only, never a row.
        hint : str
            What the reader can do.
        """
        error = cls(f"{what} {where}: {got}. Hint: {hint}")
        error.what, error.where, error.got, error.hint = what, where, got, hint
        return error

    @classmethod
    def unknown_name(cls, what: str, where: str, got: str, known: Iterable[str]) -> Self:
        """Refuse a name that is not in a closed list, naming the nearest that is, or one that it is a part of.

        Examples
        --------
        >>> InputError.unknown_name("rule", "here", "swapped", ["swapped_diagnosis", "clone_claims"]).hint
        "did you mean 'swapped_diagnosis'?"
        """
        names = sorted(known)
        near = difflib.get_close_matches(got, names, n=1) or [name for name in names if got and got in name]
        hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(names)}"
        return cls.of(f"{what} '{got}'", where, "an unknown name", hint)
