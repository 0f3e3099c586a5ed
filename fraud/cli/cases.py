"""`fraud cases`: review packs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from features.vocabulary.entities import SCORED
from fraud.cli.options import MOST_CASES
from fraud.cli.session import out, say, session

# An investigator's machine has no workspace.
_UNPROVED = (
    "No workspace at hand: whoever changed a file and its manifest alike is not noticed. To prove that this is what "
    "went out, verify it where it was exported: fraud --workspace DIR cases verify …"
)
# Nor does an earlier version's line of the log prove anything.
_OLDER = "packs that an earlier version exported cannot be proved: export the month again with `fraud cases export`"


class Subjects(StrEnum):
    """Whose cases a pack holds."""

    both = "both"
    provider = "provider"
    patient = "patient"


class Language(StrEnum):
    """Language of a pack."""

    en = "en"
    zh = "zh"


def cases_export(
    context: typer.Context,
    *,
    month: Annotated[str, typer.Option(help="Scored month, YYYY-MM.")],
    top: Annotated[int | None, typer.Option(min=1, max=MOST_CASES, help="Cases; default the setting (50).")] = None,
    entity: Annotated[Subjects, typer.Option(help="Whose cases.")] = Subjects.both,
    lang: Annotated[Language, typer.Option(help="Language.")] = Language.en,
    formats: Annotated[str, typer.Option(help="Of xlsx,html,json,graphml.")] = "xlsx,html,json,graphml",
    out_folder: Annotated[Path | None, typer.Option("--out", help="Folder; default cases/<month>-<lang>.")] = None,
    unmask: Annotated[bool, typer.Option("--unmask", help="Show persons' ids as stored; recorded.")] = False,
    reason: Annotated[str | None, typer.Option(help="Why persons' ids are needed.")] = None,
) -> None:
    """Write review packs for investigators."""
    from fraud.cases import export_cases

    shared = session(context)
    say(f"cases of {month}")
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    with shared.workspace.writer():
        folder = export_cases(
            shared.workspace,
            month,
            settings=shared.settings(),
            top=top,
            entities=SCORED if entity is Subjects.both else (entity.value,),
            lang=lang.value,
            formats=wanted,
            out=out_folder,
            unmask=unmask,
            reason=reason,
        )
    out().print(str(folder))


def cases_verify(
    context: typer.Context, folder: Annotated[Path, typer.Argument(help="Folder of a review pack.")]
) -> None:
    """Recompute a pack's hashes and totals, and look it up in the audit log; exit 1 on any difference."""
    from fraud.cases import record_of, verify_pack

    workspace = session(context).workspace
    shown = f"{folder}, a link to {folder.resolve()}" if folder.is_symlink() else str(folder)
    faults = verify_pack(folder)
    record = record_of(folder, workspace)
    lines = [f"audit log of {workspace.root}: {fault}" for fault in record.log_faults]
    if record.is_asked and not record.recorded_at:
        faults = (*faults, f"manifest.json: not one that workspace {workspace.root} recorded")
    if faults:
        lines += faults
        if record.is_older and not record.recorded_at:
            lines.append(_OLDER)
    elif record.is_asked:
        lines.append(f"{shown}: every hash and total agrees, as recorded at the export of {record.recorded_at}")
    else:
        lines.append(f"{shown}: every hash and total agrees with its manifest")
        lines.append(_UNPROVED)
    for line in lines:
        out().print(line)
    if faults:
        sys.exit(1)
