"""`fraud train` and `fraud retrain`: over which window a model learns."""

from __future__ import annotations

import pytest

from features.errors import ToolkitError
from fraud.cli.main import main


@pytest.fixture
def window(tmp_path, monkeypatch):
    """Return a function that types a command and returns the window it asks for; the workspace's is ten months."""

    seen = []

    def build_dataset(_workspace, _entity, _as_of, settings, config):
        seen.append(config.window_months or settings.scoring.window_months)
        raise ToolkitError("it ends where profiles would be built")

    for module in ("train", "retrain"):
        monkeypatch.setattr(f"experiments.{module}.build_dataset", build_dataset)
    (tmp_path / "fraud.toml").write_text("[scoring]\nwindow_months = 10\n")
    (tmp_path / "train.toml").write_text("window_months = 4\n")

    def asked(command, *words):
        base = ["--workspace", str(tmp_path / "workspace"), "--config", str(tmp_path / "fraud.toml")]
        with pytest.raises(SystemExit):
            main([*base, command, "--entity", "provider", "--as-of", "2026-04-01", *words])
        return seen.pop()

    return lambda *words: asked(*(str(tmp_path / "train.toml") if word == "FILE" else word for word in words))


@pytest.mark.parametrize("command", ["train", "retrain"])
def test_the_option_comes_before_the_training_file_and_that_before_the_workspace(window, command):
    assert window(command) == 10
    assert window(command, "--config", "FILE") == 4
    assert window(command, "--config", "FILE", "--window-months", "2") == 2
    assert window(command, "--window-months", "2") == 2
