"""`fraud references import`: published knowledge points and NCCI edits, into the store or into a folder to look at."""

from __future__ import annotations

import tempfile
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from fraud.cli.options import AsJson
from fraud.cli.session import Session, out, say, session, show_json, steps

if TYPE_CHECKING:
    from datetime import date

    from fraud.references.import_files import Imported

_MOST_SHOWN = 20


class Kind(StrEnum):
    """Form in which references are published."""

    knowledge_points = "knowledge_points"
    ncci_ptp = "ncci_ptp"
    ncci_mue = "ncci_mue"


def references_import(
    context: typer.Context,
    *,
    files: Annotated[list[Path], typer.Argument(help="Files of one edition, as they were published.")],
    kind: Annotated[Kind, typer.Option(help="Form in which they are published.")],
    edition: Annotated[
        str | None, typer.Option(help="Name of the edition; of NCCI the quarter in the file name.")
    ] = None,
    published: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of publication, YYYY-MM-DD.")
    ] = None,
    valid_from: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day of service that it limits; default publication or quarter."),
    ] = None,
    extracted: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Day from which it was known; default the newest that the store knows."
        ),
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Write a source there, and leave the store alone.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Turn published references into those of the store; set rows aside that cannot be read."""
    shared = session(context)
    asked = {
        "files": files,
        "kind": kind.value,
        "edition": edition,
        "published": _day(published),
        "valid_from": _day(valid_from),
    }
    imported = _ingest(shared, asked, _day(extracted)) if folder is None else _write(shared, asked, folder)
    n_used, n_points = imported.found.n_used, imported.found.n_points
    name = imported.edition.name
    n_files = f"{len(files)} file{'' if len(files) == 1 else 's'}"
    say(f"references: edition {name}, from {n_files}: {n_used:,} of {n_points:,} rows used", **imported.rows)
    if as_json:
        show_json(imported.as_dict())
        return
    _show(imported)


def _write(shared: Session, asked: dict[str, Any], folder: Path) -> Imported:
    """Write the source into a new folder, whole or not at all."""
    from features.errors import InputError
    from features.outside import plain_line, refusing

    if folder.exists():
        got = "there already"
        raise InputError.of("folder", plain_line(repr(str(folder))), got, "give a folder that is not there yet")
    with (
        refusing("folder", plain_line(repr(str(folder))), "give a folder that can be written"),
        tempfile.TemporaryDirectory(dir=folder.absolute().parent, prefix=".references-") as made,
    ):
        whole = Path(made) / "whole"
        whole.mkdir()
        imported = _read(shared, asked, whole)
        whole.rename(folder)
    return imported


def _ingest(shared: Session, asked: dict[str, Any], extracted: date | None) -> Imported:
    from features.claims import ingest_source
    from fraud.workspace_key import source_id

    settings = shared.settings()
    engine = settings.engine
    with shared.workspace.writer(), steps("references import") as tell, tempfile.TemporaryDirectory() as made:
        tell("reading")
        imported = _read(shared, asked, Path(made))
        ingest_source(
            Path(made),
            shared.workspace.store,
            extracted=extracted,
            registers_give_way=True,
            limits=settings.ingest.limits,
            memory_limit=engine.memory_limit,
            threads=engine.threads,
            spill_folder=engine.spill(),
            progress=tell,
            record=lambda report: shared.workspace.record(
                "references import",
                source=source_id(shared.workspace.key(), report.source),
                edition=imported.edition.name,
                rows=dict(imported.rows),
                refused=len(imported.found.refused),
            ),
        )
    return imported


def _read(shared: Session, asked: dict[str, Any], folder: Path) -> Imported:
    from features.claims import ClaimsStore
    from features.errors import InputError
    from fraud.references.import_files import import_files

    try:
        store = ClaimsStore.open(shared.workspace.store)
    except InputError:
        # Without a store there is nothing that a new version could lose.
        store = None
    return import_files(folder=folder, store=store, **asked)


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None


def _show(imported: Imported) -> None:
    """Print what became of every row by topic, then why rows were refused."""
    table = Table("topic", "rows published", "used", "no rule covers it", "refused", "never in force", "items")
    for name, each in sorted(imported.found.topics.items()):
        cells = (each.n_points, each.n_used, each.n_not_covered, each.n_refused, each.n_never, len(each.items))
        table.add_row(name, *(f"{cell:,}" for cell in cells))
    out().print(table)
    for place, headings in imported.found.unknown_headings.items():
        if headings:
            out().print(f"headings not known, and not read: {place}: {', '.join(headings)}")
        else:
            out().print(f"without a header, and not read: {place}")
    for refused in imported.found.refused[:_MOST_SHOWN]:
        out().print(f"refused: {refused.place}: {'; '.join(refused.reasons)}")
    if len(imported.found.refused) > _MOST_SHOWN:
        out().print(
            f"and {len(imported.found.refused) - _MOST_SHOWN:,} further rows: --out writes all into refused.csv"
        )
