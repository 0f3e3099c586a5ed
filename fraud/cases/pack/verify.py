"""Verify a review pack: recompute its hashes and totals and say what differs from its manifest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from features.errors import InputError
from fraud.cases.pack.for_programs import CASES_FILE
from fraud.cases.pack.manifest import MANIFEST, digest_of_file, read_pack_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def verify_pack(folder: Path) -> tuple[str, ...]:
    """Recompute hashes and totals of a pack.

    Returns
    -------
    tuple of str
        What differs, in words; empty where nothing does.

    Raises
    ------
    InputError
        There is no pack.
    """
    try:
        manifest = read_pack_manifest(folder)
        files, totals = dict(manifest["files"]), dict(manifest["totals"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        got = f"no readable manifest ({error})"
        raise InputError.of("review pack", f"{str(folder)!r}", got, "give its folder") from error
    faults = _file_faults(folder, files)
    if (folder / CASES_FILE).is_file():
        faults += _total_faults(folder / CASES_FILE, totals)
    return tuple(faults)


def _file_faults(folder: Path, files: Mapping[str, str]) -> list[str]:
    faults = []
    for name, digest in sorted(files.items()):
        path = folder / name
        if path.parent != folder or not path.is_file():
            faults.append(f"{name}: missing")
        elif digest_of_file(path) != digest:
            faults.append(f"{name}: changed")
    present = {path.name for path in folder.iterdir() if path.name != MANIFEST}
    return [*faults, *(f"{name}: not in the manifest" for name in sorted(present - set(files)))]


def _total_faults(file: Path, totals: Mapping[str, int]) -> list[str]:
    try:
        cases = json.loads(file.read_text(encoding="utf-8"))
        sums = {name: sum({**case, **case["priority"]}[name] for case in cases) for name in sorted(totals)}
    except (ValueError, KeyError, TypeError):
        return [f"{file.name}: its totals cannot be read"]
    return [
        f"total of {name}: {value} in {file.name}, {totals[name]} in the manifest"
        for name, value in sums.items()
        if value != totals[name]
    ]
