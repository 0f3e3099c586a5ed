"""Settings: closed names, checked values."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from experiments.config import load_config
from features.errors import InputError
from fraud.cli.main import main
from fraud.engine_settings import EngineSettings
from fraud.settings import Settings, load_settings
from tests.rules.payer import write_rule

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"


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


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[engine]\nthreads = 100000", r"'engine\.threads'.*less than or equal to 256"),
        ("[engine]\nthreads = '3'", r"'engine\.threads'.*valid integer \(got '3'\)"),
        ("[engine]\nthreads = true", r"'engine\.threads'.*valid integer \(got True\)"),
        ("[engine]\nthreads = 2.0", r"'engine\.threads'.*valid integer"),
        ("[engine]\nthreads = " + "9" * 4000, r"'engine\.threads'"),
        ("[engine]\nthreads = " + "9" * 5000, "digits"),
        ("[engine]\nmemory_limit = '1MB'", r"'engine\.memory_limit'.*give 256MB to 16TB"),
        ("[engine]\nmemory_limit = '99999TB'", r"'engine\.memory_limit'.*give 256MB to 16TB"),
        ("[engine]\nmemory_limit = '４GB'", r"'engine\.memory_limit'.*write it as 4GB"),
        ("[engine]\nmemory_limit = '4GB; drop'", r"'engine\.memory_limit'"),
        ("[engine]\nmemory_limit = 4", r"'engine\.memory_limit'.*valid string"),
        ("[engine]\nspill_folder = ''", r"'engine\.spill_folder'"),
        ("[scoring]\nwindow_months = 61", r"'scoring\.window_months'"),
        ("[scoring]\nseed = -1", r"'scoring\.seed'"),
        ("[scoring]\nseed = 4294967296", r"'scoring\.seed'"),
        ("[scoring]\nreview_budget = nan", r"'scoring\.review_budget'.*finite"),
        ("[scoring]\nmin_peer_distance = inf", r"'scoring\.min_peer_distance'.*finite"),
        ('[scoring]\npolicy = "\\u001b[31m"', r"'scoring\.policy'.*\\x1b"),
        ("[scoring]\nmax_reasons = 999999999", r"'scoring\.max_reasons'"),
        ("[cases]\ntop = 99999999", r"'cases\.top'"),
        ("[rings]\nn_decoys = 99999999", r"'rings\.n_decoys'"),
        ("[cases]\nreply_days = 1\nreply_days = 2", "overwrite a value"),
        ("scoring = 5", "'scoring'"),
        ("[nosuch]\na = 1", "'nosuch'"),
        ("a = " + "[" * 100_000, "nested deeper"),
        ("[" + ".".join("a" * 5000) + "]", "nested deeper"),
        ("x = '" + "y" * 9_000_000 + "'", "larger than"),
    ],
)
def test_strange_settings_are_refused_with_their_key(tmp_path, text, match):
    with pytest.raises(InputError, match=match) as refused:
        load_settings(_write(tmp_path, text))
    assert len(str(refused.value)) < 700
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("n_draws = 99999999", "'n_draws'"),
        ("n_trees = 350.0", "'n_trees'"),
        ("margin = nan", "'margin'.*finite"),
        ("leave_out = [1]", r"'leave_out\.0'"),
        ("seed = true", "'seed'"),
        ("a = " + "[" * 100_000, "nested deeper"),
        ("n_tree = 1", "did you mean 'n_trees'"),
    ],
)
def test_settings_of_a_training_are_held_to_the_same(tmp_path, text, match):
    with pytest.raises(InputError, match=match):
        load_config("provider", _write(tmp_path, text))


def test_settings_of_a_training_that_are_good(tmp_path):
    assert load_config("provider", _write(tmp_path, "leave_out = ['a']\nmargin = 0")).leave_out == ("a",)


def test_the_spill_folder_is_used_and_left_empty(tmp_path):
    place = tmp_path / "new" / "spill"
    with EngineSettings(spill_folder=str(place)).open(threads=1) as engine:
        ((used,),) = engine.rows("select current_setting('temp_directory')")
        assert Path(used).parent == place
        assert [path.stat().st_mode & 0o077 for path in place.iterdir()] == [0]
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "match"),
    [
        ("file", "not a plain folder"),
        ("file/x", "Not a directory|File exists"),
        ("link", "not a plain folder"),
        ("dangling", "not a plain folder"),
        ("store", "within a claims store"),
        ("store/parts/x", "within a claims store"),
        ("x" * 300, "too long"),
        ("a\0b", "null"),
    ],
)
def test_a_spill_folder_that_cannot_be_one(tmp_path, place, match):
    (tmp_path / "file").write_text("x")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "dangling").symlink_to("gone")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "catalog.json").write_text("{}")
    settings = EngineSettings(spill_folder=str(tmp_path / place))
    with pytest.raises(InputError, match=rf"'engine\.spill_folder'.*({match})"), settings.open():
        raise AssertionError("it was opened")


@pytest.fixture
def broken_rule(tmp_path, monkeypatch):
    """A workspace with claims whose payer's rule file is no rule."""
    monkeypatch.setenv("FRAUD_WORKSPACE", str(tmp_path / "w"))
    _leave("ingest", str(EXAMPLE))
    write_rule(tmp_path / "w", "code = ")
    return tmp_path


def _leave(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return int(left.value.code or 0)


def test_a_broken_rule_file_stops_only_what_runs_rules(broken_rule, capsys):
    config = str(_write(broken_rule, "[rules]\nstay_margin_days = 2\n"))
    spill = str(_write(broken_rule / "w", f"[engine]\nspill_folder = '{broken_rule}/spill'\n"))
    for words in (
        ["check", str(EXAMPLE)],
        ["ingest", str(EXAMPLE)],
        ["store"],
        ["rings", "find", "--month", "2026-03"],
    ):
        assert _leave("--config", spill, *words) == 0
        capsys.readouterr()
    assert list((broken_rule / "spill").iterdir()) == []
    assert _leave("--config", config, "check", str(EXAMPLE)) == 0
    assert "[rules] not checked, as this command runs no rule: rule file rules/long" in capsys.readouterr().err
    for words in (["score", "--month", "2026-03"], ["rules", "list"], ["rules", "run", "--month", "2026-03"]):
        assert _leave(*words) == 2
        assert "rule file rules/long_working_day.toml: not TOML" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "match"), [("fifo", "not a regular file"), ("folder", "not a regular file"), ("gone", "No such")]
)
def test_a_rule_file_that_is_none(tmp_path, name, match):
    from fraud.rules import rules_of
    from fraud.workspace import Workspace

    (tmp_path / "rules").mkdir()
    file = tmp_path / "rules" / "x.toml"
    {"fifo": lambda: os.mkfifo(file), "folder": file.mkdir, "gone": lambda: file.symlink_to("gone")}[name]()
    with pytest.raises(InputError, match=rf"rule file rules/x\.toml: cannot be read.*{match}"):
        rules_of(Workspace(tmp_path))
