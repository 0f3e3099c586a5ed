"""A store that was made before is copied, and never one whose own copy was cut short."""

import shutil

import pytest

from tests.support.ready_stores import ready_store


def test_a_copy_that_was_cut_short_is_made_again(tmp_path, monkeypatch):
    source, made = tmp_path / "source", []
    source.mkdir()
    (source / "settlements.csv").write_text(f"settlement_id\n{tmp_path}\n", encoding="utf-8")

    def stored(name):
        def make():
            made.append(name)
            (tmp_path / name).mkdir()
            (tmp_path / name / "part").write_text("whole", encoding="utf-8")

        ready_store(source, tmp_path / name, make)
        return (tmp_path / name / "part").read_text(encoding="utf-8")

    def cut_short(_, part, **__):
        part.mkdir()
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", cut_short)
        with pytest.raises(OSError, match="no space left"):
            stored("first")
    assert [stored(name) for name in ("second", "third")] == ["whole", "whole"]
    assert made == ["first", "second"]


def test_a_large_source_is_not_read(tmp_path, monkeypatch):
    source, made = tmp_path / "source", []
    source.mkdir()
    (source / "claim_lines.csv").write_bytes(b"0" * 1_000_001)
    monkeypatch.setattr(type(source), "read_bytes", lambda _: pytest.fail("read"))
    ready_store(source, tmp_path / "store", lambda: made.append("store"))
    assert made == ["store"]
