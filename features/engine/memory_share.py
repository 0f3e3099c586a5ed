"""The engine's share of a memory limit: what the rest of the process leaves of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]i?B)", re.IGNORECASE)
# Below it an engine ends no statement on a city, whatever else the process holds.
_LEAST = 256 * 10**6
_STATM = Path("/proc/self/statm")


def in_bytes(amount: str) -> int | None:
    """Return an amount of memory as bytes; None for what DuckDB may understand and we do not.

    Examples
    --------
    >>> in_bytes("4GB"), in_bytes("0.5 GiB"), in_bytes("80%")
    (4000000000, 536870912, None)
    """
    found = _AMOUNT.fullmatch(amount.strip())
    return None if found is None else int(float(found[1]) * _UNITS[found[2].upper()])


def resident_bytes() -> int:
    """Return what the process holds in memory now; zero where the system does not say."""
    try:
        return int(_STATM.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def engine_share(limit: int, outside: int) -> int:
    """Return how much of a limit an engine may take: what others in the process leave, and half of it at least.

    Parameters
    ----------
    limit : int
        Of the process, bytes.
    outside : int
        What the process holds beside the engine, bytes.

    Examples
    --------
    >>> [engine_share(4_000, outside) for outside in (0, 500, 3_000)], engine_share(300_000_000, 200_000_000)
    ([4000, 4000, 4000], 256000000)
    >>> engine_share(4 * 10**9, 10**9), engine_share(4 * 10**9, 3 * 10**9)
    (3000000000, 2000000000)
    """
    return max(limit - outside, min(limit, max(limit // 2, _LEAST)))
