"""How a call of the program can end early: exit code and one line for every error, and what it is to be told by.

0 done, 1 failed, 2 bad usage or unusable input; ended by a signal 128 and its number (130 by Ctrl-C, 143 by SIGTERM).
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.errors import ToolkitError
from features.outside import first_line, plain_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_BAD_PLACE = "name a place that can be used"
_SPACE = "free space there, then run the command again; what was there before is as it was"
# Where the person who called can name a better place.
_BAD_PLACES = {
    errno.EACCES: ("not allowed", "run as the owner of it, or name another place"),
    errno.EPERM: ("not allowed", "run as the owner of it, or name another place"),
    errno.ENOTDIR: ("something on the way is no folder", _BAD_PLACE),
    errno.EEXIST: ("something else has the name", _BAD_PLACE),
    errno.EISDIR: ("a folder and no file", _BAD_PLACE),
    errno.ENAMETOOLONG: ("a name that is too long", "give names of at most 255 bytes"),
    errno.ELOOP: ("links that lead in a circle", _BAD_PLACE),
}
# Where the machine has to be seen to.
_ENVIRONMENT = {
    errno.ENOSPC: ("no space left on the disk", _SPACE),
    errno.EDQUOT: ("no space left in the quota", _SPACE),
    errno.EFBIG: ("a file may not grow so large here", "raise the limit (ulimit -f)"),
    errno.EROFS: ("the file system is read-only", "mount it writable, or name another place"),
    errno.EMFILE: ("too many open files", "raise the limit (ulimit -n)"),
    errno.ENFILE: ("too many open files on this machine", "end other programs"),
    errno.ENOMEM: ("out of memory", "give the machine more memory, or lower [engine] memory_limit"),
    errno.EIO: ("the disk cannot be read or written", "check the disk"),
    errno.EPIPE: ("who reads the output went away before all was said", "read it to the end; the work itself is done"),
}
_MEMORY = ("out of memory", "give the machine more memory, or lower [engine] memory_limit and threads")
_DEPTH = 10


@dataclass(frozen=True)
class Ending:
    """How a call ends.

    Parameters
    ----------
    code : int
        Exit code.
    says : str
        One line, with a hint; None where there is nothing to say.
    is_expected : bool
        Whether the toolkit knows what happened; else a report is written.
    """

    code: int
    says: str | None
    is_expected: bool = True


def ending_of(error: BaseException) -> Ending:
    """Tell how a call ends on an error; what an error of a library says is not repeated, as it could hold a row.

    Examples
    --------
    >>> ending_of(OSError(28, "No space left on device", "a/b")).code
    1
    >>> ending_of(OSError(36, "File name too long", "a/b")).says
    "'a/b': a name that is too long. Hint: give names of at most 255 bytes"
    >>> ending_of(KeyError("person 17")).is_expected
    False
    """
    if isinstance(error, ToolkitError):
        return Ending(error.exit_code, plain_line(str(error).replace("\n", " ")))
    usage = _usage(error)
    if usage is not None:
        return usage
    known = _known(error)
    if known is not None:
        return known
    for cause in _causes(error):
        # A library's own error about a disk or a memory that gave out; a bad place beneath may be long past.
        known = _known(cause)
        if known is not None and known.code == 1:
            return known
    return Ending(1, None, is_expected=False)


def _usage(error: Any) -> Ending | None:
    """Tell bad usage as the parser of the command line raises it; which class it is depends on typer's version."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if "NoArgsIsHelpError" in names:
        return Ending(2, None)
    if "Abort" in names:
        return Ending(130, "interrupted; what was there before is as it was")
    if "ClickException" not in names:
        return None
    message = " ".join(str(error.format_message()).split())
    context = getattr(error, "ctx", None)
    path = "fraud" if context is None else context.command_path
    return Ending(int(error.exit_code), plain_line(f"{message.rstrip('.')}. Hint: see `{path} --help`"))


def _known(error: BaseException) -> Ending | None:
    if isinstance(error, OSError):
        return _of_os(error)
    if isinstance(error, MemoryError):
        return _said(1, *_MEMORY)
    module, name = type(error).__module__, type(error).__name__
    if module.startswith(("duckdb", "_duckdb")):
        return _of_duckdb(name, error)
    if module == "sqlite3" and name in {"OperationalError", "DatabaseError"}:
        return _said(1, f"model tracking: {first_line(error)}", "check the disk, and the workspace's mlflow.db")
    return None


def _of_duckdb(name: str, error: BaseException) -> Ending | None:
    if name == "OutOfMemoryException":
        return _said(1, "DuckDB: out of the memory it may use", "raise [engine] memory_limit, or free disk space")
    if name != "IOException":
        return None
    # It speaks of files and never of rows.
    told = [said for number, said in _ENVIRONMENT.items() if os.strerror(number) in str(error)]
    says, hint = told[0] if told else (first_line(error), "check the disk and the files of the workspace")
    return _said(1, f"DuckDB: {says}", hint)


def _of_os(error: OSError) -> Ending | None:
    place = None if error.filename is None else plain_line(repr(str(error.filename)))
    number = error.errno or (errno.EPIPE if isinstance(error, BrokenPipeError) else 0)
    if number in _BAD_PLACES:
        says, hint = _BAD_PLACES[number]
        return _said(2, f"{place}: {says}" if place else says, hint)
    if number in _ENVIRONMENT:
        says, hint = _ENVIRONMENT[number]
        return _said(1, f"{place}: {says}" if place else says, hint)
    if number == errno.ENOENT and place:
        return _said(1, f"{place}: no longer there", "restore it, or name another place")
    return None


def _said(code: int, what: str, hint: str) -> Ending:
    return Ending(code, f"{what}. Hint: {hint}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    for _ in range(_DEPTH):
        below = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if below is None:
            return
        yield below
        error = below
