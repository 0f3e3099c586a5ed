"""What a reader of a workspace can see, read from its files by the plainest means."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import TYPE_CHECKING, Any

import duckdb

from tests.hard.bench import run_tables, store_files

if TYPE_CHECKING:
    from pathlib import Path

# What says when a version was made, or carries the number of a run.
_PASSING = ("run", "time", "sha256", "_at", "version", "id")


def seen(workspace: Path) -> dict[str, Any]:
    """Return everything that two undisturbed runs of the same jobs have in common."""
    return {
        "store": store_files(workspace),
        "runs": run_tables(workspace),
        "packs": packs(workspace),
        "labels": labels(workspace),
        "events": events(workspace),
        "models": models(workspace),
        "champion": champion(workspace),
    }


def packs(workspace: Path) -> dict[str, str]:
    """Digest of the cases of every pack."""
    found = sorted((workspace / "cases").glob("*/cases.json"))
    # What begins with a dot is being written; no reader looks for it.
    whole = [path for path in found if not path.parent.name.startswith(".")]
    return {path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in whole}


def labels(workspace: Path) -> list[tuple[str, ...]]:
    """Decisions in the store."""
    files = [str(workspace / "store" / file) for file in store_files(workspace).get("labels", [])]
    if not files:
        return []
    rows = duckdb.sql(f"select subject_type, decision, cast(decided_date as varchar) from read_parquet({files})")
    return sorted(tuple(map(str, row)) for row in rows.fetchall())


def events(workspace: Path) -> list[str]:
    """Decided events without their times, one each; a line that cannot be read is seen as such."""
    path = workspace / "cases" / "events.jsonl"
    found = []
    for line in path.read_text("utf-8", "replace").splitlines() if path.exists() else ():
        try:
            event = json.loads(line)
        except ValueError:
            found.append(f"unreadable: {line[:40]}")
            continue
        told = {key: value for key, value in event.items() if key not in ("at", "label_id", "source")}
        found.append(json.dumps(told, sort_keys=True))
    return sorted(found)


def models(workspace: Path) -> dict[str, Any]:
    """What each alias of the registry stands for: tags of its version, without what differs between equal trainings."""
    database = workspace / "mlflow.db"
    if not database.exists():
        return {}
    with sqlite3.connect(database) as connection:
        aliases = connection.execute("select name, alias, version from registered_model_aliases").fetchall()
        tags = connection.execute("select name, version, key, value from model_version_tags").fetchall()
    connection.close()
    return {
        f"{name} {alias}": sorted(
            (key, value)
            for named, numbered, key, value in tags
            if (named, int(numbered)) == (name, int(version)) and not any(word in key for word in _PASSING)
        )
        for name, alias, version in aliases
    }


def champion(workspace: Path) -> int | None:
    """Return the number of the patients' champion, as the registry's alias says; None without a registry."""
    if not (workspace / "mlflow.db").exists():
        return None
    with sqlite3.connect(workspace / "mlflow.db") as connection:
        sql = "select version from registered_model_aliases where alias = 'champion' and name = 'fraud-patient'"
        row = connection.execute(sql).fetchone()
    connection.close()
    return int(row[0]) if row else None


def audit(workspace: Path, action: str) -> list[dict[str, Any]]:
    """Return the lines of the audit log on an action; torn lines left out."""
    path = workspace / "audit.jsonl"
    found = []
    for line in path.read_text("utf-8", "replace").splitlines() if path.exists() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if action in entry.get("action", ""):
            found.append(entry)
    return found


def differing(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Name what differs between two states, empty where nothing does."""
    found = []
    for part in sorted({*one, *other}):
        left, right = one.get(part), other.get(part)
        if left == right:
            continue
        if isinstance(left, dict) and isinstance(right, dict):
            keys = sorted(key for key in {*left, *right} if left.get(key) != right.get(key))
            found.append(f"{part}: {', '.join(map(str, keys[:4]))}")
        elif isinstance(left, list) and isinstance(right, list):
            found.append(f"{part}: {len(left)} against {len(right)}")
        else:
            found.append(f"{part}: {left} against {right}")
    return "; ".join(found)
