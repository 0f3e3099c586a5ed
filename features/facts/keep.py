"""Keeping of facts: those of a month are written once, and all of them shown on an engine."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from features.claims.versions.effective import EFFECTIVE_VIEWS
from features.claims.versions.standing import standing_digests
from features.errors import ToolkitError
from features.facts import FACTS
from features.facts.seal import is_sealed, remove, write_seal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from features.claims import ClaimsStore
    from features.declare import Fact
    from features.engine import Engine


def ensure_facts(
    store: ClaimsStore,
    engine: Engine,
    months: Sequence[str],
    folder: Path,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Write the facts of months that have none yet, and show all of them as views on the engine.

    A month's facts are kept under the digest of that month's stored rows, and of those that do not stand among all the
    months: a new month reads only its own lines, a corrected month, or one whose bills were replaced since, rewrites
    only its own facts, in place of those it had. Facts that are not what was written, or that
    somebody else put there, are made anew. Engines keep facts of their own: one writes a file, the other a folder.

    Parameters
    ----------
    store : ClaimsStore
        The claims.
    engine : Engine
        Where the SQL runs.
    months : sequence of str
        Months of the store.
    folder : Path
        Where facts are kept; safe to delete at any time.
    progress : callable, optional
        Told of facts that were found damaged.

    Raises
    ------
    ToolkitError
        A part of the store is damaged, or facts cannot be written.
    """
    paths: dict[str, list[Path]] = {fact.name: [] for fact in FACTS}
    store.attach(engine, months=months)
    fallen = standing_digests(engine)
    written = False
    for month in months:
        missing, damaged = [], 0
        for fact in FACTS:
            digest = _digest(store, engine, fact, month, newest=max(months), fallen=fallen.get(month, ""))
            path = folder / fact.name / f"{month}-{engine.dialect.name}-{digest}.parquet"
            paths[fact.name].append(path)
            if not is_sealed(path):
                missing.append((fact, path))
                damaged += path.exists() or path.is_symlink()
        if damaged and progress is not None:
            progress(f"facts of {month}: {damaged} of {len(FACTS)} not as they were written; made anew")
        if missing:
            store.attach_months(engine, [month])
            written = True
        for fact, path in missing:
            _write(engine, fact, path)
    if written:
        store.attach_months(engine, months)
    for fact in FACTS:
        engine.read_parquet_view(fact.name, paths[fact.name])


def _digest(store: ClaimsStore, engine: Engine, fact: Fact, month: str, *, newest: str, fallen: str) -> str:
    """Digest of all that a month's fact is made of: rows, which of them fell, registers as seen, its statements."""
    registers = store.dimension_digest(*fact.registers, month=newest) if fact.registers else ""
    reads_views = any(name in fact.sql for name, _ in EFFECTIVE_VIEWS)
    views = "".join(sql for _, sql in EFFECTIVE_VIEWS) if reads_views else ""
    text = f"{engine.dialect.name}\0{store.month_digest(month)}\0{fact.sql}{registers}{views}{fallen}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _write(engine: Engine, fact: Fact, path: Path) -> None:
    """Write a fact under a name that nobody reads, then give it its own and delete what it takes the place of."""
    waiting = path.with_suffix(".writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _delete_others(path)
        engine.write_fact(fact.sql, fact.key, waiting)
        waiting.replace(path)
        write_seal(path)
    except OSError as error:
        with suppress(OSError):
            remove(waiting)
        hint = "free space, make the folder writable, or delete it: facts are made anew"
        raise ToolkitError(f"facts at {path.parent}: not written ({error.strerror}). Hint: {hint}") from error


def _delete_others(path: Path) -> None:
    """Delete what the same engine kept of the same fact and month, and what a killed job left of it."""
    kin, _, _ = path.name.rpartition("-")
    for old in path.parent.glob(f"{kin}-*"):
        remove(old)
