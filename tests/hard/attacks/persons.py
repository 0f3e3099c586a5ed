"""Persons: nobody can be named from what leaves the store, and no unmasking goes unrecorded."""

from __future__ import annotations

import hashlib
import json
import stat
from typing import TYPE_CHECKING

from tests.hard.kills import JOBS
from tests.hard.sources import MONTH
from tests.hard.state import audit
from tests.hard.trial import Trial, check

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hard.bench import Bench

_UNMASK = ("cases", "export", "--month", MONTH, "--unmask", "--reason", "a hearing")


def person_attacks() -> list[Trial]:
    """Return tries to learn who a person is."""
    found = {
        "persons by the digests of events": _digests,
        "no id on the screen": _screen,
        "unmasked, the audit log is a folder": _unmask_unrecorded,
        "an unmasking is recorded": _unmask_recorded,
        "everything is its owner's": _modes,
        **{f"key: {name}": lambda b, c=content: _key(c, b) for name, content in _KEYS.items()},
        "key: gone": _key_gone,
        "key: readable by others": _key_mode,
    }
    return [Trial("attacks", name, tried) for name, tried in found.items()]


def _digests(bench: Bench) -> None:
    """Try every id of a list, with all that stands beside it, against every digest in events, audit log and packs."""
    job = next(job for job in JOBS if job.name == "feedback import")
    workspace = bench.copy(job.before(bench))
    bench.fraud(workspace, *job.words(bench)).must(0)
    files = [
        workspace / "audit.jsonl",
        *(p for p in (workspace / "cases").rglob("*") if p.suffix in (".jsonl", ".json")),
    ]
    text = "\n".join(path.read_text("utf-8") for path in files)
    events = [json.loads(line) for line in (workspace / "cases" / "events.jsonl").read_text("utf-8").splitlines()]
    for number in range(12):
        person = f"P{number}"
        check(f'"{person}"' not in text, "a person's id stands in events, audit log or pack")
        told = [[person], ["patient", person], ["person", person]]
        for event in events:
            parts = [event.get("case_id") or "", "patient", person, event.get("finding_id") or ""]
            told.append([*parts, event["decision"], event["decided_date"]])
        for parts in told:
            for joint in ("\0", "", "|", ":"):
                for digest in ("sha256", "sha1", "md5"):
                    found = hashlib.new(digest, joint.join(parts).encode()).hexdigest()
                    check(found[:12] not in text, f"a {digest} of a person's id stands where others read")


def _screen(bench: Bench) -> None:
    workspace = bench.copy(bench.city)
    ids = _person_ids(workspace)
    for words in (["score", "--month", MONTH], ["rules", "run", "--month", MONTH], ["rings", "find", "--month", MONTH]):
        done = bench.fraud(workspace, *words, timeout=300).must(0)
        shown = [each for each in ids if each in done.out + done.err]
        check(not shown, f"{words[0]} shows {len(shown)} person ids")


def _person_ids(workspace: Path) -> set[str]:
    import duckdb

    files = sorted(map(str, (workspace / "store" / "codes" / "person").glob("*.parquet")))
    return {str(row[0]) for row in duckdb.sql(f"select person_id from read_parquet({files})").fetchall()}


def _unmask_unrecorded(bench: Bench) -> None:
    workspace = bench.copy(bench.scored)
    (workspace / "audit.jsonl").unlink()
    (workspace / "audit.jsonl").mkdir()
    out = workspace.parent / "unmasked"
    bench.fraud(workspace, *_UNMASK, "--out", out).must(1, 2)
    check(not out.exists() or not any(out.iterdir()), "an unmasked pack lies there without a record")


def _unmask_recorded(bench: Bench) -> None:
    workspace = bench.copy(bench.scored)
    bench.fraud(workspace, *_UNMASK, "--out", workspace.parent / "unmasked").must(0)
    found = [entry for entry in audit(workspace, "export") if entry.get("unmasked")]
    check(found, "no line of the audit log says so")
    check("a hearing" in json.dumps(found), "the reason is not recorded")


def _modes(bench: Bench) -> None:
    for workspace in (bench.scored, bench.city):
        open_to = [p for p in workspace.rglob("*") if not p.is_symlink() and stat.S_IMODE(p.stat().st_mode) & 0o077]
        check(not open_to, f"others may use {len(open_to)} files, such as {[p.name for p in open_to[:3]]}")


_KEYS = {"empty": b"", "short": b"0123456789", "zeros": bytes(32), "long": b"0123456789" * 10}


def _export_is_refused(bench: Bench, workspace: Path) -> None:
    out = workspace.parent / "pack"
    bench.fraud(workspace, "cases", "export", "--month", MONTH, "--out", out).must(1, 2)
    check(not out.exists(), "a pack was written")


def _key(content: bytes, bench: Bench) -> None:
    workspace = bench.copy(bench.scored)
    (workspace / "pseudonyms.key").write_bytes(content)
    (workspace / "pseudonyms.key").chmod(0o600)
    _export_is_refused(bench, workspace)


def _key_gone(bench: Bench) -> None:
    workspace = bench.copy(bench.scored)
    (workspace / "pseudonyms.key").unlink()
    _export_is_refused(bench, workspace)


def _key_mode(bench: Bench) -> None:
    workspace = bench.copy(bench.scored)
    (workspace / "pseudonyms.key").chmod(0o644)
    _export_is_refused(bench, workspace)
