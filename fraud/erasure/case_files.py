"""What review packs, returned rows and the history of cases hold about a person."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

from features.claims.erase import token_pattern
from fraud.cases.keyed_ids import PATIENT, shown_person
from fraud.cases.life.events import FILE as EVENTS
from fraud.cases.life.label_ids import shown_label_id
from fraud.cases.pack.manifest import MANIFEST
from fraud.cases.scopes import recorded_scopes
from fraud.durable import write_whole
from fraud.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from features.claims.erase import PersonInStore
    from fraud.workspace import Workspace


def packs_with(workspace: Workspace, found: PersonInStore) -> list[Path]:
    """Return the packs of the workspace that show a person, by id, by any pseudonym, or by a settlement."""
    pattern = _pattern(workspace, found)
    packs = sorted(path.parent for path in workspace.cases.glob(f"*/{MANIFEST}"))
    return [pack for pack in packs if any(pattern.search(text) for text in _texts(pack))]


def case_rows(workspace: Workspace, found: PersonInStore) -> dict[str, int]:
    """Count records of issued packs that name a person, returned rows in quarantine and events that are about it."""
    pattern = _pattern(workspace, found)
    records = len(_records(workspace, pattern))
    returned = sum(len(rows) - len(_kept(rows, pattern)) for _, rows in _returned(workspace))
    events = sum(_is_about(line, workspace, found, pattern) for line in _history(workspace))
    counts = (("records of packs", records), ("returned rows", returned), ("events", events))
    return {name: n for name, n in counts if n}


def erase_from_case_files(workspace: Workspace, found: PersonInStore) -> None:
    """Delete packs that show a person, what is kept of them, and the rows and events about it.

    Packs can be exported anew; decisions taken on one of those deleted are refused, as nothing holds what it said.
    """
    for pack in packs_with(workspace, found):
        shutil.rmtree(pack)
    pattern = _pattern(workspace, found)
    for path in _records(workspace, pattern):
        path.unlink()
    for path, rows in _returned(workspace):
        kept = _kept(rows, pattern)
        if not kept:
            path.unlink()
        elif len(kept) < len(rows):
            text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
            write_whole(path, text.encode("utf-8", "backslashreplace"))
    history = _history(workspace)
    left = [line for line in history if not _is_about(line, workspace, found, pattern)]
    if len(left) < len(history):
        write_whole(workspace.cases / EVENTS, b"".join(left))


def _pattern(workspace: Workspace, found: PersonInStore) -> re.Pattern[str]:
    names = Pseudonyms(workspace)
    scopes = recorded_scopes(workspace)
    shown = [shown_person(names, PATIENT, found.person_id, scope.purpose) for scope in scopes]
    return re.compile("|".join(token_pattern(each) for each in (found.person_id, *shown, *found.settlement_ids)))


def _texts(pack: Path) -> Iterator[str]:
    """Yield the texts of a pack's files, those inside of a workbook too."""
    for path in sorted(pack.iterdir()):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                for name in book.namelist():
                    yield book.read(name).decode("utf-8", "replace")
        elif path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")


def _records(workspace: Workspace, pattern: re.Pattern[str]) -> list[Path]:
    paths = sorted((workspace.cases / "issued").glob("*.json"))
    return [path for path in paths if pattern.search(path.read_text(encoding="utf-8", errors="replace"))]


def _returned(workspace: Workspace) -> list[tuple[Path, list[Any]]]:
    paths = sorted((workspace.cases / "quarantine").glob("*.json"))
    return [(path, json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def _kept(rows: list[Any], pattern: re.Pattern[str]) -> list[Any]:
    return [row for row in rows if not pattern.search(json.dumps(row, ensure_ascii=False))]


def _history(workspace: Workspace) -> list[bytes]:
    path = workspace.cases / EVENTS
    return path.read_bytes().splitlines(keepends=True) if path.is_file() else []


def _is_about(line: bytes, workspace: Workspace, found: PersonInStore, pattern: re.Pattern[str]) -> bool:
    key = workspace.key()
    labels = {shown_label_id(key, each) for each in found.label_ids}
    text = line.decode("utf-8", "replace")
    try:
        event = json.loads(text)
    except ValueError:
        event = {}
    is_decided = isinstance(event, dict) and event.get("label_id") in labels
    return is_decided or bool(pattern.search(text))
