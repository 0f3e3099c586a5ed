"""Check of the kept facts: derived from the store, so that what is damaged is made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.facts.seal import is_sealed, kept, seal_of
from fraud.doctor.remark import ok, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fraud.doctor.remark import Patient, Remark


def check_facts(patient: Patient) -> Iterator[Remark]:
    """Hold facts against their seals."""
    found = kept(patient.workspace.facts)
    damaged = [seal_of(path) for path in found if not seal_of(path).is_file()]
    if not patient.quick:
        damaged = damaged_facts(patient.workspace.facts)
    if damaged:
        told = f"{len(damaged):,} of {len(found):,} are not as they were written, or of an earlier version"
        yield wrong(told, "the next job that needs them makes them anew; `fraud doctor --repair` deletes them")
    else:
        yield ok(f"{len(found):,} files" if found else "none yet")


def damaged_facts(folder: Path) -> list[Path]:
    """Return the facts that are not what was written."""
    return [path for path in kept(folder) if not is_sealed(path)]
