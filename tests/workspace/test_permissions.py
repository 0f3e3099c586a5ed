"""A workspace is its owner's: folders made so, whatever the caller's umask, and what is loose is found and mended."""

import os

import pytest

from fraud.permissions import loose_files, tighten
from fraud.workspace import Workspace


@pytest.fixture
def _open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_open_umask")
def test_what_a_library_caller_makes_is_the_owners(tmp_path):
    workspace = Workspace(tmp_path / "deep" / "w")
    with workspace.writer():
        workspace.record("month scored", month="2026-03")
    assert loose_files(workspace.root) == []


def test_loose_files_are_found_and_tightened_and_links_left_alone(tmp_path):
    (tmp_path / "outside").write_text("x")
    (tmp_path / "outside").chmod(0o644)
    root = tmp_path / "w"
    (root / "store").mkdir(parents=True)
    (root / "store" / "a").write_text("x")
    (root / "link").symlink_to(tmp_path / "outside")
    for path, mode in ((root, 0o755), (root / "store", 0o700), (root / "store" / "a", 0o664)):
        path.chmod(mode)
    assert loose_files(root) == [root, root / "store" / "a"]
    assert tighten(root) == 2
    assert loose_files(root) == []
    assert (tmp_path / "outside").stat().st_mode & 0o777 == 0o644
    assert loose_files(tmp_path / "nothing") == []
