"""A registry that is there and cannot be followed stops the run; none is no model."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from features.errors import ToolkitError
from fraud.cli.main import main
from fraud.registry import database
from fraud.registry._client import connected
from fraud.registry.check import check_registry
from fraud.registry.runs import log_run
from fraud.registry.versions import load_model, promote, rollback
from tests.registry.training import record


def written(content):
    return lambda path: path.write_bytes(content)


def becomes_a_folder(path):
    path.unlink()
    path.mkdir()


def becomes_a_dangling_link(path):
    path.unlink()
    path.symlink_to(path.with_name("away.db"))


def becomes_anothers(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE a (b)")


DATABASES = {
    "empty": (written(b""), "it is empty"),
    "garbage": (written(b"x" * 5000), "file is not a database"),
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:20000]), "malformed"),
    "cut by one page": (lambda path: path.write_bytes(path.read_bytes()[:-4096]), "malformed"),
    "overwritten": (lambda path: path.write_bytes(path.read_bytes()[:9000] + b"\0" * 99000), "malformed"),
    "folder": (becomes_a_folder, "unable to open"),
    "link": (becomes_a_dangling_link, "unable to open"),
    "another's": (becomes_anothers, "it lacks experiments, model_version_tags"),
    "gone": (lambda path: path.unlink(), "the audit log says 2, the registry is not there"),
}


# More than its cache holds, so that changed pages stand in the file and the old ones in the journal.
KILLED_WITHIN_A_CHANGE = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
connection.execute("UPDATE registered_model_aliases SET version = 1")
connection.execute("CREATE TABLE t (x)")
for _ in range(500):
    connection.execute("INSERT INTO t VALUES (randomblob(4000))")
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def half_changed(own):
    before = own.tracking_database.stat().st_size
    subprocess.run([sys.executable, "-c", KILLED_WITHIN_A_CHANGE, own.tracking_database], check=False)
    assert own.tracking_database.stat().st_size > before
    assert own.tracking_database.with_name("mlflow.db-journal").stat().st_size > 512
    return own


def test_a_change_that_was_killed_is_taken_back_by_the_next_reader(half_changed):
    assert check_registry(half_changed) == []
    assert load_model(half_changed, "provider").version == 2
    assert not half_changed.tracking_database.with_name("mlflow.db-journal").exists()


def test_half_a_change_is_never_read_where_it_cannot_be_taken_back(half_changed, monkeypatch):
    address = f"file:{half_changed.tracking_database}?mode=ro"
    monkeypatch.setattr(database, "_opened", lambda _: sqlite3.connect(address, uri=True))
    with pytest.raises(ToolkitError, match="killed job left a change half-done"):
        load_model(half_changed, "provider")


@pytest.mark.parametrize("harm", DATABASES)
def test_a_damaged_database_is_not_no_model(own, harm):
    damage, message = DATABASES[harm]
    damage(own.tracking_database)
    before = own.tracking_database.read_bytes() if own.tracking_database.is_file() else None
    with pytest.raises(ToolkitError, match=message):
        load_model(own, "provider")
    assert len(check_registry(own)) == 1
    if harm != "gone":
        with pytest.raises(ToolkitError, match=message), connected(own):
            pass
        assert (own.tracking_database.read_bytes() if own.tracking_database.is_file() else None) == before


STATES = {
    "alias on a version not there": (
        "UPDATE registered_model_aliases SET version = 99",
        "the audit log says 2, the registry says 99",
    ),
    "alias on a version never promoted": (
        "UPDATE registered_model_aliases SET version = 3",
        "the audit log says 2, the registry says 3",
    ),
    "alias is text": ("UPDATE registered_model_aliases SET version = 'x'", "alias 'challenger' of .* no whole number"),
    "alias renamed": (
        "UPDATE registered_model_aliases SET alias = 'chbmpion' WHERE alias = 'champion'",
        "the audit log says 2, the registry says nobody",
    ),
    "version deleted": ("DELETE FROM model_versions WHERE version = 2", "is version 2, which is not in the registry"),
    "no versions": ("DELETE FROM model_versions", "is version 2, which is not in the registry"),
    "no runs": ("DELETE FROM runs", "the run that made it is not in the registry"),
    "no tags": ("DELETE FROM model_version_tags", "its SHA-256 is not among the version's tags"),
    "not UTF-8": ("UPDATE model_versions SET source = CAST(x'ff' AS TEXT)", "Could not decode to UTF-8"),
    "no aliases table": ("DROP TABLE registered_model_aliases", "it lacks registered_model_aliases"),
    "other columns": ("ALTER TABLE model_versions RENAME COLUMN source TO origin", "no such column"),
}


@pytest.mark.parametrize("state", STATES)
def test_a_registry_that_cannot_be_followed_stops(own, state):
    change, message = STATES[state]
    with closing(sqlite3.connect(own.tracking_database)) as connection, connection:
        connection.execute(change)
    with pytest.raises(ToolkitError, match=message):
        load_model(own, "provider")
    assert check_registry(own)


@pytest.mark.parametrize("value", ["not json", "{}", '["1"]', "[1.5]", "[true]", "[0]", "[" * 9999, "[9" + "9" * 5000])
def test_a_history_that_is_none_stops_promotion_and_rollback(own, value):
    with closing(sqlite3.connect(own.tracking_database)) as connection, connection:
        connection.execute("UPDATE registered_model_tags SET value = ?", (value,))
    for attempt in (
        lambda: promote(own, "provider", 1, reason="x"),
        lambda: rollback(own, "provider", reason="x"),
    ):
        with pytest.raises(ToolkitError, match=r"tag 'champion_history' of fraud-provider: .*Hint: restore mlflow.db"):
            attempt()
    assert load_model(own, "provider").version == 2


def test_a_challenger_that_cannot_be_followed_stops(own):
    with closing(sqlite3.connect(own.tracking_database)) as connection, connection:
        connection.execute("UPDATE registered_model_aliases SET version = 99 WHERE alias = 'challenger'")
    with pytest.raises(ToolkitError, match="challenger of fraud-provider: it is version 99, which is not in"):
        load_model(own, "provider", "challenger")
    (finding,) = check_registry(own)
    assert finding.startswith("challenger of fraud-provider: it is version 99, which is not in the registry. Hint: ")


def test_another_model_may_be_trained_where_the_registry_was_lost(own, template):
    shutil.copy(template, own.tracking_database)
    assert log_run(own, record(4)[1]) == 1
    with pytest.raises(ToolkitError, match="the audit log says 2, the registry says nobody"):
        load_model(own, "provider")
    promote(own, "provider", 1, reason="begun anew")
    assert load_model(own, "provider").version == 1
    assert check_registry(own) == []


def test_the_program_says_it_in_one_line(own, capsys):
    own.tracking_database.write_bytes(b"")
    words = ["promote", "1", "--entity", "provider", "--reason", "x"], ["ui"]
    for command in words:
        with pytest.raises(SystemExit) as left:
            main(["--workspace", str(own.root), *command])
        assert left.value.code == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"fraud: model registry {own.tracking_database}: it is empty. Hint: ")
