"""The audit log: who did what and when, each line chained to the one before under the workspace's key."""

from __future__ import annotations

import fcntl
import hmac
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fraud.durable import append_all, json_line, parsed_object
from fraud.workspace_key import keyed_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PURPOSE = "audit"
_CHAIN = "chain"
_TAIL_BYTES = 1 << 20
# What is wrong with a line.
UNCHAINED, CHANGED = "without chain", "changed, or not after the line it was written after"


@dataclass(frozen=True)
class AuditLog:
    """What a log holds.

    Parameters
    ----------
    entries : tuple of dict
        Lines whose chain holds, oldest first, without the chain.
    faults : tuple of str
        Lines that were changed, cut, moved or inserted, in words; empty where the chain holds.
    n_unchained : int
        Lines at the beginning from before logs were chained; they prove nothing.
    """

    entries: tuple[dict[str, Any], ...]
    faults: tuple[str, ...]
    n_unchained: int


def append_entry(log: Path, key: bytes, action: str, facts: Mapping[str, Any]) -> None:
    """Append one line and make it durable; never a row of data.

    Parameters
    ----------
    log : Path
        The file; made readable by its owner alone.
    key : bytes
        Of the workspace.
    action : str
        What was done.
    facts : mapping
        JSON values.

    Raises
    ------
    OSError
        The line could not be written: what it would have recorded must not happen.
    """
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": os.environ.get("USER", "unknown"),
        "action": action,
        **facts,
    }
    descriptor = os.open(log, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        # Two commands may record at once; the chain needs one order.
        fcntl.flock(file, fcntl.LOCK_EX)
        last, is_torn = _last_line(file)
        entry[_CHAIN] = _chain(key, _chain_of(last), entry)
        append_all(file.fileno(), (b"\n" if is_torn else b"") + json_line(entry))


def is_key_of(log: Path, key: bytes) -> bool:
    """Whether the log was begun under the key: its first chained line says; a log without one says nothing against."""
    first = next((entry for _, entry in _lines(log) if entry is not None and _CHAIN in entry), None)
    return first is None or hmac.compare_digest(str(first[_CHAIN]), _chain(key, "", first))


def read_audit(log: Path, key: bytes) -> AuditLog:
    """Read a log and check its chain.

    A cut end cannot be seen by the chain; keep a copy elsewhere, or note the last line's `chain` there.
    """
    entries, faults, n_unchained, before = [], [], 0, ""
    for number, entry in _lines(log):
        if entry is None:
            faults.append(f"line {number}: not readable")
            continue
        if _CHAIN not in entry:
            if before:
                faults.append(f"line {number}: {UNCHAINED}")
            n_unchained += not before
            continue
        is_next = hmac.compare_digest(str(entry[_CHAIN]), _chain(key, before, entry))
        before = str(entry[_CHAIN])
        if is_next:
            entries.append({name: value for name, value in entry.items() if name != _CHAIN})
        else:
            faults.append(f"line {number}: {CHANGED}")
    return AuditLog(tuple(entries), tuple(faults), n_unchained)


def _lines(log: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    if not log.is_file():
        return
    with log.open("rb") as file:
        for number, line in enumerate(file, start=1):
            yield number, parsed_object(line)


def _last_line(file: Any) -> tuple[bytes, bool]:
    """Return the last whole line that can be read, and whether the file ends within a line (a write was killed)."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _TAIL_BYTES, 0))
    tail = file.read()
    last = next((line for line in reversed(tail.split(b"\n")) if parsed_object(line) is not None), b"")
    return last, bool(tail) and not tail.endswith(b"\n")


def _chain_of(line: bytes) -> str:
    return str((parsed_object(line) or {}).get(_CHAIN, ""))


def _chain(key: bytes, before: str, entry: Mapping[str, Any]) -> str:
    told = {name: value for name, value in entry.items() if name != _CHAIN}
    return keyed_digest(key, _PURPOSE, before, json.dumps(told, ensure_ascii=False, sort_keys=True))
