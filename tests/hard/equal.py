"""Equal bytes: threads, row order, files, folder, time zone, locale, hash seed, and after a move or copy."""

from __future__ import annotations

import functools
import os
import random
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from tests.hard.bench import run_tables, store_files, tree
from tests.hard.program import ROOT
from tests.hard.sources import MONTH
from tests.hard.state import packs
from tests.hard.trial import Trial, check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from tests.hard.bench import Bench

_SCORE = ("score", "--month", MONTH, "--as-of", "2026-07-01")
_ENVIRONMENTS: dict[str, dict[str, str]] = {
    "TZ=Asia/Shanghai": {"TZ": "Asia/Shanghai"},
    "TZ=America/St_Johns": {"TZ": "America/St_Johns"},
    "LC_ALL=C": {"LC_ALL": "C", "LANG": "C"},
    "LC_ALL=de_DE.UTF-8": {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    "hash seed": {"PYTHONHASHSEED": "4711"},
}
_FOLDERS = ("a b 中文'x[1]*", '"quoted"', "deep/er/and/deeper", "--month", "~", "$HOME;x")


def equal_trials(*, threads: tuple[int, ...] = (1, 8)) -> list[Trial]:
    """Return variations that must not change a byte of any table."""
    found = {f"{n} threads": functools.partial(_varied, threads=n) for n in threads}
    found |= {name: functools.partial(_commanded, env) for name, env in _ENVIRONMENTS.items()}
    found |= {f"folder {name}": functools.partial(_varied, name=name) for name in _FOLDERS}
    found |= {f"rows {name}": functools.partial(_rewritten, change) for name, change in _SOURCES.items()}
    found["moved with a model"] = _moved
    found["copied with a model"] = _copied
    found["scored again"] = _again
    return [Trial("equal", name, tried) for name, tried in found.items()]


def _first(bench: Bench) -> tuple[dict[str, str], dict[str, list[str]], dict[str, str]]:
    """Return tables, store and packs of the city at two threads; made once on a bench."""
    workspace = bench.root / "equal" / "workspace"
    if not workspace.exists():
        _steps(bench, workspace, bench.city_source, "--config", _threads(bench, 2))
    return run_tables(workspace), store_files(workspace), packs(workspace)


def _threads(bench: Bench, threads: int) -> Path:
    settings = bench.folder() / "fraud.toml"
    settings.write_text(f"[engine]\nthreads = {threads}\n", "utf-8")
    return settings


def _jobs(source: Path) -> tuple[tuple[object, ...], ...]:
    return ("ingest", source), _SCORE, ("cases", "export", "--month", MONTH, "--formats", "json")


def _begin(bench: Bench, workspace: Path) -> None:
    from fraud.workspace_key import load_key

    # Pseudonyms differ between keys, and must.
    key = bench.root / "key"
    if not key.exists():
        load_key(key)
    workspace.mkdir(parents=True)
    shutil.copy(key / "pseudonyms.key", workspace / "pseudonyms.key")


def _steps(bench: Bench, workspace: Path, source: Path, *options: object) -> None:
    _begin(bench, workspace)
    for words in _jobs(source):
        bench.program.run("--workspace", workspace, *options, *words, timeout=600).must(0)


def _compare(bench: Bench, workspace: Path) -> None:
    for what, one, other in zip(
        ("tables", "store", "packs"),
        _first(bench),
        (run_tables(workspace), store_files(workspace), packs(workspace)),
        strict=True,
    ):
        odd = sorted(key for key in {*one, *other} if one.get(key) != other.get(key))
        check(not odd, f"{what} differ: {odd[:6]}")


def _varied(bench: Bench, *, threads: int = 2, name: str = "x") -> None:
    workspace = bench.folder() / name / "workspace"
    _steps(bench, workspace, bench.city_source, "--config", _threads(bench, threads))
    _compare(bench, workspace)


def _rewritten(change: Callable[[pa.Table, Path], None], bench: Bench) -> None:
    target = bench.folder() / "source"
    for path in sorted(bench.city_source.rglob("*.parquet")):
        place = target / path.relative_to(bench.city_source)
        place.parent.mkdir(parents=True, exist_ok=True)
        change(pq.read_table(path, partitioning=None), place)
    workspace = target.parent / "workspace"
    _steps(bench, workspace, target)
    _compare(bench, workspace)


def _shuffled(table: pa.Table, path: Path) -> None:
    order = list(range(table.num_rows))
    random.Random(path.name).shuffle(order)
    pq.write_table(table.take(order), path)


def _reversed(table: pa.Table, path: Path) -> None:
    pq.write_table(table.take(list(range(table.num_rows))[::-1]), path, row_group_size=100)


def _split(table: pa.Table, path: Path) -> None:
    """Cut a table into three files whose names go backwards."""
    is_part = path.parent.name.startswith("month=")
    folder = path.parent if is_part else path.parent / path.stem
    folder.mkdir(exist_ok=True)
    for part in range(3):
        start, end = part * table.num_rows // 3, (part + 1) * table.num_rows // 3
        pq.write_table(table.slice(start, end - start), folder / f"z{2 - part}-{path.stem}.parquet")


_SOURCES: dict[str, Callable[[pa.Table, Path], None]] = {
    "shuffled": _shuffled,
    "reversed, in small groups": _reversed,
    "in three files each": _split,
}


def _commanded(env: dict[str, str], bench: Bench) -> None:
    """Run the true command: zone, locale and hash seed are settled when Python starts."""
    workspace = bench.folder() / "workspace"
    _begin(bench, workspace)
    for words in _jobs(bench.city_source):
        command = [sys.executable, "-m", "fraud", "--workspace", str(workspace), *map(str, words)]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=False, capture_output=True, text=True)
        check(done.returncode == 0, f"{words[0]}: exit {done.returncode}: {done.stderr[-300:]}")
    _compare(bench, workspace)


def _scored_again(bench: Bench, workspace: Path) -> dict[str, str]:
    bench.fraud(workspace, *_SCORE, timeout=600).must(0)
    return run_tables(workspace)


def _moved(bench: Bench) -> None:
    workspace = bench.copy(bench.city)
    before = _scored_again(bench, workspace)
    moved = bench.folder() / "moved"
    workspace.rename(moved)
    check(_scored_again(bench, moved) == before, "tables differ after a move")
    bench.fraud(moved, "evaluate", "--month", MONTH, "--entity", "patient", timeout=600).must(0)


def _copied(bench: Bench) -> None:
    workspace = bench.copy(bench.city)
    before = tree(bench.city)
    check(_scored_again(bench, workspace) == _scored_again(bench, bench.copy(workspace)), "a copy scores otherwise")
    words = ("train", "--entity", "patient", "--as-of", "2027-06-01", "--config", bench.training)
    bench.fraud(workspace, *words, timeout=600).must(0)
    changed = sorted(name for name, digest in tree(bench.city).items() if before.get(name) != digest)
    check(not changed, f"training in a copy wrote into the original: {changed[:4]}")


def _again(bench: Bench) -> None:
    workspace = bench.copy(bench.city)
    check(_scored_again(bench, workspace) == _scored_again(bench, workspace), "scored twice, tables differ")
