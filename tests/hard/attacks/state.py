"""The workspace's own state, damaged: store, facts, runs, manifests, and arguments that lead astray."""

from __future__ import annotations

import functools
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from tests.hard.bench import run_tables
from tests.hard.sources import MONTH
from tests.hard.trial import Trial, check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.hard.bench import Bench


def state_attacks() -> list[Trial]:
    """Return damages of state, each with the exit codes that are right for `score`."""
    found = []
    for name, (do, codes) in _DAMAGES.items():
        found.append(Trial("attacks", f"state: {name}", functools.partial(_damaged, do, codes)))
    found += [Trial("attacks", f"replay: {name}", functools.partial(_replayed, name)) for name in _MANIFESTS]
    found += [Trial("attacks", f"pack: {name}", functools.partial(_verified, name)) for name in _PACKS]
    found += [
        Trial("attacks", f"words: {' '.join(words)[:60]!r}", functools.partial(_words, words)) for words in _WORDS
    ]
    return found


def _damaged(do: Callable[[Path], object], codes: tuple[int, ...], bench: Bench) -> None:
    workspace = bench.copy(bench.scored)
    before = run_tables(workspace)
    do(workspace)
    outcome = bench.fraud(workspace, "score", "--month", MONTH).must(*codes)
    if outcome.code == 0:
        check(run_tables(workspace) == before, "the month was scored otherwise")
    bench.fraud(workspace, "store").must(0, 1, 2)
    bench.fraud(workspace, "doctor").must(0, 1, 2)


def _part(workspace: Path) -> Path:
    return next(iter(sorted((workspace / "store").rglob("claim_lines/**/*.parquet"))))


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(bytes(content))


def _catalog(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def do(workspace: Path) -> None:
        path = workspace / "store" / "catalog.json"
        data = json.loads(path.read_text("utf-8"))
        change(data)
        path.write_text(json.dumps(data), "utf-8")

    return do


def _every_fact(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def do(workspace: Path) -> None:
        for path in sorted((workspace / "facts").rglob("*.parquet")):
            change(path)

    return do


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def _first_part(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["tables"]["claim_lines"][0]
    return found


_DAMAGES: dict[str, tuple[Callable[[Path], object], tuple[int, ...]]] = {
    "facts cut": (_every_fact(_cut), (0,)),
    "facts empty": (_every_fact(lambda p: p.write_bytes(b"")), (0,)),
    "facts flipped": (_every_fact(_flip), (0,)),
    "facts of rubbish": (_every_fact(lambda p: p.write_bytes(b"PAR1" * 100)), (0,)),
    "facts gone": (lambda w: shutil.rmtree(w / "facts"), (0,)),
    "a part gone": (lambda w: _part(w).unlink(), (1, 2)),
    "a part cut": (lambda w: _cut(_part(w)), (1, 2)),
    "a part flipped": (lambda w: _flip(_part(w)), (1, 2)),
    "a part empty": (lambda w: _part(w).write_bytes(b""), (1, 2)),
    "a part leads elsewhere": (_catalog(lambda d: _first_part(d).update(file="../../../etc/passwd")), (1, 2)),
    "an absolute part": (_catalog(lambda d: _first_part(d).update(file="/etc/passwd")), (1, 2)),
    "a part of minus 3 rows": (_catalog(lambda d: _first_part(d).update(rows=-3)), (1, 2)),
    "a part of words": (_catalog(lambda d: d["tables"].update(claim_lines="all")), (1, 2)),
    "a catalogue of nothing": (lambda w: (w / "store" / "catalog.json").write_text("[]", "utf-8"), (1, 2)),
    "a deep catalogue": (lambda w: (w / "store" / "catalog.json").write_text("[" * 100_000, "utf-8"), (1, 2)),
    "a newer catalogue": (_catalog(lambda d: d.update(format=99)), (1, 2)),
}


def _manifest(workspace: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((workspace / "runs" / MONTH / "manifest.json").read_text("utf-8"))
    return found


_MANIFESTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a list": lambda _: [],
    "empty": lambda _: {},
    "as of yesterday": lambda m: {**m, "as_of": "yesterday"},
    "another seed": lambda m: {**m, "settings": {**m.get("settings", {}), "scoring": {"seed": 99}}},
    "a window of 999": lambda m: {**m, "window_months": 999},
    "settings of a list": lambda m: {**m, "settings": []},
    "an unknown setting": lambda m: {**m, "settings": {"nobody": {"knows": 1}}},
    "a month that leads out": lambda m: {**m, "month": "../../x"},
    "without tables": lambda m: {key: value for key, value in m.items() if key != "outputs"},
    "a newer format": lambda m: {**m, "format": 99},
    "deep": lambda _: json.loads("[" * 60 + "]" * 60),
    "numbers of words": lambda m: {key: "x" if isinstance(value, int) else value for key, value in m.items()},
}


def _replayed(name: str, bench: Bench) -> None:
    workspace = bench.copy(bench.scored)
    before = (workspace / "runs" / MONTH).readlink(), run_tables(workspace)
    # As it was written it replays, so that what refuses it below is the change.
    bench.fraud(workspace, "score", "--replay", workspace / "runs" / MONTH / "manifest.json").must(0)
    path = workspace.parent / "manifest.json"
    path.write_text(json.dumps(_MANIFESTS[name](_manifest(workspace))), "utf-8")
    bench.fraud(workspace, "score", "--replay", path).must(1, 2)
    check(((workspace / "runs" / MONTH).readlink(), run_tables(workspace)) == before, "the month's link moved")


def _rehashed(pack: Path) -> None:
    """Change a file and its line in the manifest together."""
    import hashlib

    content = (pack / "cases.json").read_bytes().replace(b"provider", b"provlder", 1)
    (pack / "cases.json").write_bytes(content)
    data = json.loads((pack / "manifest.json").read_text("utf-8"))
    data["files"]["cases.json"] = hashlib.sha256(content).hexdigest()
    (pack / "manifest.json").write_text(json.dumps(data), "utf-8")


def _removed(pack: Path) -> None:
    (pack / "cases.json").unlink()
    data = json.loads((pack / "manifest.json").read_text("utf-8"))
    del data["files"]["cases.json"]
    (pack / "manifest.json").write_text(json.dumps(data), "utf-8")


def _linked(pack: Path) -> None:
    (pack / "cases.json").rename(pack.parent / "elsewhere.json")
    (pack / "cases.json").symlink_to(pack.parent / "elsewhere.json")


_PACKS: dict[str, Callable[[Path], object]] = {
    "a file and its line changed": _rehashed,
    "a file and its line removed": _removed,
    "a file is a link": _linked,
    "a file is a pipe": lambda p: ((p / "cases.json").unlink(), os.mkfifo(p / "cases.json")),
    "a file is a folder": lambda p: ((p / "cases.json").unlink(), (p / "cases.json").mkdir()),
    "a further file": lambda p: (p / "more.txt").write_text("x", "utf-8"),
    "a name that is not UTF-8": lambda p: (p / os.fsdecode(b"\xff.txt")).write_text("x", "utf-8"),
    "a manifest of nothing": lambda p: (p / "manifest.json").write_text("[]", "utf-8"),
    "a deep manifest": lambda p: (p / "manifest.json").write_text("[" * 100_000, "utf-8"),
    "no manifest": lambda p: (p / "manifest.json").unlink(),
}


def _verified(name: str, bench: Bench) -> None:
    workspace = bench.copy(bench.scored)
    pack = next((workspace / "cases").glob("*/manifest.json")).parent
    bench.fraud(workspace, "cases", "verify", pack).must(0)
    _PACKS[name](pack)
    bench.fraud(workspace, "cases", "verify", pack, timeout=30).must(1, 2)


_WORDS: tuple[list[str], ...] = (
    ["score", "--month", "0000-01"],
    ["score", "--month", "2026-13"],
    ["score", "--month", "９９９９-01"],
    ["score", "--month", "2026-03\x1b[31m"],
    ["score", "--month", MONTH, "--as-of", "9999-99-99"],
    ["score", "--month", MONTH, "--window-months", "999"],
    ["score", "--month", MONTH, "--model", "../../x"],
    ["score", "--month", MONTH, "--threads", "100000"],
    ["cases", "export", "--month", MONTH, "--out", "x" * 300],
    ["cases", "export", "--month", MONTH, "--top", "-1"],
    ["cases", "export", "--month", MONTH, "--lang", "\x1b[31m"],
    ["cases", "verify", "/"],
    ["feedback", "import", "/"],
    ["feedback", "import", "/dev/zero"],
    ["\x1b]0;t\x07"],
    ["rules", "backtest", "x' or 1=1", "--from", MONTH, "--to", MONTH],
    ["promote", "--entity", "patient", "99999999999999999999", "--reason", "x"],
    ["ingest", "/nowhere", "--replace-month", "../x"],
)


def _words(words: list[str], bench: Bench) -> None:
    workspace = bench.copy(bench.scored)
    before = run_tables(workspace)
    bench.fraud(workspace, *words, timeout=60).must(1, 2)
    check(run_tables(workspace) == before, "a table changed")
