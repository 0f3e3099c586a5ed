"""Places that cannot be a workspace, full and read-only disks, moved and copied folders."""

import errno
import os
import re
import shutil

import pytest

from features.claims import ClaimsStore
from features.errors import InputError, ToolkitError
from fraud.runs.publish import publish, staged
from fraud.workspace import Workspace
from tests.support.program import run

MONTH = "2026-03"


def a_file(path):
    path.write_text("")
    return path


def below_a_file(path):
    path.write_text("")
    return path / "workspace"


def a_link_to_nothing(path):
    path.symlink_to(path.parent / "gone")
    return path


def a_link_to_itself(path):
    path.symlink_to(path.name)
    return path


@pytest.mark.parametrize("place", [a_file, below_a_file, a_link_to_nothing, a_link_to_itself])
@pytest.mark.parametrize(
    "words", [("store",), ("doctor",), ("score", "--month", MONTH), ("feedback", "import", "x.csv")], ids=lambda w: w[0]
)
def test_an_impossible_workspace_is_bad_usage_in_one_line(tmp_path, capsys, place, words):
    root = place(tmp_path / "w")
    said = run(capsys, root, *words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(("fraud: ", "feedback", "score"))
    assert "Hint: " in said.err


@pytest.mark.parametrize("name", ["store", "facts", "runs", "versions", "cases", "staging", "mlartifacts"])
def test_a_workspace_with_folders_elsewhere_is_not_written(tmp_path, name):
    (tmp_path / "w").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "w" / name).symlink_to(tmp_path / "outside")
    with (
        pytest.raises(InputError, match=f"{name}: a link, not a folder of its own"),
        Workspace(tmp_path / "w").writer(),
    ):
        pass


FAULTS = [
    (errno.ENOSPC, ToolkitError, r"cannot be written \(No space left on device\)\. Hint: free space"),
    (errno.EDQUOT, ToolkitError, "cannot be written"),
    (errno.EIO, ToolkitError, r"cannot be written \(Input/output error\)"),
    (errno.EROFS, InputError, "cannot be written: Read-only file system"),
    (errno.EACCES, InputError, "cannot be written: Permission denied"),
]


@pytest.mark.parametrize(("number", "kind", "told"), FAULTS)
def test_a_lock_that_cannot_be_made_is_told_by_its_cause(tmp_path, monkeypatch, number, kind, told):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fraud.lock.os.open", refuse)
    with pytest.raises(kind, match=told) as refused, Workspace(tmp_path).writer():
        pass
    assert type(refused.value) is kind


def put(workspace, text):
    with workspace.writer(), staged(workspace, MONTH) as folder:
        (folder / "data.txt").write_text(text)
        (folder / "manifest.json").write_text(text)
        return publish(workspace, MONTH, folder, keep=1)


@pytest.mark.parametrize("step", ["mkdir", "fsync", "rename", "replace", "symlink"])
def test_a_full_disk_leaves_the_month_as_it_was_and_the_next_run_is_good(tmp_path, monkeypatch, step):
    workspace = Workspace(tmp_path / "w")
    first = put(workspace, "one")

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, step, full)
        with pytest.raises(ToolkitError, match="No space left on device"):
            put(workspace, "two")
    assert workspace.run(MONTH).resolve() == first
    assert (first / "data.txt").read_text() == "one"
    assert list(workspace.staging.glob("*")) == []
    put(workspace, "two")
    assert (workspace.run(MONTH) / "data.txt").read_text() == "two"


def test_a_read_only_workspace_can_be_read(small, capsys, monkeypatch):
    refused = []

    def look(path, flags, *more, **named):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) and str(path).startswith(str(small.root)):
            refused.append(path)
            raise OSError(errno.EROFS, "Read-only file system")
        return opened(path, flags, *more, **named)

    opened = os.open
    monkeypatch.setattr(os, "open", look)
    content = {path: path.stat().st_mtime_ns for path in small.root.rglob("*")}
    for words in (["store"], ["doctor", "--quick"], ["features"], ["cases", "verify", small.cases / "2026-03-en"]):
        assert run(capsys, small.root, *words).code == 0
    assert refused == []
    said = run(capsys, small.root, "cases", "export", "--month", MONTH)
    assert (said.code, "Read-only file system" in said.err) == (2, True)
    assert {path: path.stat().st_mtime_ns for path in small.root.rglob("*")} == content


def test_no_state_names_the_place_where_it_lies(small):
    states = [
        path
        for path in small.root.rglob("*")
        if path.is_file() and "mlflow" not in str(path) and "mlart" not in str(path)
    ]
    assert len(states) > 50
    place = re.compile(
        re.escape(str(small.root)).encode() + b"|/srv/payer|" + re.escape(str(small.root.parent)).encode()
    )
    assert [path for path in states if place.search(path.read_bytes())] == []
    links = [path for path in small.root.rglob("*") if path.is_symlink()]
    assert links
    assert all(not path.readlink().is_absolute() for path in links)


def test_a_moved_workspace_is_the_same_and_a_copy_leaves_the_original_alone(small, tmp_path, capsys):
    content = {path.relative_to(small.root): path.read_bytes() for path in small.root.rglob("*") if path.is_file()}
    copy = tmp_path / "a b 中文'x[1]*"
    shutil.copytree(small.root, copy, symlinks=True)
    moved = shutil.move(small.root, tmp_path / "deep" / "er")
    moved.chmod(0o700)
    for root in (moved, copy):
        assert run(capsys, root, "doctor").code == 0
        assert run(capsys, root, "cases", "verify", root / "cases" / "2026-03-en").code == 0
    snapshot = ClaimsStore.open(moved / "store").snapshot()
    assert run(capsys, copy, "cases", "export", "--month", MONTH, "--formats", "json").code == 0
    assert (copy / "cases" / "2026-03-en" / "cases.json").is_file()
    assert ClaimsStore.open(copy / "store").snapshot() == snapshot
    after = {path.relative_to(moved): path.read_bytes() for path in moved.rglob("*") if path.is_file()}
    assert after == content
