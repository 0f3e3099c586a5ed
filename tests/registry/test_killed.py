"""A job that is killed at any step leaves the state before or the state after, and the next job finds its way."""

import json
import shutil

import pytest

from features.errors import ToolkitError
from fraud.registry import _client
from fraud.registry.check import check_registry
from fraud.registry.database import reading
from fraud.registry.runs import log_run
from fraud.registry.versions import load_model, promote, rollback
from fraud.workspace import Workspace
from tests.registry.training import record


class Killed(BaseException):
    """Not an Exception: nothing that mends or cleans up may run after it."""


class Killer:
    """Counts steps that write, and dies before the one that it was told."""

    def __init__(self, monkeypatch):
        self.left = -1
        self.is_dead = False
        importing, recording = _client._import_client, Workspace.record
        monkeypatch.setattr(_client, "_import_client", lambda: lambda **given: Dying(importing()(**given), self))
        monkeypatch.setattr(
            Workspace, "record", lambda *given, **facts: (self.step(), recording(*given, **facts), self.step())
        )

    def step(self):
        if self.is_dead or self.left == 0:
            self.is_dead = True
            raise Killed
        self.left -= 1


class Dying:
    def __init__(self, client, killer):
        self._client, self._killer = client, killer

    def __getattr__(self, name):
        if name.startswith(("create", "set", "log", "update")):
            self._killer.step()
        return getattr(self._client, name)


@pytest.fixture
def killed(trained, tmp_path, monkeypatch):
    """Run a job again and again on fresh copies, killed one step later each time; give out what it leaves."""
    killer = Killer(monkeypatch)

    def states(job):
        for n_steps in range(40):
            workspace = Workspace(shutil.copytree(trained, tmp_path / f"killed-{n_steps}"))
            killer.left, killer.is_dead = n_steps, False
            try:
                job(workspace)
            except Killed:
                killer.left, killer.is_dead = -1, False
                yield workspace
                continue
            assert n_steps > 3
            killer.left = -1
            return

    return states


@pytest.fixture(scope="module")
def trainings():
    return {seed: record(seed)[1] for seed in (4, 5)}


def actions(workspace):
    return [json.loads(line)["action"] for line in workspace.audit_log.read_text().splitlines()]


def champion(workspace):
    return load_model(workspace, "provider").version


def promotes(workspace):
    promote(workspace, "provider", 3, reason="better still")


def rolls_back(workspace):
    rollback(workspace, "provider", reason="complaints")


def test_promotion(killed):
    seen = set()
    for workspace in killed(promotes):
        seen.add(champion(workspace))
        # What is recorded is what readers take, whatever MLflow's alias says yet.
        assert (champion(workspace) == 3) == (actions(workspace).count("model promoted") == 3)
        assert check_registry(workspace) == []
        promotes(workspace)
        assert champion(workspace) == 3
        assert rollback(workspace, "provider", reason="x") == 2
        assert rollback(workspace, "provider", reason="x") == 1
        assert check_registry(workspace) == []
    assert seen == {2, 3}


def test_rollback(killed):
    seen = set()
    for workspace in killed(rolls_back):
        seen.add(champion(workspace))
        assert (champion(workspace) == 1) == ("model rolled back" in actions(workspace))
        assert check_registry(workspace) == []
        standing = champion(workspace)
        again = Workspace(shutil.copytree(workspace.root, workspace.root.with_suffix(".again")))
        rolls_back(again)
        assert champion(again) == pointed(again) == 1
        assert actions(again).count("model rolled back") == 1
        promotes(workspace)
        assert rollback(workspace, "provider", reason="x") == standing
    assert seen == {1, 2}


def test_registration(killed, trainings):
    for workspace in killed(lambda workspace: log_run(workspace, trainings[4])):
        versions = version_numbers(workspace)
        assert versions in ((1, 2, 3), (1, 2, 3, 4))
        for number in versions:
            assert load_model(workspace, "provider", str(number)).version == number
        assert check_registry(workspace) == []
        assert champion(workspace) == 2
        number = log_run(workspace, trainings[5])
        assert number == versions[-1] + 1
        assert load_model(workspace, "provider", "challenger").version == number
        assert check_registry(workspace) == []


def version_numbers(workspace):
    with reading(workspace) as registry:
        return registry.numbers("fraud-provider")


def test_the_alias_follows_at_the_next_write(killed, trainings):
    behind = [workspace for workspace in killed(promotes) if champion(workspace) != pointed(workspace)]
    assert behind
    for workspace in behind:
        log_run(workspace, trainings[5])
        assert pointed(workspace) == champion(workspace) == 3


def pointed(workspace):
    with reading(workspace) as registry:
        return registry.aliases("fraud-provider")["champion"]


def test_what_cannot_be_recorded_does_not_happen(own, trainings):
    log = own.audit_log.rename(own.root / "kept")
    own.audit_log.mkdir()
    for job in (promotes, rolls_back, lambda workspace: log_run(workspace, trainings[4])):
        with pytest.raises(ToolkitError, match="audit log"):
            job(own)
    own.audit_log.rmdir()
    log.rename(own.audit_log)
    assert champion(own) == 2
    assert version_numbers(own) == (1, 2, 3)
    assert check_registry(own) == []


@pytest.mark.slow
def test_a_database_half_made_is_made_again(tmp_path):
    workspace = Workspace(tmp_path)
    (tmp_path / "staging" / "registry").mkdir(parents=True)
    (tmp_path / "staging" / "registry" / "mlflow.db").write_bytes(b"SQLite format 3\0")
    assert load_model(workspace, "provider") is None
    assert not workspace.tracking_database.exists()
    with _client.connected(workspace) as client:
        assert client.search_registered_models() == []
    assert not (tmp_path / "staging" / "registry").exists()
