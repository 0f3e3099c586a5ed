"""What a store was: catalogues that gave way, kept with the parts they name, so that a past month can be repeated."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from features.claims.store.catalog import Catalog
from features.claims.store.parse_catalog import parse_catalog
from features.claims.store.store import ClaimsStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from features.claims.store.part import Part

FOLDER = "history"


def keep(store: Path, catalog: Catalog) -> None:
    """Keep a catalogue that is about to give way, under a digest of what it says; quarantine is not kept.

    What was counted is a part of it: the same rows may have come back another way.
    """
    if not catalog.tables:
        return
    folder = store / FOLDER
    folder.mkdir(exist_ok=True)
    said = json.dumps([catalog.digest(), catalog.relations], sort_keys=True)
    replace(catalog, quarantine={}).write(folder, f"{hashlib.sha256(said.encode()).hexdigest()}.json")


def kept_files(store: Path) -> list[Path]:
    """Files of the catalogues that are kept, sorted."""
    return sorted((store / FOLDER).glob("*.json"))


def kept(store: Path) -> Iterator[Catalog]:
    """Yield every catalogue that is kept.

    Raises
    ------
    InputError
        One is no catalogue, or that of a newer version of the toolkit.
    """
    for path in kept_files(store):
        yield Catalog(**parse_catalog(path))


def kept_parts(store: Path, catalog: Catalog) -> list[Part]:
    """Return the parts that only kept catalogues name, each file once, sorted.

    Raises
    ------
    InputError
        As `kept`.
    """
    live = catalog.files()
    found = {part.file: part for each in kept(store) for part in each.parts()}
    return sorted(part for file, part in found.items() if file not in live)


def as_it_was(store: ClaimsStore, is_meant: Callable[[ClaimsStore], bool]) -> ClaimsStore | None:
    """Return the store as it is or as it was: the first that is meant, None where none is.

    Raises
    ------
    InputError
        As `kept`.
    """
    if is_meant(store):
        return store
    for catalog in kept(store.folder):
        then = ClaimsStore(store.folder, catalog)
        if is_meant(then):
            return then
    return None


def forget(store: Path) -> None:
    """Delete every catalogue that is kept; the parts that only they name are orphans then."""
    folder = store / FOLDER
    if folder.is_dir():
        shutil.rmtree(folder)
