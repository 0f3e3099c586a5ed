"""The manifest of a review pack: SHA-256 of every file and the totals, so that anybody can recompute them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fraud.cases.case import Case, CasePack

MANIFEST = "manifest.json"
_KIND = "review pack"
_FORMAT = 2


def write_pack_manifest(pack: CasePack, folder: Path, sheets: Mapping[str, int]) -> None:
    """Write the manifest, last of all files.

    Parameters
    ----------
    pack : CasePack
        What the files hold.
    folder : Path
        With all other files of the pack.
    sheets : mapping of str to int
        Rows and totals of the workbook; empty without one.
    """
    manifest = {
        "kind": _KIND,
        "format": _FORMAT,
        "pack_id": pack.pack_id,
        "month": pack.month,
        "lang": pack.lang,
        "unmasked": pack.is_unmasked,
        "run": pack.run,
        "sampling": pack.sampling,
        "cases": len(pack.cases),
        "totals": case_totals(pack.cases),
        "sheets": dict(sheets),
        "files": {path.name: digest_of_file(path) for path in sorted(folder.iterdir())},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_pack_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a folder, of whatever kind it is.

    Raises
    ------
    OSError, ValueError, TypeError
        There is none, or it is not a JSON object.
    """
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if not isinstance(manifest, dict):
        raise TypeError(f"{MANIFEST} is not a JSON object")
    return manifest


def is_pack(folder: Path) -> bool:
    """Whether a folder holds a review pack: a scored month, too, is a folder with a manifest."""
    try:
        return read_pack_manifest(folder).get("kind") == _KIND
    except (OSError, ValueError, TypeError):
        return False


def case_totals(cases: Sequence[Case]) -> dict[str, int]:
    """Add money up over cases, minor units."""
    return {
        "exposure_gross_amount": sum(case.exposure_gross_amount for case in cases),
        "exposure_amount": sum(case.exposure_amount for case in cases),
        "fund_exposure_amount": sum(case.fund_exposure_amount for case in cases),
        "expected_recovery_amount": sum(case.priority.expected_recovery_amount for case in cases),
    }


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
