"""Scored months without a person: tables are written anew, and the month's link moves to them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pandas as pd

from fraud.runs.manifest import MANIFEST, Manifest, describe_outputs
from fraud.runs.publish import discard, publish, staged
from fraud.runs.tables import output_tables, read_output, write_output

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from fraud.workspace import Workspace

PATIENT = "patient"


def rows_of_person(folder: Path, person_id: str, settlement_ids: AbstractSet[str]) -> dict[str, int]:
    """Count the rows of a scored month that are about a person or one of the person's settlements, by table."""
    tables = _tables(folder)
    lost = _lost(tables, person_id, settlement_ids)
    return {name: int(gone.sum()) for name, gone in lost.items() if gone.any()}


def erase_from_runs(workspace: Workspace, person_id: str, settlement_ids: AbstractSet[str]) -> None:
    """Publish every scored month that holds the person anew without it, and delete all older versions that do.

    The caller holds the workspace as its one writer. A version's manifest names the digests of the new tables; what
    it says of the claims is what they were, so that the month can no longer be replayed.
    """
    linked = {link.resolve() for link in workspace.runs.glob("????-??") if link.is_symlink()}
    for version in sorted(workspace.versions.glob("????-??-*")):
        if not rows_of_person(version, person_id, settlement_ids):
            continue
        if version.resolve() in linked:
            _publish_without(workspace, version, person_id, settlement_ids)
        discard(workspace, version)


def _publish_without(workspace: Workspace, version: Path, person_id: str, settlement_ids: AbstractSet[str]) -> None:
    manifest = Manifest.read(version)
    with staged(workspace, manifest.month) as folder:
        tables = _tables(version)
        lost = _lost(tables, person_id, settlement_ids)
        for file in sorted(version.iterdir()):
            if file.name != MANIFEST and file.stem not in tables:
                shutil.copyfile(file, folder / file.name)
        for name, frame in tables.items():
            write_output(frame[~lost[name]].reset_index(drop=True), name, folder)
        manifest.model_copy(update={"outputs": describe_outputs(folder)}).write(folder)
        # The old version goes by itself: it must not stay among those kept.
        publish(workspace, manifest.month, folder, keep=1_000_000)


def _tables(folder: Path) -> dict[str, pd.DataFrame]:
    return {name: read_output(folder, name) for name in output_tables() if (folder / f"{name}.parquet").is_file()}


def _lost(tables: dict[str, pd.DataFrame], person_id: str, settlement_ids: AbstractSet[str]) -> dict[str, pd.Series]:
    """Say of every row of every table whether it goes."""
    findings = tables["findings"]
    gone = set(findings.loc[_is_subject(findings, "subject", person_id), "finding_id"])
    return {
        name: _lost_rows(frame, person_id, settlement_ids, gone if name in {"findings", "finding_lines"} else set())
        for name, frame in tables.items()
    }


def _lost_rows(
    frame: pd.DataFrame, person_id: str, settlement_ids: AbstractSet[str], finding_ids: AbstractSet[str]
) -> pd.Series:
    lost = pd.Series(data=False, index=frame.index)
    columns = set(frame.columns)
    if "person_id" in columns:
        lost |= frame["person_id"] == person_id
    for kind in ("subject", "member"):
        if {f"{kind}_type", f"{kind}_id"} <= columns:
            lost |= _is_subject(frame, kind, person_id)
    if {"source_id", "target_id"} <= columns:
        lost |= (frame["source_id"] == person_id) | (frame["target_id"] == person_id)
    if "settlement_id" in columns:
        lost |= frame["settlement_id"].isin(settlement_ids)
    if finding_ids:
        lost |= frame["finding_id"].isin(finding_ids)
    return lost.astype(bool)


def _is_subject(frame: pd.DataFrame, kind: str, person_id: str) -> pd.Series:
    found: pd.Series = (frame[f"{kind}_type"] == PATIENT) & (frame[f"{kind}_id"] == person_id)
    return found
