"""A short set of the trials of `make hard`: some of every group that need no trained model; the dearest are slow."""

import pytest

from tests.hard.attacks.persons import person_attacks
from tests.hard.attacks.returned import returned_attacks
from tests.hard.attacks.state import state_attacks
from tests.hard.attacks.texts import text_attacks
from tests.hard.bench import Bench
from tests.hard.corruptions.draw import corruption_trials, damages
from tests.hard.disks import disk_trials
from tests.hard.kills import JOBS, kill_trials
from tests.hard.trial import Skipped

_CHOSEN = {
    "a file and its line changed",
    "a bare CR in quotes",
    "a lone surrogate in the note",
    "a part flipped",
    "empty",
    "escapes",
    "facts cut",
    "nothing changed",
    "the chance",
    "two decisions of one day",
    "unmasked, the audit log is a folder",
}
_KILLED = {job.name: job.kills for job in JOBS}


def _short():
    attacks = [*person_attacks(), *text_attacks(), *state_attacks(), *returned_attacks()]
    killed = [trial for trial in kill_trials(4) if trial.name.startswith("ingest,")]
    full = [
        trial
        for trial in disk_trials()
        if trial.name in ("ingest, no file over 8 kB", "ingest, the workspace is a file")
    ]
    chosen = [trial for trial in attacks if trial.name.rpartition(": ")[2] in _CHOSEN]
    damaged = corruption_trials(12 / len(damages()), seed=2)
    return [
        *(_param(trial, is_slow=n % 2 == 1) for n, trial in enumerate(damaged)),
        # Eight commands, two packs among them: as much as all damages together.
        *(_param(trial, is_slow=trial.name.startswith("texts: ")) for trial in chosen),
        *(_param(trial) for trial in (*killed, *full)),
    ]


def _param(trial, *, is_slow=False):
    return pytest.param(trial, id=f"{trial.group}: {trial.name}", marks=pytest.mark.slow if is_slow else ())


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with Bench(tmp_path_factory.mktemp("hard")) as made:
        yield made


@pytest.mark.parametrize("trial", _short())
def test_what_is_promised_holds(bench, trial):
    try:
        trial.tried(bench)
    except Skipped as why:
        pytest.skip(str(why))


def test_the_whole_set_is_as_large_as_is_said():
    assert len(damages()) >= 1_000
    assert len({damage.name for damage in damages()}) == len(damages())
    assert sum(_KILLED.values()) >= 100
