"""Check of returned decisions: an import that was broken off half-way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.cases.life.pending import FILE
from fraud.doctor.remark import ok, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.doctor.remark import Patient, Remark


def check_pending(patient: Patient) -> Iterator[Remark]:
    """Look for the journal that an import leaves until it is whole."""
    if (patient.workspace.cases / FILE).exists():
        hint = "`fraud doctor --repair` finishes it, as does the next `fraud feedback import`"
        yield wrong("an import of decisions was broken off", hint)
    else:
        yield ok("no import is unfinished")
