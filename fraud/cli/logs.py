"""The log of a call, on standard error: plain lines for people, or one JSON object per line for a machine.

It says what is done, when, with what counts, seconds and memory; never a row, never a person.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import resource
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from features.outside import plain_line
from fraud.cli.chinese import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = "FRAUD_LOG"
_OURS = "fraud.command"
# What a call is about, said on every line of a JSON log once it is known.
_ABOUT = ("command", "month")


class LogFormat(StrEnum):
    """How the log is written."""

    text = "text"
    json = "json"


class _Lines(logging.Handler):
    """Writes records to standard error as it is now; a log that cannot be written stops no work."""

    def __init__(self, form: LogFormat, *, verbose: bool) -> None:
        super().__init__()
        self.form, self.verbose = form, verbose
        self.began = time.monotonic()
        self.about: dict[str, Any] = {}
        self.last_step = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        line = self._json(record) if self.form is LogFormat.json else self._text(record)
        if line is not None:
            with contextlib.suppress(OSError, ValueError):
                sys.stderr.write(line + "\n")
                sys.stderr.flush()

    def _text(self, record: logging.LogRecord) -> str | None:
        if getattr(record, "is_shown", False) and not self.verbose:
            return None
        said = plain_line(getattr(record, "shown", "") or told(record.getMessage()))
        if not self.verbose:
            return said
        facts = " ".join(f"{name}={value}" for name, value in getattr(record, "facts", {}).items())
        return f"{datetime.now().astimezone():%H:%M:%S} {said}{f' ({facts})' if facts else ''}"

    def _json(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry = {
            "time": at,
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "library"),
            **{name: self.about[name] for name in _ABOUT if name in self.about},
            "message": plain_line(record.getMessage()),
            "seconds": round(time.monotonic() - self.began, 3),
            "peak_memory_mb": peak_memory_mb(),
            **getattr(record, "facts", {}),
        }
        return json.dumps(entry)


def tell(
    event: str,
    message: str,
    *,
    level: int = logging.INFO,
    is_shown: bool = False,
    facts: Mapping[str, Any] | None = None,
    shown: str = "",
) -> None:
    """Log one event.

    Parameters
    ----------
    event : str
        Its kind: start, step, note, error, traceback, end.
    message : str
        In words.
    level : int
        Of `logging`.
    is_shown : bool
        The terminal shows it already, or need not: only a JSON log and --verbose say it.
    facts : mapping, optional
        Counts and the like, for the JSON log.
    shown : str, optional
        What a person is shown in place of the message, in the language of the program.
    """
    # Whoever else listens to the log gets no control characters either.
    message = plain_line(message)
    if event == "step" and (handler := _handler()) is not None:
        handler.last_step = message
    extra = {"event": event, "facts": facts or {}, "is_shown": is_shown, "shown": shown}
    logging.getLogger(_OURS).log(level, "%s", message, extra=extra)


def about(**facts: str) -> None:
    """Say what the call is about: the command, the month."""
    if (handler := _handler()) is not None:
        handler.about |= facts


def command() -> str:
    """Words of the command that was called, empty before one was."""
    handler = _handler()
    return "" if handler is None else str(handler.about.get("command", ""))


def last_step() -> str:
    """Return the last step that was told, empty before the first."""
    handler = _handler()
    return "" if handler is None else handler.last_step


def seconds() -> float:
    """Return the time since the call began."""
    handler = _handler()
    return 0.0 if handler is None else round(time.monotonic() - handler.began, 3)


def is_json() -> bool:
    """Whether the log is for a machine, so that nothing else may be on standard error."""
    handler = _handler()
    return handler is not None and handler.form is LogFormat.json


def is_verbose() -> bool:
    """Whether all that is known is to be said."""
    handler = _handler()
    return handler is not None and handler.verbose


def choose(form: LogFormat, *, verbose: bool) -> None:
    """Write the log of this call in a form from here on."""
    if (handler := _handler()) is not None:
        handler.form, handler.verbose = form, verbose
        logging.captureWarnings(form is LogFormat.json)
        if form is LogFormat.json:
            # MLflow's own handler writes text; without it what it has to say comes here.
            os.environ["MLFLOW_CONFIGURE_LOGGING"] = "false"


@contextmanager
def logging_to_stderr(form: LogFormat) -> Iterator[None]:
    """Log while the block runs: all of ours, and the warnings of libraries; a call within a call goes on with its."""
    if _handler() is not None:
        yield
        return
    handler, ours, root = _Lines(form, verbose=False), logging.getLogger(_OURS), logging.getLogger()
    ours.addHandler(handler)
    root.addHandler(handler)
    before = ours.level, ours.propagate
    ours.setLevel(logging.DEBUG)
    ours.propagate = False
    try:
        yield
    finally:
        logging.captureWarnings(capture=False)
        ours.removeHandler(handler)
        root.removeHandler(handler)
        ours.setLevel(before[0])
        ours.propagate = before[1]


def peak_memory_mb() -> int:
    """Return the most memory that the process has held, in megabytes of 1,048,576 bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(most // (1024 * 1024 if sys.platform == "darwin" else 1024))


def _handler() -> _Lines | None:
    found = [each for each in logging.getLogger(_OURS).handlers if isinstance(each, _Lines)]
    return found[0] if found else None
