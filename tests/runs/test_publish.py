"""Publishing: whole or not at all."""

import signal
import subprocess
import sys
import textwrap
import time

import pytest

from features.errors import ToolkitError
from fraud.runs.publish import publish, replaced, staged
from fraud.workspace import Workspace


def put(workspace, text, month="2026-01", keep=5):
    with workspace.writer(), staged(workspace, month) as folder:
        (folder / "data.txt").write_text(text)
        (folder / "manifest.json").write_text(f'{{"text": "{text}"}}')
        return publish(workspace, month, folder, keep=keep)


def test_link_is_relative_and_moves(tmp_path):
    workspace = Workspace(tmp_path / "w")
    first = put(workspace, "one")
    assert str((workspace.runs / "2026-01").readlink()) == f"../versions/{first.name}"
    second = put(workspace, "two")
    assert (workspace.run("2026-01") / "data.txt").read_text() == "two"
    assert first.is_dir()
    assert second != first
    assert list(workspace.staging.iterdir()) == []


def test_equal_content_changes_nothing(tmp_path):
    workspace = Workspace(tmp_path)
    first = put(workspace, "one")
    before = (first.stat().st_ino, (workspace.runs / "2026-01").lstat().st_ino)
    assert put(workspace, "one") == first
    assert (first.stat().st_ino, (workspace.runs / "2026-01").lstat().st_ino) == before


def test_damaged_version_is_put_back(tmp_path):
    workspace = Workspace(tmp_path)
    first = put(workspace, "one")
    (first / "data.txt").write_text("changed")
    put(workspace, "one")
    assert (first / "data.txt").read_text() == "one"


def test_old_versions_go_beyond_keep_but_never_the_linked_one(tmp_path):
    workspace = Workspace(tmp_path)
    for text in ("one", "two", "three"):
        put(workspace, text, keep=2)
    assert len(list(workspace.versions.iterdir())) == 2
    assert (workspace.run("2026-01") / "data.txt").read_text() == "three"


def test_unfinished_folder_and_foreign_folder_are_refused(tmp_path):
    workspace = Workspace(tmp_path)
    with staged(workspace, "2026-01") as folder, pytest.raises(ToolkitError, match="not finished"):
        publish(workspace, "2026-01", folder, keep=1)
    (workspace.runs / "2026-02").mkdir(parents=True)
    with pytest.raises(ToolkitError, match="not the link"):
        put(workspace, "one", month="2026-02")


WRITER = """
import sys
from pathlib import Path
from fraud.runs.publish import publish, replaced, staged
from fraud.workspace import Workspace
workspace = Workspace(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 10**6):
    with workspace.writer(), staged(workspace, "2026-01") as folder:
        for part in range(4):
            (folder / f"{part}.txt").write_text(f"{number:08}" * 2000)
        (folder / "manifest.json").write_text(f"{number:08}")
        publish(workspace, "2026-01", folder, keep=2)
    if number == int(sys.argv[2]):
        print("begun", flush=True)
"""


@pytest.mark.parametrize("wait", [0.0, 0.011, 0.037, 0.083])
def test_killed_at_any_moment_leaves_a_whole_folder(tmp_path, wait):
    workspace = Workspace(tmp_path)
    script = tmp_path / "writer.py"
    script.write_text(textwrap.dedent(WRITER))
    for start in (0, 1000):
        with subprocess.Popen([sys.executable, script, str(tmp_path), str(start)], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        run = workspace.run("2026-01").resolve()
        number = (run / "manifest.json").read_text()
        assert all((run / f"{part}.txt").read_text() == number * 2000 for part in range(4))
    assert put(workspace, "after") == workspace.run("2026-01").resolve()


def test_a_replaced_folder_is_the_old_one_or_the_new_one(tmp_path):
    target = tmp_path / "report"
    for text in ("one", "two"):
        with replaced(target) as fresh:
            (fresh / f"{text}.txt").write_text(text)
    with pytest.raises(FileNotFoundError), replaced(target) as fresh:
        (fresh / "three" / "three.txt").write_text("three")
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    assert [path.name for path in target.iterdir()] == ["two.txt"]
