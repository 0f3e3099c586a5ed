"""The workspace's key: made once, and refused where it keeps no secret."""

import pytest

from features.errors import ToolkitError
from fraud.pseudonyms import CASES, Pseudonyms
from fraud.workspace import Workspace


def test_the_key_is_made_once_and_for_its_owner(tmp_path):
    first = Workspace(tmp_path).key()
    assert Workspace(tmp_path).key() == first
    assert len(first) == 32
    assert (tmp_path / "pseudonyms.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"short", bytes(32), bytes(range(33))])
def test_a_key_that_keeps_no_secret_is_refused(tmp_path, content):
    path = tmp_path / "pseudonyms.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ToolkitError, match="not 32 random ones"):
        Pseudonyms(Workspace(tmp_path)).of("P1", CASES)


def test_a_key_that_others_may_read_is_refused(tmp_path):
    Workspace(tmp_path).key()
    (tmp_path / "pseudonyms.key").chmod(0o640)
    with pytest.raises(ToolkitError, match="others may use it"):
        Workspace(tmp_path).key()


CHAINED = '{"action": "month scored", "chain": "00"}'
BEFORE_CHAINS = '{"action": "cases export", "month": "2026-03"}'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("audit.jsonl", CHAINED),
        ("audit.jsonl", BEFORE_CHAINS),
        ("cases/2026-03-en/manifest.json", '{"kind": "review pack"}'),
        ("cases/events.jsonl", '{"event": "decided", "format": 2}'),
        ("cases/pending.json", "{}"),
    ],
)
def test_a_lost_key_is_not_replaced_by_a_new_one(tmp_path, name, content):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(f"{content}\n")
    with pytest.raises(ToolkitError, match=rf"gone, and {name} was made under it. Hint: restore pseudonyms.key"):
        Workspace(tmp_path).key()
    assert not (tmp_path / "pseudonyms.key").exists()


def test_a_workspace_that_used_no_key_gets_one(tmp_path):
    (tmp_path / "audit.jsonl").write_text('{"action": "ingest"}\n')
    assert len(Workspace(tmp_path).key()) == 32


def test_another_key_than_that_of_the_audit_log_is_refused(tmp_path):
    workspace = Workspace(tmp_path)
    workspace.record("month scored", month="2026-03")
    (tmp_path / "pseudonyms.key").write_bytes(bytes(range(32)))
    with pytest.raises(ToolkitError, match="not the one under which audit"):
        workspace.key()


def test_a_link_is_no_key(tmp_path):
    (tmp_path / "pseudonyms.key").symlink_to("/dev/zero")
    with pytest.raises(ToolkitError, match="no regular file"):
        Workspace(tmp_path).key()
