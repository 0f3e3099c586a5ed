"""Verify a review pack: recompute its hashes and totals and say what differs from its manifest."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from features.outside import UNREADABLE, first_line, plain_line
from fraud.cases.pack.for_programs import CASES_FILE
from fraud.cases.pack.manifest import MANIFEST, MAX_BYTES, is_pack_manifest, parse_pack_manifest
from fraud.cases.pack.plain_file import digest_plain, read_plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAX_CASES = 1024 * 1024 * 1024
_UNSUMMED: tuple[type[Exception], ...] = (*UNREADABLE, KeyError, TypeError)


def verify_pack(folder: Path) -> tuple[str, ...]:
    """Recompute hashes and totals of a pack: whether its files agree with its manifest.

    Whoever changed both is not noticed here; `recorded_faults` says whether the manifest is the one that went out.

    Returns
    -------
    tuple of str
        What differs, in words; empty where nothing does.

    Raises
    ------
    InputError
        There is no pack.
    """
    manifest = _manifest_of(folder)
    faults = _file_faults(folder, manifest["files"])
    if CASES_FILE in manifest["files"] and not any(fault.startswith(f"{CASES_FILE}:") for fault in faults):
        faults += _total_faults(folder / CASES_FILE, manifest["totals"])
    return tuple(faults)


def _manifest_of(folder: Path) -> dict[str, Any]:
    try:
        manifest = parse_pack_manifest(read_plain(folder / MANIFEST, MAX_BYTES))
        if not is_pack_manifest(manifest):
            raise ValueError("it is not that of a review pack")
        if not all(isinstance(manifest.get(name), dict) for name in ("files", "totals")):
            raise ValueError("its files and totals are no names with values")
    except UNREADABLE as error:
        got = f"no readable manifest ({first_line(error)})"
        raise InputError.of("review pack", plain_line(repr(str(folder))), got, "give its folder") from error
    return manifest


def _file_faults(folder: Path, files: Mapping[str, Any]) -> list[str]:
    faults = []
    for name, digest in sorted(files.items()):
        fault = _file_fault(folder, name, digest)
        if fault:
            faults.append(f"{plain_line(name)}: {fault}")
    try:
        present = {path.name for path in folder.iterdir() if path.name != MANIFEST}
    except OSError as error:
        return [*faults, f"the folder cannot be listed ({first_line(error)})"]
    return [*faults, *(f"{plain_line(name)}: not in the manifest" for name in sorted(present - set(files)))]


def _file_fault(folder: Path, name: str, digest: Any) -> str:
    """Say what is wrong with one file; empty where nothing is."""
    if name in {"", ".", "..", MANIFEST} or "/" in name or "\\" in name or "\0" in name:
        return "no name of a file of the pack"
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        return "without a digest in the manifest"
    try:
        return "" if digest_plain(folder / name) == digest else "changed"
    except FileNotFoundError:
        return "missing"
    except (OSError, ValueError) as error:
        return first_line(error)


def _total_faults(file: Path, totals: Mapping[str, Any]) -> list[str]:
    try:
        cases = json.loads(read_plain(file, _MAX_CASES))
        return [
            f"total of {plain_line(name)}: {total} in {file.name}, {str(totals[name])[:60]} in the manifest"
            for name in sorted(totals)
            if (total := sum({**case, **case["priority"]}[name] for case in cases)) != totals[name]
        ]
    except _UNSUMMED:
        return [f"{file.name}: its totals cannot be read"]
