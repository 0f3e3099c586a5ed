"""Checks of what guards persons: permissions, the key, and the audit log that is chained under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.audit import read_audit
from fraud.doctor.remark import note, ok, wrong
from fraud.permissions import loose_files
from fraud.workspace_key import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.doctor.remark import Patient, Remark

_MOST_SHOWN = 10


def check_permissions(patient: Patient) -> Iterator[Remark]:
    """Look for files that others than the owner may read or write."""
    root = patient.workspace.root
    loose = loose_files(root)
    if loose:
        named = ", ".join(path.relative_to(root).as_posix() for path in loose[:3])
        hint = "`fraud doctor --repair` leaves them to their owner alone"
        yield wrong(f"{len(loose):,} files and folders are open to others than their owner (first: {named})", hint)
    else:
        yield ok("files are their owner's alone")


def check_key(patient: Patient) -> Iterator[Remark]:
    """Look at the key without making one."""
    path = patient.workspace.root / FILE_NAME
    if path.is_symlink() or path.exists():
        patient.workspace.key()
        yield ok("the key is there, whole and its owner's alone")
    elif patient.workspace.audit_log.exists():
        hint = f"restore {FILE_NAME} from a backup: without it no pseudonym can be resolved"
        yield wrong(f"{FILE_NAME} is gone, but jobs have run here", hint)
    else:
        yield ok("none yet; the first job that needs one makes it")


def check_audit(patient: Patient) -> Iterator[Remark]:
    """Follow the chain of the audit log."""
    workspace = patient.workspace
    if not workspace.audit_log.exists():
        yield ok("none yet")
        return
    if not (workspace.root / FILE_NAME).exists():
        yield wrong("not checked: there is no key", f"restore {FILE_NAME} from a backup")
        return
    found = read_audit(workspace.audit_log, workspace.key())
    hint = "compare it with a backup; who can write the file can change it"
    for fault in found.faults[:_MOST_SHOWN]:
        yield wrong(fault, hint)
    if len(found.faults) > _MOST_SHOWN:
        yield wrong(f"{len(found.faults) - _MOST_SHOWN:,} further lines", hint)
    if found.n_unchained:
        yield note(f"{found.n_unchained:,} lines of before logs were chained: they prove nothing", "keep a backup")
    if not found.faults:
        yield ok(f"{len(found.entries):,} lines, the chain holds")
