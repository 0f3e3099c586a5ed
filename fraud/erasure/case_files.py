"""What review packs, returned rows and the history of cases hold about a person."""

from __future__ import annotations

import html
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

from features.claims.store.erase import token_pattern
from fraud.cases.life.events import FILE as EVENTS
from fraud.cases.life.label_ids import shown_label_id
from fraud.cases.scopes import recorded_scopes
from fraud.durable import parsed_object, write_whole
from fraud.pseudonyms import PATIENT, Pseudonyms, shown_person
from fraud.rules.set_aside import forget_subject
from fraud.runs.publish import discard

# Folders of `cases` that are no packs; any other may be one, or what is left of one.
_NO_PACKS = {"issued", "quarantine"}

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from features.claims.store.erase import PersonInStore
    from fraud.workspace import Workspace


def packs_with(workspace: Workspace, found: PersonInStore) -> list[Path]:
    """Return the packs of the workspace that show a person, by id, by any pseudonym, or by a settlement."""
    pattern = _pattern(workspace, found)
    folders = [path for path in sorted(workspace.cases.glob("*")) if path.is_dir() and not path.is_symlink()]
    packs = [path for path in folders if path.name not in _NO_PACKS]
    return [pack for pack in packs if any(_names(pattern, text) for text in _texts(pack))]


def case_rows(workspace: Workspace, found: PersonInStore) -> dict[str, int]:
    """Count records of issued packs, returned rows in quarantine, events and set-asides that are about a person."""
    pattern = _pattern(workspace, found)
    records = len(_records(workspace, pattern))
    returned = sum(len(rows) - len(_kept(rows, pattern)) for _, rows in _returned(workspace))
    events = len(_history(workspace)) - len(_other_events(workspace, found, pattern))
    aside = forget_subject(workspace, _on_screens(workspace, found), dry_run=True)
    counts = (("records of packs", records), ("returned rows", returned), ("events", events), ("set-asides", aside))
    return {name: n for name, n in counts if n}


def erase_from_case_files(workspace: Workspace, found: PersonInStore) -> None:
    """Delete packs that show a person, what is kept of them, and the rows and events about it.

    Packs can be exported anew; decisions taken on one of those deleted are refused, as nothing holds what it said.
    """
    for pack in packs_with(workspace, found):
        discard(workspace, pack)
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
    left = _other_events(workspace, found, pattern)
    if len(left) < len(_history(workspace)):
        write_whole(workspace.cases / EVENTS, b"".join(left))
    forget_subject(workspace, _on_screens(workspace, found))


def _on_screens(workspace: Workspace, found: PersonInStore) -> str:
    return shown_person(Pseudonyms(workspace), PATIENT, found.person_id)


def _pattern(workspace: Workspace, found: PersonInStore) -> re.Pattern[str]:
    names = Pseudonyms(workspace)
    scopes = recorded_scopes(workspace)
    shown = [shown_person(names, PATIENT, found.person_id, scope.purpose) for scope in scopes]
    wanted = (found.person_id, *shown, *found.settlement_ids)
    return re.compile("|".join(token_pattern(form) for each in wanted for form in _forms(each)))


def _forms(identifier: str) -> list[str]:
    """Return an identifier as it stands in a text, and as JSON writes it."""
    written = [json.dumps(identifier, ensure_ascii=is_ascii)[1:-1] for is_ascii in (False, True)]
    return list(dict.fromkeys([identifier, *written]))


def _names(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a text has an identifier, as it is or as HTML and XML write it."""
    return bool(pattern.search(text) or ("&" in text and pattern.search(html.unescape(text))))


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
    return [path for path in paths if _names(pattern, path.read_text(encoding="utf-8", errors="replace"))]


def _returned(workspace: Workspace) -> list[tuple[Path, list[Any]]]:
    paths = sorted((workspace.cases / "quarantine").glob("*.json"))
    return [(path, json.loads(path.read_text(encoding="utf-8"))) for path in paths]


def _kept(rows: list[Any], pattern: re.Pattern[str]) -> list[Any]:
    return [row for row in rows if not _names(pattern, json.dumps(row, ensure_ascii=False))]


def _history(workspace: Workspace) -> list[bytes]:
    path = workspace.cases / EVENTS
    return path.read_bytes().splitlines(keepends=True) if path.is_file() else []


def _other_events(workspace: Workspace, found: PersonInStore, pattern: re.Pattern[str]) -> list[bytes]:
    """Return the lines of the history that are not about a person."""
    key = workspace.key()
    labels = {shown_label_id(key, each) for each in found.label_ids}
    return [line for line in _history(workspace) if not _is_about(line, labels, pattern)]


def _is_about(line: bytes, labels: AbstractSet[str], pattern: re.Pattern[str]) -> bool:
    is_decided = str((parsed_object(line) or {}).get("label_id")) in labels
    return is_decided or _names(pattern, line.decode("utf-8", "replace"))
