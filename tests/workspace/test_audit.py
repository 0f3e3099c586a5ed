"""The audit log: a line that was changed, cut or moved is seen, and a torn write loses nothing else."""

import errno
import json
import os

import pytest

from features.errors import ToolkitError
from fraud.audit import append_entry, read_audit
from fraud.workspace import Workspace

KEY = bytes(range(32))


@pytest.fixture
def log(tmp_path):
    for number in range(4):
        append_entry(tmp_path / "audit.jsonl", KEY, "scored", {"number": number})
    return tmp_path / "audit.jsonl"


def test_an_untouched_log_holds(log):
    found = read_audit(log, KEY)
    assert [entry["number"] for entry in found.entries] == [0, 1, 2, 3]
    assert (found.faults, found.n_unchained) == ((), 0)
    assert log.stat().st_mode & 0o077 == 0


def test_another_key_proves_nothing(log):
    assert read_audit(log, bytes(32)).entries == ()


def test_a_changed_line_is_named(log):
    log.write_text(log.read_text().replace('"number": 1', '"number": 9'))
    found = read_audit(log, KEY)
    assert found.faults == ("line 2: changed, or not after the line it was written after",)
    assert [entry["number"] for entry in found.entries] == [0, 2, 3]


def test_a_removed_line_is_seen(log):
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[:1] + lines[2:]))
    assert len(read_audit(log, KEY).faults) == 1


def test_a_torn_line_is_named_and_the_next_is_whole(log):
    log.write_bytes(log.read_bytes()[:-20])
    append_entry(log, KEY, "scored", {"number": 4})
    found = read_audit(log, KEY)
    assert [entry["number"] for entry in found.entries] == [0, 1, 2, 4]
    assert found.faults == ("line 4: not readable",)


def test_a_full_disk_leaves_the_log_as_it_was(log, monkeypatch):
    before, write = log.read_bytes(), os.write

    def short(descriptor, content):
        if len(content) > 40:
            return write(descriptor, bytes(content[:40]))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", short)
    with pytest.raises(OSError, match="No space left"):
        append_entry(log, KEY, "scored", {"number": 4, "reason": "x" * 50})
    assert log.read_bytes() == before


def test_lines_from_before_chains_are_counted(tmp_path):
    log = tmp_path / "audit.jsonl"
    log.write_text(json.dumps({"action": "ingest"}) + "\n")
    append_entry(log, KEY, "scored", {})
    assert read_audit(log, KEY).n_unchained == 1


def test_what_cannot_be_recorded_is_an_error(tmp_path):
    (tmp_path / "audit.jsonl").mkdir()
    with pytest.raises(ToolkitError, match="'scored' is not recorded"):
        Workspace(tmp_path).record("scored")
