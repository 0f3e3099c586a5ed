"""Check of the lock: who is writing, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.doctor.remark import note, ok
from fraud.lock import holder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.doctor.remark import Patient, Remark


def check_lock(patient: Patient) -> Iterator[Remark]:
    """Say who holds the workspace now."""
    who = holder(patient.workspace.root)
    if who is None:
        yield ok("no job is writing")
    else:
        yield note(f"a job is writing: {who}", "what it has not finished may look unfinished below")
