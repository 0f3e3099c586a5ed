"""What costs seconds to make is made by whichever test process needs it first; each works on a copy of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder of this process with what `make` writes into an empty one."""
    base = factory.getbasetemp()
    # Workers of one run have folders side by side.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / f"made-{name}"
    with (shared / f"made-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            being_made = factory.mktemp(f"making-{name}") / name
            being_made.mkdir()
            make(being_made)
            being_made.rename(made)
    own = factory.mktemp(name) / name
    shutil.copytree(made, own, symlinks=True)
    return own
