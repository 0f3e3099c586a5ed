"""Compile the counting loops, with a cache on disk where there is a place for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba

if TYPE_CHECKING:
    from collections.abc import Callable


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function of arrays; without a writable cache folder it is compiled anew in each process."""
    try:
        made: Callable[..., Any] = numba.njit(cache=True)(function)
    except RuntimeError:  # numba found no folder it may write its cache to
        made = numba.njit(function)
    return made
