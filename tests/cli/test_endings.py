"""However a command ends, it ends in one line: known faults with a hint, unknown ones with a report without rows."""

from __future__ import annotations

import errno
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys

import duckdb
import pytest

from features.errors import InputError, ToolkitError
from fraud.cli import logs
from fraud.cli.endings import ending_of
from fraud.cli.main import main

ROW = "person 110101199003070000"


def caused(by):
    error = RuntimeError(ROW)
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (InputError("x: y. Hint: z"), 2, "x: y. Hint: z"),
        (ToolkitError("a\n\x1b[31mb"), 1, r"a \\x1b"),
        (OSError(errno.ENOSPC, "", "w/a"), 1, "'w/a': no space left on the disk. Hint: free"),
        (OSError(errno.EDQUOT, ""), 1, "quota"),
        (OSError(errno.EROFS, "", "w"), 1, "read-only"),
        (OSError(errno.EMFILE, ""), 1, "too many open files"),
        (OSError(errno.EFBIG, ""), 1, "ulimit -f"),
        (OSError(errno.ENAMETOOLONG, "", "x" * 300), 2, "too long"),
        (PermissionError(errno.EACCES, "", "w"), 2, "not allowed"),
        (NotADirectoryError(errno.ENOTDIR, "", "w"), 2, "no folder"),
        (FileExistsError(errno.EEXIST, "", "w"), 2, "something else has the name"),
        (IsADirectoryError(errno.EISDIR, "", "w\x1b"), 2, r"w\\x1b"),
        (FileNotFoundError(errno.ENOENT, "", "w"), 1, "no longer there"),
        (BrokenPipeError(), 1, "went away"),
        (MemoryError(ROW), 1, "out of memory"),
        (duckdb.OutOfMemoryException(ROW), 1, "memory it may use"),
        (duckdb.IOException("IO Error: Could not write file"), 1, "Could not write file"),
        (duckdb.IOException('IO Error: Could not write "a": No space left on device'), 1, "DuckDB: no space left"),
        (sqlite3.OperationalError("database or disk is full"), 1, "database or disk is full"),
        (caused(OSError(errno.ENOSPC, "", "w")), 1, "no space left"),
        (caused(sqlite3.OperationalError("attempt to write a readonly database")), 1, "readonly"),
    ],
)
def test_known_faults(error, code, says):
    with pytest.raises(AssertionError, match=says):
        raise AssertionError(ending_of(error).says)
    assert ending_of(error).code == code
    assert ROW not in str(ending_of(error).says)


@pytest.mark.parametrize(
    "error", [TypeError(ROW), RecursionError(ROW), duckdb.ConversionException(ROW), caused(KeyError(ROW))]
)
def test_unknown_faults_say_nothing_of_what_they_hold(error):
    assert (ending_of(error).code, ending_of(error).is_expected) == (1, False)
    assert ending_of(error).says is None


def leave(workspace, capsys, *words):
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(workspace), *words])
    return left.value.code, capsys.readouterr().err


@pytest.fixture
def failing(monkeypatch):
    def fail_with(error):
        def store(_):
            raise error

        monkeypatch.setattr("features.claims.ClaimsStore.open", store)

    return fail_with


def test_an_unknown_fault_is_one_line_and_a_report(tmp_path, capsys, failing):
    failing(TypeError(ROW))
    code, said = leave(tmp_path, capsys, "store")
    assert code == 1
    assert len(said.splitlines()) == 1
    assert "unexpected TypeError at fraud/cli/store.py:" in said
    (report,) = (tmp_path / "reports").iterdir()
    assert str(report) in said
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    told = json.loads(report.read_text())
    assert (told["command"], told["options"], told["errors"][0]["kind"]) == ("store", ["--workspace"], "TypeError")
    assert any(frame.startswith("fraud/cli/store.py:") for frame in told["errors"][0]["frames"])
    assert ROW not in said + report.read_text()
    assert str(tmp_path) not in report.read_text()


def test_a_report_finds_another_place(tmp_path, capsys, failing, monkeypatch):
    failing(TypeError(ROW))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    _, said = leave(tmp_path / "nowhere", capsys, "store")
    assert str(tmp_path / "elsewhere" / "fraud-") in said
    assert not (tmp_path / "nowhere").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "reports").write_text("no folder")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert "no report could be written" in leave(tmp_path / "full", capsys, "store")[1]


@pytest.mark.parametrize("asked", ["FRAUD_DEBUG", "--verbose"])
def test_a_traceback_is_there_for_who_asks(tmp_path, capsys, failing, monkeypatch, asked):
    monkeypatch.setenv("FRAUD_DEBUG", "1" if asked == "FRAUD_DEBUG" else "0")
    failing(TypeError("\x1b[31mx"))
    said = leave(tmp_path, capsys, *([asked] if asked.startswith("--") else []), "store")[1]
    assert "Traceback (most recent call last)" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_command_and_lets_it_clear_up(tmp_path, capsys, monkeypatch, number, code):
    before, cleared = signal.getsignal(number), []

    def store(_):
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        finally:
            cleared.append(True)

    monkeypatch.setattr("features.claims.ClaimsStore.open", store)
    assert leave(tmp_path, capsys, "store") == (code, "fraud: interrupted; what was there before is as it was\n")
    assert cleared == [True]
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_leaves_the_last_words_alone(tmp_path, capsys, monkeypatch, number):
    tell, before = logs.tell, signal.getsignal(number)

    def interrupted(event, *given, **named):
        if event in {"error", "end"}:
            os.kill(os.getpid(), number)
        tell(event, *given, **named)

    monkeypatch.setattr("fraud.cli.logs.tell", interrupted)
    monkeypatch.setattr("features.claims.ClaimsStore.open", lambda _: os.kill(os.getpid(), signal.SIGINT))
    assert leave(tmp_path, capsys, "store") == (130, "fraud: interrupted; what was there before is as it was\n")
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_a_closed_stream_is_no_fault_of_the_toolkit(closed):
    command = [sys.executable, "-c", "from fraud.cli.main import main; main()", "--version"]
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *command], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
