"""SIGKILL at steps of every writing job: readers see old or new, the next run equals an undisturbed one."""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fraud.audit import read_audit
from fraud.workspace_key import load_key
from tests.hard.bench import AS_OF
from tests.hard.program import Broken, was_killed
from tests.hard.sources import MONTH, tables, write_tables
from tests.hard.state import audit, champion, differing, seen
from tests.hard.trial import Skipped, Trial, check

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.hard.bench import Bench

_LABELS = """subject_type,subject_id,decision,decided_date,note
provider,H0,confirmed_fraud,2026-04-10,seen on site
provider,H1,unfounded,2026-04-11,a school nurse explains it
patient,P3,confirmed_abuse,2026-04-12,lent the card
"""


@dataclass(frozen=True)
class Job:
    """A job that is killed.

    Parameters
    ----------
    name : str
        Of the job.
    kills : int
        How often in the whole set.
    before : callable
        Workspace in which it runs; made once, copied for each kill.
    words : callable
        The command, given the bench.
    is_repeatable : bool
        Whether running it again once it was done changes nothing.
    """

    name: str
    kills: int
    before: Callable[[Bench], Path]
    words: Callable[[Bench], list[object]]
    is_repeatable: bool = True
    action: str = ""


def _made(bench: Bench, name: str, *steps: list[object]) -> Path:
    """Return a workspace after some steps; made once on a bench. It has its key, so that pseudonyms are the same."""
    workspace = bench.root / "before" / name
    if not workspace.exists():
        load_key(workspace)
        for words in steps:
            bench.fraud(workspace, *words, timeout=600).must(0)
    return workspace


def _ingest(bench: Bench) -> list[object]:
    return ["ingest", bench.source]


def _replace(bench: Bench) -> list[object]:
    target = bench.root / "source-corrected"
    if not target.exists():
        given = tables()
        for row in given["claim_lines"][1:20]:
            row[-2] = "11.00"
        write_tables(target, given)
    return ["ingest", target, "--replace-month", MONTH]


def _feedback(bench: Bench) -> list[object]:
    path = bench.root / "returned.csv"
    path.write_text(_LABELS, encoding="utf-8")
    return ["feedback", "import", path]


_SCORE: list[object] = ["score", "--month", MONTH, "--as-of", "2026-07-01"]
_EXPORT: list[object] = ["cases", "export", "--month", MONTH]
_PATIENT: list[object] = ["--entity", "patient"]


def _training(bench: Bench, command: str) -> list[object]:
    return [command, *_PATIENT, "--as-of", AS_OF, "--config", bench.training]


JOBS: tuple[Job, ...] = (
    Job("ingest", 12, lambda b: _made(b, "empty"), _ingest),
    Job("ingest --replace-month", 10, lambda b: _made(b, "stored", _ingest(b)), _replace),
    Job("score", 14, lambda b: _made(b, "stored", _ingest(b)), lambda _: _SCORE),
    Job("cases export", 12, lambda b: _made(b, "scored", _ingest(b), _SCORE), lambda _: _EXPORT),
    Job("feedback import", 16, lambda b: _made(b, "scored", _ingest(b), _SCORE), _feedback),
    Job("train", 10, lambda b: b.city, lambda b: _training(b, "train")),
    Job("retrain", 4, lambda b: b.city, lambda b: _training(b, "retrain")),
    Job(
        "promote", 10, lambda b: b.city, lambda _: ["promote", *_PATIENT, "3", "--reason", "a trial"], action="promote"
    ),
    Job(
        "rollback",
        8,
        lambda b: b.city,
        lambda _: ["rollback", *_PATIENT, "--reason", "a trial"],
        is_repeatable=False,
        action="rolled back",
    ),
    Job("evaluate", 4, lambda b: b.city, lambda _: ["evaluate", "--month", MONTH, *_PATIENT]),
)


@dataclass
class _Calm:
    """An undisturbed run: what it leaves, its steps and its seconds."""

    before: dict[str, object] = field(default_factory=dict)
    after: dict[str, object] = field(default_factory=dict)
    steps: int = 0
    seconds: float = 0.0


def kill_trials(n: int = 100, seed: int = 0) -> list[Trial]:
    """Return about `n` kills over all jobs; two of three at a step of the disk, one at a moment."""
    whole = sum(job.kills for job in JOBS)
    found = []
    for job in JOBS:
        calm = _Calm()
        count = max(1, round(job.kills * n / whole))
        for k in range(count):
            share = (k + random.Random(f"{seed} {job.name} {k}").random()) / count
            tried = functools.partial(_try, job, calm, share, at_step=k % 3 != 2)
            found.append(Trial("kills", f"{job.name}, {k + 1} of {count}", lambda bench, tried=tried: tried(bench)))
    return found


def _try(job: Job, calm: _Calm, share: float, bench: Bench, *, at_step: bool) -> None:
    start = job.before(bench)
    words = job.words(bench)
    if not calm.after:
        _run_calmly(job, calm, start, words, bench)
    workspace = bench.copy(start)
    when = {"kill_at": 1 + int(share * calm.steps)} if at_step else {"kill_after": share * calm.seconds}
    if not was_killed(bench.fraud(workspace, *words, timeout=600, **when)):
        raise Skipped("it ended before it was killed")
    _read(bench, workspace)
    now = seen(workspace)
    torn = {part for part in now if now[part] not in (calm.before[part], calm.after[part])}
    check(not torn - {"events"}, f"half a result is seen: {differing(now, calm.after)}")
    # The audit log decides who is champion; the registry's alias follows with the next job that writes there.
    is_done = bool(audit(workspace, job.action)[len(audit(start, job.action)) :]) if job.action else now == calm.after
    check(is_done or not job.action or now == calm.before, "it happened and stands in no audit log")
    if not is_done or job.is_repeatable:
        bench.fraud(workspace, *words, timeout=600).must(0)
        told = differing(seen(workspace), calm.after)
        check(not told, f"the next run differs from an undisturbed one: {told}")
    faults = [
        each for each in read_audit(workspace / "audit.jsonl", load_key(workspace)).faults if "readable" not in each
    ]
    check(not faults, f"the audit log's chain is broken: {faults}")
    left = [str(path.relative_to(workspace)) for path in workspace.rglob("*") if path.suffix in (".new", ".writing")]
    check(not left, f"left behind after the next run: {left[:5]}")


def _run_calmly(job: Job, calm: _Calm, start: Path, words: list[object], bench: Bench) -> None:
    workspace = bench.copy(start)
    done = bench.fraud(workspace, *words, timeout=600).must(0)
    calm.before, calm.after = seen(start), seen(workspace)
    calm.steps, calm.seconds = done.steps, done.seconds
    if job.name == "rollback" and champion(workspace) == champion(start):
        raise Broken("rollback changed nothing")


def _read(bench: Bench, workspace: Path) -> None:
    """Every reader works, on old or new."""
    bench.fraud(workspace, "store").must(0, 2)
    for pack in sorted((workspace / "cases").glob("*/manifest.json")):
        bench.fraud(workspace, "cases", "verify", pack.parent).must(0)
    if (workspace / "runs" / MONTH).exists():
        bench.fraud(workspace, "rules", "run", "--month", MONTH).must(0)
