"""What went out: the locked cells of every issued case, kept in the workspace under a name that signs them.

A pack's id is a digest of its record under the workspace's key. Who changes the record cannot make an id that fits,
so decisions that come back are held against what was really issued.
"""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from features.outside import read_bytes
from fraud.cases.cell_text import text_of
from fraud.cases.summary_columns import SUMMARY_COLUMNS, SummaryRow
from fraud.durable import write_whole
from fraud.workspace_key import keyed_digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fraud.cases.case import Case, CasePack
    from fraud.workspace import Workspace

_PURPOSE = "issued pack"
_PACK_ID = re.compile(r"P-[0-9a-f]{16}")
_MAX_BYTES = 256 * 1024 * 1024
# Prose is not held: spreadsheets rewrite line ends and control characters, and nothing is read back from it.
_NOT_HELD = {"place", "subject_name", "pack_id"}
HELD = tuple(
    column
    for column in SUMMARY_COLUMNS
    if column.value is not None and not column.is_answer and column.kind != "long" and column.name not in _NOT_HELD
)


@dataclass(frozen=True)
class IssuedCase:
    """One case as it went out: its locked cells as texts of the contract, and its findings as shown."""

    cells: Mapping[str, str]
    findings: tuple[str, ...]


@dataclass(frozen=True)
class IssuedPack:
    """One pack as it went out: its id, its month, and its cases by their ids."""

    pack_id: str
    month: str
    cases: Mapping[str, IssuedCase]


def named_pack(pack: CasePack, key: bytes) -> CasePack:
    """Give a pack its id, which follows from what goes out and the workspace's key."""
    return replace(pack, pack_id=_pack_id(_record(pack), key))


def keep_issued(workspace: Workspace, pack: CasePack) -> None:
    """Keep what a pack says of its cases; before the pack itself gets its place.

    Parameters
    ----------
    workspace : Workspace
        Held by the caller as its one writer.
    pack : CasePack
        From `named_pack`.
    """
    write_whole(_path(workspace, pack.pack_id), _record(pack).encode())


class IssuedPacks:
    """Packs that a workspace issued, each read when it is first asked for.

    Parameters
    ----------
    workspace : Workspace
        Its key tells whether a record is as it was written.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._key = workspace.key()
        self._read: dict[str, IssuedPack | None] = {}

    def named(self, pack_id: str) -> IssuedPack | None:
        """Return the pack of an id; None where there is none whose record is unchanged."""
        if not _PACK_ID.fullmatch(pack_id):
            return None
        if pack_id not in self._read:
            self._read[pack_id] = _read_pack(_path(self._workspace, pack_id), self._key)
        return self._read[pack_id]

    def holding(self, case_id: str) -> tuple[IssuedPack, ...]:
        """Return the packs that hold a case, in the order of their ids."""
        return tuple(pack for pack in self._all if case_id in pack.cases)

    @cached_property
    def _all(self) -> tuple[IssuedPack, ...]:
        names = sorted(path.stem for path in _path(self._workspace, "P").parent.glob("P-*.json"))
        return tuple(pack for name in names if (pack := self.named(name)) is not None)


def _path(workspace: Workspace, pack_id: str) -> Path:
    return workspace.cases / "issued" / f"{pack_id}.json"


def _pack_id(record: str, key: bytes) -> str:
    return f"P-{keyed_digest(key, _PURPOSE, record)[:16]}"


def _record(pack: CasePack) -> str:
    told = {
        "month": pack.month,
        "lang": pack.lang,
        "unmasked": pack.is_unmasked,
        "run": pack.run,
        "cases": {
            case.case_id: {
                "cells": _cells(case, pack.lang),
                "findings": [finding.finding_id for finding in case.findings],
            }
            for case in pack.cases
        },
    }
    return json.dumps(told, sort_keys=True) + "\n"


def _cells(case: Case, lang: str) -> dict[str, str]:
    row = SummaryRow(case, 0, lang)
    return {column.name: _text(column.name, column.kind, column.value(row)) for column in HELD if column.value}


def _text(name: str, kind: str, value: Any) -> str:
    if value is not None and kind == "money":
        sign, minor = "-" * (value < 0), abs(int(value))
        return f"{sign}{minor // 100}.{minor % 100:02}"
    return text_of(name, value)


def _read_pack(path: Path, key: bytes) -> IssuedPack | None:
    try:
        record = read_bytes(path, "record of a pack", "", _MAX_BYTES).decode("ascii")
    except (InputError, UnicodeDecodeError):
        return None
    if not hmac.compare_digest(_pack_id(record, key), path.stem):
        return None
    told = json.loads(record)
    cases = {case_id: IssuedCase(case["cells"], tuple(case["findings"])) for case_id, case in told["cases"].items()}
    return IssuedPack(path.stem, told["month"], cases)
