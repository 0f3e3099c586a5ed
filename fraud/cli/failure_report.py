"""The report of an unexpected error: enough for a developer, and nothing of what was worked on.

Versions, the command without its values, kinds of errors, and where in the code they came from. What an error says is
left out, for it may quote a row; so are paths of the machine, ids, and the values of variables.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features.outside import plain_line
from fraud.cli import logs

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = "reports"
_ROOT = Path(__file__).resolve().parents[2]
_LIBRARIES = ("duckdb", "lightgbm", "mlflow", "numpy", "pandas", "pyarrow", "pydantic", "rich", "typer")
_DEPTH = 10


def write_report(error: BaseException, words: Sequence[str], workspace: Path | None) -> Path | None:
    """Write the report, readable by its owner alone.

    Parameters
    ----------
    error : BaseException
        What happened.
    words : sequence of str
        The command line; only names of options are kept.
    workspace : Path or None
        Reports go into its folder `reports`; into the temporary folder where it is not there or cannot be written.

    Returns
    -------
    Path or None
        The file; None where none could be written.
    """
    text = json.dumps(_content(error, words), indent=1) + "\n"
    folders = [] if workspace is None or not workspace.is_dir() else [workspace / FOLDER]
    for folder in (*folders, Path(tempfile.gettempdir())):
        try:
            if folder.name == FOLDER:
                folder.mkdir(mode=0o700, exist_ok=True)
            descriptor, name = tempfile.mkstemp(".json", f"fraud-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-", folder)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError:
            continue
        return Path(name)
    return None


def place_of(error: BaseException) -> str:
    """Return the innermost line of our own code that an error came from, such as `fraud/cli/score.py:12`.

    Examples
    --------
    >>> place_of(KeyError("never raised"))
    'an unknown place'
    """
    frames = _frames(error)
    ours = [frame for frame in frames if frame.startswith(("features/", "fraud/", "experiments/"))]
    found = ours or frames
    return found[-1].partition(" ")[0] if found else "an unknown place"


def kind_of(error: BaseException) -> str:
    """Return the name of an error's class."""
    return type(error).__qualname__


def _content(error: BaseException, words: Sequence[str]) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "toolkit": _version("claims-fraud-toolkit"),
        "python": platform.python_version(),
        "machine": f"{sys.platform} {platform.machine()}",
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "command": logs.command(),
        "options": sorted({plain_line(word.partition("=")[0])[:40] for word in words if word.startswith("--")}),
        "step": logs.last_step(),
        "seconds": logs.seconds(),
        "peak_memory_mb": logs.peak_memory_mb(),
        "errors": [{"kind": kind_of(each), "frames": _frames(each)} for each in _chain(error)],
    }


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in found and len(found) < _DEPTH:
        found.append(current)
        current = current.__cause__ or current.__context__
    return found


def _frames(error: BaseException) -> list[str]:
    """Return the frames of an error, outermost first, as `file:line function`."""
    found = traceback.extract_tb(error.__traceback__, limit=-60)
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in found]


def _short(file: str) -> str:
    """Return a path from the package on, without the folders of the machine."""
    path = Path(file)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.relative_to(_ROOT).parts:
        return path.relative_to(_ROOT).as_posix()
    _, found, rest = path.as_posix().rpartition("/site-packages/")
    return rest if found else path.name


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
