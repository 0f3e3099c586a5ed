"""Check of the rules: whether the payer's own can be read and run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.doctor.remark import ok
from fraud.rules import library_rules, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.doctor.remark import Patient, Remark


def check_rules(patient: Patient) -> Iterator[Remark]:
    """Read all rules and try the payer's own on empty tables: one that is broken stops every job that runs rules."""
    ours = set(library_rules())
    n_own = sum(rule not in ours for rule in rules_of(patient.workspace))
    yield ok(f"all can be run; {n_own} of the payer's own" if n_own else "all can be run")
