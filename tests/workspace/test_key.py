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


def test_a_link_is_no_key(tmp_path):
    (tmp_path / "pseudonyms.key").symlink_to("/dev/zero")
    with pytest.raises(ToolkitError, match="no regular file"):
        Workspace(tmp_path).key()
