"""Examine a workspace: every check in its order, none stopped by what another finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.errors import InputError, ToolkitError
from features.outside import first_line, plain_line
from fraud.doctor.disk import check_disk
from fraud.doctor.facts import check_facts
from fraud.doctor.lock import check_lock
from fraud.doctor.pending import check_pending
from fraud.doctor.records import check_audit, check_key, check_permissions
from fraud.doctor.registry import check_models
from fraud.doctor.remark import Patient, Remark, refused, wrong
from fraud.doctor.rules import check_rules
from fraud.doctor.runs import check_runs
from fraud.doctor.store import check_store
from fraud.doctor.versions import check_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fraud.workspace import Workspace


@dataclass(frozen=True)
class Check:
    """One check: its name, as remarks are listed under, and what it does."""

    name: str
    remarks: Callable[[Patient], Iterable[Remark]]


CHECKS: tuple[Check, ...] = (
    Check("versions", check_versions),
    Check("lock", check_lock),
    Check("disk", check_disk),
    Check("permissions", check_permissions),
    Check("key", check_key),
    Check("audit log", check_audit),
    Check("store", check_store),
    Check("facts", check_facts),
    Check("rules", check_rules),
    Check("runs", check_runs),
    Check("registry", check_models),
    Check("feedback", check_pending),
)


def examine(
    workspace: Workspace, *, quick: bool = False, progress: Callable[[str], None] | None = None
) -> Mapping[str, tuple[Remark, ...]]:
    """Run every check; nothing is written.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    quick : bool
        Whether to leave digests out.
    progress : callable, optional
        Told how far long checks are.

    Returns
    -------
    mapping of str to tuple of Remark
        By check, in the order of `CHECKS`.

    Raises
    ------
    InputError
        There is no workspace.
    """
    if not workspace.root.is_dir():
        got = "not a folder" if workspace.root.exists() or workspace.root.is_symlink() else "nothing there"
        where = f"at {plain_line(repr(str(workspace.root)))}"
        raise InputError.of("workspace", where, got, "give its folder with --workspace, or run `fraud ingest SOURCE`")
    patient = Patient(workspace, quick, progress or (lambda _: None))
    return {check.name: _remarks(check, patient) for check in CHECKS}


def _remarks(check: Check, patient: Patient) -> tuple[Remark, ...]:
    try:
        return tuple(check.remarks(patient))
    except ToolkitError as error:
        return (refused(error),)
    except Exception as error:  # noqa: BLE001 - whatever one check meets, the others are made and the fault is told
        what = f"not checked: {type(error).__name__}: {first_line(error)}"
        return (wrong(what, "see that the folder can be read, and run it again"),)
