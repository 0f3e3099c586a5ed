"""Whose line it is: who did it, who ordered it, who wrote the prescription.

Rules of time and place ask who did it; those of limits and indications who ordered it. Of a drug the one who hands it
out neither prescribed it nor decided on it.
"""

from __future__ import annotations


def done_by(line: str, settlement: str = "") -> str:
    """Return SQL of who did it: the executor, else who ordered it, else, where a settlement is given, who attended.

    Examples
    --------
    >>> done_by("l")
    'coalesce(l.executor_key, l.prescriber_key)'
    """
    return _first(f"{line}.executor_key", f"{line}.prescriber_key", *_attending(settlement))


def ordered_by(line: str, settlement: str) -> str:
    """Return SQL of who ordered it: the prescriber, else the executor, else who attended.

    Examples
    --------
    >>> ordered_by("l", "s")
    'coalesce(l.prescriber_key, l.executor_key, s.attending_practitioner_key)'
    """
    return _first(f"{line}.prescriber_key", f"{line}.executor_key", *_attending(settlement))


def prescribed_by(line: str, settlement: str) -> str:
    """Return SQL of who prescribed a drug: the prescriber, else who attended.

    Examples
    --------
    >>> prescribed_by("l", "s")
    'coalesce(l.prescriber_key, s.attending_practitioner_key)'
    """
    return _first(f"{line}.prescriber_key", *_attending(settlement))


def _attending(settlement: str) -> tuple[str, ...]:
    return (f"{settlement}.attending_practitioner_key",) if settlement else ()


def _first(*keys: str) -> str:
    return f"coalesce({', '.join(keys)})"
