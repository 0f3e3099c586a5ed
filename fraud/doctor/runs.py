"""Check of scored months: links, versions, manifests, and every table against its digest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.errors import ToolkitError
from features.vocabulary.months import MONTH_PATTERN
from fraud.doctor.remark import note, ok, refused, wrong
from fraud.runs.manifest import Manifest, OlderFormat, describe_outputs
from fraud.runs.publish import finished_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fraud.doctor.remark import Patient, Remark
    from fraud.workspace import Workspace

_VERSION = re.compile(rf"({MONTH_PATTERN.pattern})-[0-9a-f]{{12}}")


def check_runs(patient: Patient) -> Iterator[Remark]:
    """Follow every link, and hold every version against its name and its manifest."""
    workspace = patient.workspace
    faults = list(_link_faults(workspace))
    links = sorted(workspace.runs.glob("????-??"))
    current = {path.resolve().name for path in links}
    versions = sorted(workspace.versions.iterdir()) if workspace.versions.is_dir() else []
    for path in versions:
        patient.tell(f"runs: {path.name}")
        faults += _version_remarks(path, quick=patient.quick, is_current=path.name in current)
    yield from faults
    for month, found in sorted(unlinked(workspace).items()):
        mend = "`fraud doctor --repair` makes it" if len(found) == 1 else f"score it with `fraud score --month {month}`"
        yield wrong(f"month {month} has {len(found)} versions and no link: it was copied without links", mend)
    if not faults:
        yield ok(f"{len(links):,} months, {len(versions):,} versions" if links else "no month is scored yet")


def unlinked(workspace: Workspace) -> dict[str, list[Path]]:
    """Return the versions of months that have no link, by month."""
    found: dict[str, list[Path]] = {}
    for path in sorted(workspace.versions.glob("????-??-????????????")):
        month = _VERSION.fullmatch(path.name)
        link = workspace.runs / month[1] if month else None
        if month and link is not None and not link.is_symlink() and not link.exists():
            found.setdefault(month[1], []).append(path)
    return found


def folders_for_links(workspace: Workspace) -> list[Path]:
    """Return folders in the place of links, as copying without links makes them."""
    return sorted(
        path
        for path in workspace.runs.glob("????-??")
        if path.is_dir() and not path.is_symlink() and MONTH_PATTERN.fullmatch(path.name)
    )


def _link_faults(workspace: Workspace) -> Iterator[Remark]:
    folders = set(folders_for_links(workspace))
    for path in sorted(workspace.runs.iterdir()) if workspace.runs.is_dir() else []:
        if path in folders:
            hint = "`fraud doctor --repair` makes the link again"
            yield wrong(f"month {path.name} is a folder, not the link to a version: it was copied without links", hint)
        elif not MONTH_PATTERN.fullmatch(path.name) or not path.is_symlink():
            yield note(f"{path.name!r} in {workspace.runs.name} is no scored month", "move it elsewhere")
        else:
            try:
                workspace.is_scored(path.name)
            except ToolkitError as error:
                yield refused(error)


def _version_remarks(path: Path, *, quick: bool, is_current: bool) -> Iterator[Remark]:
    name = f"version {path.name}"
    found = _VERSION.fullmatch(path.name)
    if found is None or path.is_symlink() or not path.is_dir():
        yield note(f"{path.name!r} in versions is no version of a month", "move it elsewhere")
        return
    again = f"score the month again with `fraud score --month {found[1]}`"
    hint = f"{again if is_current else 'delete the folder'}, or restore it from a backup"
    try:
        manifest = Manifest.read(path)
        if finished_version(found[1], path) != path.name:
            yield wrong(f"{name}: manifest.json is not the one it was named after", hint)
    except OlderFormat as error:
        yield note(f"{name}: {str(error).partition('. Hint: ')[0]}", str(error).partition(". Hint: ")[2])
        return
    except ToolkitError as error:
        yield wrong(f"{name}: {str(error).partition('. Hint: ')[0]}", hint)
        return
    gone = [table for table in manifest.outputs if not (path / f"{table}.parquet").is_file()]
    if gone:
        yield wrong(f"{name}: {', '.join(gone)} missing", hint)
    if quick:
        return
    try:
        now = describe_outputs(path)
    except (OSError, ValueError):  # pyarrow's errors are of these
        yield wrong(f"{name}: a table is not readable Parquet", hint)
        return
    changed = [table for table in now if now[table] != manifest.outputs.get(table)]
    if changed:
        yield wrong(f"{name}: {', '.join(changed)} not what was published", hint)
