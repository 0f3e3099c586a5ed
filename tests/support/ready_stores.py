"""Small stores that were made before in this process: equal sources are ingested once, each test works on a copy."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Beyond it reading and copying cost what they save.
_MOST_BYTES = 1_000_000


def ready_store(source: Path, store: Path, make: Callable[[], None]) -> None:
    """Put a store of a source into its folder: a copy of what `make` once wrote there for an equal source."""
    files = sorted(source.iterdir())
    is_small = all(file.is_file() for file in files) and sum(file.stat().st_size for file in files) <= _MOST_BYTES
    if store.exists() or not is_small:
        make()
        return
    content = [(file.name, file.read_bytes()) for file in files]
    kept = _shelf() / hashlib.sha256(repr(content).encode()).hexdigest()
    if kept.exists():
        shutil.copytree(kept, store, symlinks=True)
        return
    make()
    part = kept.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(store, part, symlinks=True)
    part.rename(kept)


@cache
def _shelf() -> Path:
    shelf = Path(tempfile.mkdtemp(prefix="ready-stores-"))
    atexit.register(shutil.rmtree, shelf, ignore_errors=True)
    return shelf
