"""The server side of `program`: imports are paid once, each command runs in a forked child of its own."""

from __future__ import annotations

import builtins
import io
import json
import os
import resource
import signal
import sys
import time
import traceback
from typing import Any

_COUNTED = ("replace", "rename", "link", "symlink", "unlink", "rmdir", "fsync")


def serve() -> None:
    """Answer one JSON request a line until standard input ends."""
    _import_all()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in sys.stdin:
        answers.write(json.dumps(_run(json.loads(line))) + "\n")
        answers.flush()


def _import_all() -> None:
    import duckdb  # noqa: F401
    import lightgbm  # noqa: F401
    import openpyxl  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import xlsxwriter  # noqa: F401

    from fraud.cli.main import build_app
    from fraud.cli.table import COMMANDS

    build_app([command.words.partition(" ")[0] for command in COMMANDS])
    import fraud.cases.life.feedback
    import fraud.cases.pack.page
    import fraud.cases.pack.workbook
    import fraud.rings
    import fraud.scoring  # noqa: F401


def _run(asked: dict[str, Any]) -> dict[str, Any]:
    start = time.monotonic()
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _become(asked, writer)
    os.close(writer)
    code, peak = _wait(pid, start + asked["timeout"], start + asked["kill_after"] if asked["kill_after"] else None)
    with os.fdopen(reader) as steps:
        n_steps = int(steps.read() or 0)
    return {"code": code, "seconds": time.monotonic() - start, "peak_mb": peak, "steps": n_steps}


def _wait(pid: int, end: float, kill_at: float | None) -> tuple[int | None, int]:
    """Return the exit code (None for one that had to be stopped) and the peak of memory in MB."""
    while True:
        done, status, use = os.wait4(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status), use.ru_maxrss // 1024
        now = time.monotonic()
        if now > end or (kill_at is not None and now > kill_at):
            os.killpg(pid, signal.SIGKILL)
            status, use = os.wait4(pid, 0)[1:]
            return (None if now > end else -signal.SIGKILL), use.ru_maxrss // 1024
        time.sleep(0.005)


def _become(asked: dict[str, Any], writer: int) -> None:
    code = 1
    steps = [0]
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(asked[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
        os.chdir(asked["cwd"])
        if asked["max_file"] is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (asked["max_file"], asked["max_file"]))
        if asked["uid"]:
            os.setgroups([])
            os.setgid(asked["uid"])
            os.setuid(asked["uid"])
        _count_steps(steps, asked["kill_at"])
        code = _call([str(word) for word in asked["words"]])
    except BaseException:  # noqa: BLE001 - the exit code is all that leaves this child
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(writer, str(steps[0]).encode())
        os._exit(code)


def _call(words: list[str]) -> int:
    from fraud.cli.main import main

    try:
        main(words)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    return 0


def _count_steps(steps: list[int], kill_at: int | None) -> None:
    """Count what changes the disk, and die before the step that was asked for."""

    def counted(function: Any) -> Any:
        def step(*args: Any, **more: Any) -> Any:
            steps[0] += 1
            if steps[0] == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **more)

        return step

    def opened(function: Any) -> Any:
        writes = counted(function)

        def step(file: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
            is_file = not isinstance(file, int) and str(file) != os.devnull
            return (writes if is_file and set(mode) & set("wax+") else function)(file, mode, *args, **more)

        return step

    for name in _COUNTED:
        setattr(os, name, counted(getattr(os, name)))
    vars(builtins)["open"] = vars(io)["open"] = opened(open)


if __name__ == "__main__":
    serve()
