"""The manifest of a review pack: SHA-256 of every file and the totals, so that anybody can recompute them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from features.outside import parse_json
from fraud.cases.pack.plain_file import read_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fraud.cases.case import Case, CasePack

MANIFEST = "manifest.json"
_KIND = "review pack"
_FORMAT = 2
MAX_BYTES = 8 * 1024 * 1024


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
        "pseudonyms": pack.scope.as_dict(),
        "run": pack.run,
        "sampling": pack.sampling,
        "cases": len(pack.cases),
        "totals": case_totals(pack.cases),
        "gaps": [{"kind": gap.kind, "rule": gap.rule, "says": gap.says.of(pack.lang)} for gap in pack.gaps],
        "sheets": dict(sheets),
        "files": {path.name: digest_of_file(path) for path in sorted(folder.iterdir())},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def parse_pack_manifest(content: bytes) -> dict[str, Any]:
    """Parse the manifest of a folder, of whatever kind it is.

    Raises
    ------
    ValueError
        It is not a JSON object within bounds.
    """
    try:
        manifest = parse_json(content.decode("utf-8"), "it", "as JSON", "export the pack again")
    except InputError as error:
        raise ValueError(str(error)) from error
    if not isinstance(manifest, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - said of the file, not of an argument
    return manifest


def is_pack_manifest(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest is that of a review pack: a scored month has one of another kind."""
    return manifest.get("kind") == _KIND


def is_pack(folder: Path) -> bool:
    """Whether a folder holds a review pack."""
    try:
        return is_pack_manifest(parse_pack_manifest(read_plain(folder / MANIFEST, MAX_BYTES)))
    except (OSError, ValueError):
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
