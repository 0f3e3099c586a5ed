"""Settings: closed names, checked values."""

from __future__ import annotations

from pathlib import Path

import pytest

from features.errors import InputError
from fraud.settings import Settings, load_settings


def _write(path: Path, text: str) -> Path:
    file = path / "fraud.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_no_file_means_defaults() -> None:
    assert load_settings(None) == Settings()


def test_a_value_is_taken(tmp_path: Path) -> None:
    assert load_settings(_write(tmp_path, "[engine]\nthreads = 1\n")).engine.threads == 1


def test_an_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'thread' in .*\[engine\].*did you mean 'threads'"):
        load_settings(_write(tmp_path, "[engine]\nthread = 1\n"))


@pytest.mark.parametrize("text", ["[engine]\nthreads = 0\n", "[engine]\nmemory_limit = 'lots'\n"])
def test_a_bad_value_names_its_key(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"settings key 'engine\."):
        load_settings(_write(tmp_path, text))


@pytest.mark.parametrize("text", ["[engine", "\x00"])
def test_unreadable_toml_is_bad_input(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="settings in"):
        load_settings(_write(tmp_path, text))
