"""Erase a person on request, from everything a workspace holds, with a record that does not name the person."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.claims import ClaimsStore
from features.claims.store.erase import erase_from_store, find_person
from features.claims.store.write import remove_orphans
from features.errors import InputError
from fraud.audit import read_audit
from fraud.cases.life.pending import finish_import
from fraud.cases.pack.manifest import MANIFEST, digest_of_file
from fraud.erasure.case_files import case_rows, erase_from_case_files, packs_with
from fraud.runs.publish import refuse_folder
from fraud.runs.without_person import erase_from_runs, rows_of_person
from fraud.workspace_key import keyed_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.claims.store.erase import PersonInStore
    from fraud.settings import Settings
    from fraud.workspace import Workspace

_PURPOSE = "erasure"


@dataclass(frozen=True)
class Erased:
    """What was removed about a person, or would be.

    Parameters
    ----------
    person : str
        The person, by a digest under the workspace's key: whoever has id and key can show what was done.
    removed : mapping of str to int
        Rows by place: tables of the store, `<version>/<table>` of scored months, `packs`, `records of
        packs`, `events`, `returned rows`.
    packs_elsewhere : tuple of str
        SHA-256 of the manifests of recorded packs that do not lie in the workspace: nobody knows whom they show.
    """

    person: str
    removed: Mapping[str, int]
    packs_elsewhere: tuple[str, ...]


def erase_person(
    workspace: Workspace, person_id: str, reason: str, *, settings: Settings, dry_run: bool = False
) -> Erased:
    """Remove a person's rows from the store, scored months, packs, quarantine, labels and history of cases.

    Everything is removed in an order in which a run that was broken off can be repeated: the store, which knows
    the person's settlements, comes last. Facts are deleted, since they are built again. Models are not changed:
    nothing in them is a row. The caller holds the workspace as its one writer.

    Parameters
    ----------
    workspace : Workspace
        Holds everything.
    person_id : str
        As in the claims.
    reason : str
        Why; recorded, so it names nobody.
    settings : Settings
        Limits of the engine.
    dry_run : bool
        Only say what would be removed.

    Raises
    ------
    InputError
        There is no reason, the reason names the person, or the workspace holds nothing about the person.
    ToolkitError
        The erasure cannot be recorded, or a month was copied without its link; nothing was removed.
    """
    if not reason.strip() or person_id in reason:
        got = "names the person" if reason.strip() else "empty"
        raise InputError.of("--reason", "of an erasure", got, "say why without naming anybody; it is recorded")
    store = ClaimsStore.open(workspace.store)
    for link in workspace.runs.glob("????-??"):
        refuse_folder(link)
    if not dry_run:
        finish_import(workspace)
        # What an erasure that was broken off had replaced and not yet deleted.
        remove_orphans(workspace.store, store.catalog)
    key = workspace.key()
    person = keyed_digest(key, _PURPOSE, person_id)
    entries = read_audit(workspace.audit_log, key).entries
    with settings.engine.open() as engine:
        found = find_person(engine, store, person_id)
        told = Erased(person, _count(workspace, found), _packs_elsewhere(workspace, entries))
        if not told.removed and not dry_run and _is_begun(entries, person):
            # It was broken off when everything was removed.
            workspace.record("erase", person=person, reason=reason, removed={}, resumed=True)
            return told
        if not told.removed:
            where = f"in {workspace.root}"
            raise InputError.of("person", where, "nothing is held about it", "give the id as it is in the claims")
        if dry_run:
            return told
        workspace.record("erase begun", person=person, reason=reason, rows=sum(told.removed.values()))
        erase_from_runs(workspace, person_id, set(found.settlement_ids))
        erase_from_case_files(workspace, found)
        if workspace.facts.is_dir():
            shutil.rmtree(workspace.facts)
        workspace.remove_half_written()
        erase_from_store(engine, store)
    workspace.record("erase", person=person, reason=reason, removed=dict(told.removed))
    return told


def _count(workspace: Workspace, found: PersonInStore) -> dict[str, int]:
    removed = dict(found.rows)
    settlements = set(found.settlement_ids)
    for version in sorted(workspace.versions.glob("????-??-*")):
        rows = rows_of_person(version, found.person_id, settlements)
        removed |= {f"{version.name}/{table}": n for table, n in rows.items()}
    packs = packs_with(workspace, found)
    return removed | ({"packs": len(packs)} if packs else {}) | case_rows(workspace, found)


def _is_begun(entries: Sequence[Mapping[str, Any]], person: str) -> bool:
    """Whether the last that the audit log says of a person's erasure is that it was begun."""
    told = [entry["action"] for entry in entries if entry.get("person") == person]
    return told[-1:] == ["erase begun"]


def _packs_elsewhere(workspace: Workspace, entries: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    here = {digest_of_file(path) for path in workspace.cases.glob(f"*/{MANIFEST}")}
    recorded = [str(e["manifest_sha256"]) for e in entries if e["action"] == "cases export" and "manifest_sha256" in e]
    return tuple(dict.fromkeys(digest for digest in recorded if digest not in here))
