"""The `fraud` program as a caller sees it: words in; exit code, texts, seconds and memory out."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
NOBODY = 65534
# Controls, line separators and marks of reading direction: a terminal would obey them.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Broken(AssertionError):  # noqa: N818 - a promise is, not the program
    """The program did not do as promised."""


@dataclass(frozen=True)
class Outcome:
    """How one command ended.

    Parameters
    ----------
    words : tuple of str
        What was typed after `fraud`.
    code : int or None
        Exit code; negative for a signal, None for one that had to be stopped.
    out, err : str
        What it printed.
    seconds : float
        Wall time.
    peak_mb : int
        Largest resident size.
    steps : int
        Steps that changed the disk (`child._COUNTED`, and files opened to write), unless it was killed.
    """

    words: tuple[str, ...]
    code: int | None
    out: str
    err: str
    seconds: float
    peak_mb: int
    steps: int

    def must(self, *codes: int) -> Self:
        """Return the outcome where it ended with one of the codes, in words and not in a traceback."""
        said = ((self.err.strip() or self.out.strip()).splitlines() or [""])[-1][:300]
        command = " ".join(self.words)[:160]
        if self.code is None:
            raise Broken(f"{command}: did not end within its time")
        if "Traceback (most recent call last)" in self.out + self.err:
            raise Broken(f"{command}: a traceback, {said}")
        if self.code not in codes:
            raise Broken(f"{command}: exit {self.code}, expected {' or '.join(map(str, codes))}: {said}")
        if self.code in (1, 2) and not said:
            raise Broken(f"{command}: exit {self.code} without a word")
        if found := _UNSHOWN.search(self.out + self.err):
            raise Broken(f"{command}: {found[0]!r} reaches the terminal")
        return self

    def refused(self) -> Self:
        """Return the outcome where the program refused its input."""
        return self.must(2)

    @property
    def json(self) -> Any:
        """Its answer, read as JSON."""
        return json.loads(self.out)


class Program:
    """Runs commands, each in a process of its own; use it as a context manager.

    Parameters
    ----------
    scratch : Path
        Where printed texts go.
    """

    def __init__(self, scratch: Path) -> None:
        self._scratch = Path(tempfile.mkdtemp(dir=scratch))
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OMP_WAIT_POLICY": "passive"}
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.hard.child"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait(30)
        assert self._server.stdout is not None
        self._server.stdout.close()

    def run(
        self,
        *words: object,
        cwd: Path | None = None,
        timeout: float = 180,
        kill_at: int | None = None,
        kill_after: float | None = None,
        max_file: int | None = None,
        uid: int | None = None,
    ) -> Outcome:
        """Run one command.

        Parameters
        ----------
        *words : object
            After `fraud`.
        cwd : Path
            Of the process.
        timeout : float
            Seconds after which it counts as hanging.
        kill_at, kill_after : int, float
            Step of the disk before which, and seconds after which, it is killed with SIGKILL.
        max_file : int
            Largest file that it may write, in bytes: a disk that is full.
        uid : int
            User to become, where the caller is root.
        """
        out, err = self._scratch / "out", self._scratch / "err"
        asked: dict[str, Any] = {
            "words": [str(word) for word in words],
            "cwd": str(cwd or self._scratch),
            "timeout": timeout,
            "kill_at": kill_at,
            "kill_after": kill_after,
            "max_file": max_file,
            "uid": uid,
            "out": str(out),
            "err": str(err),
        }
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(asked) + "\n")
        self._server.stdin.flush()
        answer = json.loads(self._server.stdout.readline())
        out_text, err_text = (path.read_text("utf-8", "replace") for path in (out, err))
        return Outcome(tuple(asked["words"]), out=out_text, err=err_text, **answer)


def was_killed(outcome: Outcome) -> bool:
    """Whether the command died of the signal that was asked for."""
    return outcome.code == -signal.SIGKILL
