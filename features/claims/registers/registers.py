"""Registers: tables without months, kept as whole snapshots by the month from which each was known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.contract import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.claims.store.part import Part

# Decisions have days of their own, and later ones that take their place: they are added, never updated.
REGISTERS = tuple(name for name, table in TABLES.items() if not table.has_month and name != "labels")


def snapshots(parts: Iterable[Part]) -> dict[str, tuple[Part, ...]]:
    """Group parts by the month from which they were known, in order."""
    found: dict[str, tuple[Part, ...]] = {}
    for part in sorted(parts):
        found[part.month] = (*found.get(part.month, ()), part)
    return found


def in_force(months: Iterable[str], month: str | None) -> str | None:
    """Return the snapshot that is seen in a month: its own or the newest before it, else the earliest.

    Examples
    --------
    >>> in_force(["2026-02", "2026-04"], "2026-03"), in_force(["2026-02", "2026-04"], "2026-01")
    ('2026-02', '2026-02')
    >>> in_force(["2026-02", "2026-04"], None), in_force([], "2026-03")
    ('2026-04', None)
    """
    known = sorted(set(months))
    before = [each for each in known if month is None or each <= month]
    return before[-1] if before else known[0] if known else None


def seen(parts: Iterable[Part], month: str | None) -> tuple[Part, ...]:
    """Return the parts of a register as it is seen in a month, or as it was known last."""
    found = snapshots(parts)
    wanted = in_force(found, month)
    return () if wanted is None else found[wanted]


def told_apart(parts: Iterable[Part]) -> list[str]:
    """Name what a register ever was: its files, from the second snapshot on with their months, repeats left out."""
    told: list[str] = []
    before: list[str] = []
    for month, own in snapshots(parts).items():
        files = [part.file for part in own]
        if files != before:
            told += files if not before else [f"{month} {file}" for file in files]
        before = files
    return told
