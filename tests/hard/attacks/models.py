"""A poisoned registry: code in a pickle, edited trees, aliases and databases that lead nowhere."""

from __future__ import annotations

import functools
import pickle
import sqlite3
from typing import TYPE_CHECKING

from tests.hard.bench import run_tables
from tests.hard.sources import MONTH
from tests.hard.trial import Trial, check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.hard.bench import Bench


class _Opens:
    """An object whose unpickling makes a file."""

    def __init__(self, marker: Path) -> None:
        self.marker = str(marker)

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self.marker, "w")


def model_attacks() -> list[Trial]:
    """Return attacks after which a month must not be scored by what was found."""
    found = [Trial("attacks", f"model text: {name}", functools.partial(_text, name)) for name in _TEXTS]
    found += [Trial("attacks", f"registry: {name}", functools.partial(_database, name)) for name in _DATABASES]
    return [Trial("attacks", "a pickle beside the model", _pickle), *found]


def _score_is_refused(bench: Bench, workspace: Path) -> None:
    before = run_tables(workspace)
    bench.fraud(workspace, "score", "--month", MONTH, timeout=300).must(1, 2)
    check(run_tables(workspace) == before, "the month was published anew")


def _pickle(bench: Bench) -> None:
    """Describe the champion as a pickled classifier, as MLflow would write it."""
    workspace = bench.copy(bench.city)
    marker = workspace.parent / "code-ran"
    described = sorted((workspace / "mlartifacts").rglob("MLmodel"))
    folders = {path.parent for path in described} or {path.parent for path in _model_texts(workspace)}
    check(folders, "no model lies in the workspace: this trial tries nothing")
    text = (
        "flavors:\n  lightgbm:\n    code: null\n    data: model.pkl\n    lgb_version: 4.6.0\n"
        "    model_class: lightgbm.sklearn.LGBMClassifier\n    serialization_format: cloudpickle\n"
        "  python_function:\n    data: model.pkl\n    loader_module: mlflow.lightgbm\n"
    )
    for folder in folders:
        (folder / "MLmodel").write_text(text, "utf-8")
        (folder / "model.pkl").write_bytes(pickle.dumps(_Opens(marker)))
    for words in (["score", "--month", MONTH], ["evaluate", "--month", MONTH, "--entity", "patient"]):
        bench.fraud(workspace, *words, timeout=300).must(0, 1, 2)
    bench.fraud(workspace, "compare", "--entity", "patient", "1", "2", timeout=300).must(0, 1, 2)
    check(not marker.exists(), "code from the registry ran")


def _model_texts(workspace: Path) -> list[Path]:
    found = [path for path in (workspace / "mlartifacts").rglob("*") if path.is_file()]
    return [path for path in found if path.read_bytes()[:5] == b"tree\n"]


_TEXTS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "first half": lambda b: b[: len(b) // 2],
    "rubbish": lambda _: b"\x00\xff" * 500,
    "one digit more": lambda b: b.replace(b"leaf_value=", b"leaf_value=9", 1),
    "a negative count": lambda b: b.replace(b"num_leaves=", b"num_leaves=-", 1),
    "a huge count": lambda b: b.replace(b"num_leaves=", b"num_leaves=99999999", 1),
    "a blank at the end": lambda b: b + b" ",
    "400 MB": lambda b: b + b"\n" * 400_000_000,
}


def _text(name: str, bench: Bench) -> None:
    workspace = bench.copy(bench.city)
    found = _model_texts(workspace)
    check(found, "no model text lies in the workspace: this trial tries nothing")
    for path in found:
        path.write_bytes(_TEXTS[name](path.read_bytes()))
    _score_is_refused(bench, workspace)


def _sql(*statements: str) -> Callable[[Path], None]:
    def run(path: Path) -> None:
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    return run


_DATABASES: dict[str, Callable[[Path], object]] = {
    "0 bytes": lambda p: p.write_bytes(b""),
    "rubbish": lambda p: p.write_bytes(b"\xff" * 5_000),
    "cut": lambda p: p.write_bytes(p.read_bytes()[:20_000]),
    "a folder": lambda p: (p.unlink(), p.mkdir())[1],
    "champion of a version that is not there": _sql("update registered_model_aliases set version = 99"),
    "version without a run": _sql("update model_versions set run_id = '0123456789abcdef0123456789abcdef'"),
    "an address as source": _sql(
        "update model_versions set source = 'http://127.0.0.1:9/x', storage_location = 'http://127.0.0.1:9/x'",
        "update runs set artifact_uri = 'http://127.0.0.1:9/x'",
    ),
    "a path outside as source": _sql(
        "update model_versions set source = 'file:///etc', storage_location = 'file:///etc'",
        "update runs set artifact_uri = 'file:///etc'",
    ),
    "a digest of zeros": _sql("update model_version_tags set value = '" + "0" * 64 + "' where key like '%sha256%'"),
}


def _database(name: str, bench: Bench) -> None:
    workspace = bench.copy(bench.city)
    _DATABASES[name](workspace / "mlflow.db")
    before = run_tables(workspace)
    done = bench.fraud(workspace, "score", "--month", MONTH, timeout=300).must(0, 1, 2)
    if "source" in name and done.code == 0:
        check(run_tables(workspace) == before, "another model scored the month")
        return
    check(done.code, "the registry cannot be followed, and the month was scored")
    check(run_tables(workspace) == before, "the month was published anew")
