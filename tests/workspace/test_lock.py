"""The lock: one writer, who says who he is; what he says is shown and never believed."""

import json
import os
import subprocess
import sys
import time

import pytest

from features.errors import InputError, ToolkitError
from fraud.lock import holder
from fraud.workspace import Workspace

HOLD = """
import sys, time
from pathlib import Path
from fraud.workspace import Workspace

with Workspace(Path(sys.argv[1]), job="score").writer():
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def held_for(root, seconds):
    process = subprocess.Popen([sys.executable, "-c", HOLD, root, str(seconds)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def test_a_busy_workspace_names_its_holder_and_a_killed_one_lets_go(tmp_path):
    process = held_for(tmp_path, 60)
    told = rf"to it: `fraud score` by \S+ on \S+, process {process.pid}, for \d+ seconds?\. Hint: .*--wait SECONDS"
    with pytest.raises(ToolkitError, match=told), Workspace(tmp_path).writer():
        pass
    assert f"process {process.pid}" in holder(tmp_path)
    process.kill()
    process.communicate()
    assert holder(tmp_path) is None
    with Workspace(tmp_path).writer():
        assert json.loads((tmp_path / ".lock").read_text())["pid"] == os.getpid()


def test_a_writer_may_wait(tmp_path):
    process = held_for(tmp_path, 0.4)
    with Workspace(tmp_path, wait_seconds=60).writer():
        assert process.wait() == 0
    process.communicate()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "does not say who"),
        (b"[]", "does not say who"),
        (b"[" * 100_000, "does not say who"),
        (b'{"job": "x", "user": "u", "host": "h", "pid": 1e999, "since": 0}', "does not say who"),
        (b'{"job": "x", "user": "u", "host": "h", "pid": 1, "since": NaN}', "since an unknown time"),
        (b'{"job": "x", "user": "u", "host": "h", "pid": 1, "since": 9e18}', "since an unknown time"),
        (
            json.dumps({"job": "\x1b[2J\n", "user": "u" * 500, "host": [], "pid": 7, "since": 0}).encode(),
            r"\\x1b\[2J\\n",
        ),
    ],
)
def test_what_a_lock_says_is_shown_in_bounds(tmp_path, content, told):
    process = held_for(tmp_path, 60)
    (tmp_path / ".lock").write_bytes(content)
    with pytest.raises(ToolkitError, match=told) as refused, Workspace(tmp_path).writer():
        pass
    process.kill()
    process.communicate()
    assert len(str(refused.value)) < 600
    assert str(refused.value).isprintable()


def test_a_lock_that_says_somebody_holds_it_holds_nothing(tmp_path):
    said = {"job": "score", "user": "u", "host": "h", "pid": 1, "since": time.time()}
    (tmp_path / ".lock").write_text(json.dumps(said))
    assert holder(tmp_path) is None
    with Workspace(tmp_path).writer():
        pass


def test_a_lock_that_is_a_link_writes_nowhere_else(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / ".lock").symlink_to(tmp_path / "mine.txt")
    with pytest.raises(InputError, match="cannot be written"), Workspace(tmp_path / "w").writer():
        pass
    assert (tmp_path / "mine.txt").read_text() == "mine"
