"""Compile the counting loops, with a cache on disk where there is a place for one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba

if TYPE_CHECKING:
    from collections.abc import Callable


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


# The cache of a function looks at its own file only, though loops of other files are compiled into it.
# The digest of them all in the function's name gives each state of the sources a cache of its own.
_STATE = _digest_of_sources()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function of arrays; without a writable cache folder it is compiled anew in each process."""
    function.__qualname__ = f"{function.__qualname__}_{_STATE}"
    try:
        made: Callable[..., Any] = numba.njit(cache=True)(function)
    except RuntimeError:  # numba found no folder it may write its cache to
        made = numba.njit(function)
    return made
