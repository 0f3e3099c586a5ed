"""Write rows as one part of the store, under the digest of its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.store.part import Part, content_name
from features.durable import to_disk

if TYPE_CHECKING:
    from pathlib import Path

    from features.engine import DuckDBEngine


def write_query(engine: DuckDBEngine, store: Path, folder: str, sql: str) -> Part | None:
    """Write a query under the digest of its bytes; None where it has no rows."""
    target = store / folder
    target.mkdir(parents=True, exist_ok=True)
    waiting = target / "writing.parquet"
    rows = engine.write_parquet(sql, waiting)
    if not rows:
        waiting.unlink()
        if not any(target.iterdir()):
            target.rmdir()
        return None
    name = content_name(waiting)
    # The rows reach the disk before the name that vouches for them.
    to_disk(waiting)
    waiting.replace(target / name)
    to_disk(target)
    return Part(month="", file=f"{folder}/{name}", rows=rows)
