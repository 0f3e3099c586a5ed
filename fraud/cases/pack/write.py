"""Write a review pack: recorded first, all files or none, over nothing but an earlier pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.errors import InputError
from features.vocabulary.entities import SCORED
from features.vocabulary.text import LANGUAGES
from fraud.cases.build import build_pack
from fraud.cases.issued import keep_issued, named_pack
from fraud.cases.pack.for_programs import write_cases_json, write_rings_graphml
from fraud.cases.pack.manifest import MANIFEST, digest_of_file, is_pack, write_pack_manifest
from fraud.runs.publish import replaced

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fraud.cases.case import CasePack
    from fraud.settings import Settings
    from fraud.workspace import Workspace

FORMATS = ("xlsx", "html", "json", "graphml")


def export_cases(
    workspace: Workspace,
    month: str,
    *,
    settings: Settings,
    top: int | None = None,
    entities: Sequence[str] = SCORED,
    lang: str = "en",
    formats: Sequence[str] = FORMATS,
    out: Path | None = None,
    unmask: bool = False,
    reason: str | None = None,
) -> Path:
    """Write the review pack of a scored month.

    Parameters
    ----------
    workspace : Workspace
        Holds the scored month and the store; the export is recorded in its audit log.
    month : str
        YYYY-MM.
    settings : Settings
        All settings.
    top : int, optional
        Places in the queue; by default the setting.
    entities : sequence of str
        Whose cases: `provider`, `patient` or both.
    lang : str
        `en` or `zh`.
    formats : sequence of str
        Of `FORMATS`.
    out : Path, optional
        Folder; by default `cases/<month>-<lang>` of the workspace. An earlier pack there is replaced.
    unmask : bool
        Show ids of persons as stored; needs a reason, which is recorded.
    reason : str, optional
        Why.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        The month is not scored, a format or language is unknown, the reason is missing, or the folder holds
        something else.
    ToolkitError
        The export cannot be recorded; nothing was written.
    """
    _check_arguments(lang, formats, unmask=unmask, reason=reason)
    target = out or workspace.cases / f"{month}-{lang}"
    _check_target(target)
    built = build_pack(workspace, month, settings=settings, top=top, entities=entities, lang=lang, unmask=unmask)
    pack = named_pack(built, workspace.key())
    told = {"month": month, "lang": lang, "cases": len(pack.cases), "unmasked": unmask, "reason": reason}
    told |= {"pseudonyms": pack.scope.as_dict(), "pack": pack.pack_id}
    # First the record, then the files: what cannot be recorded is not written.
    workspace.record("cases export begun", **told)
    with replaced(target) as waiting:
        sheets = _write_files(pack, waiting, formats, settings)
        write_pack_manifest(pack, waiting, sheets)
        keep_issued(workspace, pack)
        # Before the pack gets its name: every pack that can be found has its digest in the log.
        workspace.record("cases export", **told, manifest_sha256=digest_of_file(waiting / MANIFEST))
    return target


def _check_arguments(lang: str, formats: Sequence[str], *, unmask: bool, reason: str | None) -> None:
    if lang not in LANGUAGES:
        raise InputError.unknown_name("language", "of a review pack", lang, LANGUAGES)
    if not formats:
        raise InputError.of("--formats", "of a review pack", "none named", f"name some of {', '.join(FORMATS)}")
    for name in formats:
        if name not in FORMATS:
            raise InputError.unknown_name("format", "of a review pack", name, FORMATS)
    if unmask and not (reason or "").strip():
        raise InputError.of("--unmask", "of cases export", "without a reason", "add --reason TEXT; it is recorded")


def _check_target(target: Path) -> None:
    """Refuse to write over anything but an earlier pack."""
    hint = "name a new folder with --out"
    standing = next(path for path in (target, *target.parents) if path.exists() or path.is_symlink())
    if standing != target:
        if not standing.is_dir():
            raise InputError.of("output folder", f"{str(target)!r}", f"{str(standing)!r} is no folder", hint)
        return
    is_plain = target.is_dir() and not target.is_symlink()
    if not is_plain or (any(target.iterdir()) and not is_pack(target)):
        raise InputError.of("output folder", f"{str(target)!r}", "holds something that is no review pack", hint)


def _write_files(pack: CasePack, folder: Path, formats: Sequence[str], settings: Settings) -> dict[str, int]:
    """Write the formats asked for; return rows and totals of the workbook, if there is one."""
    sheets: dict[str, int] = {}
    if "xlsx" in formats:
        from fraud.cases.pack.workbook import write_workbook

        sheets = write_workbook(pack, folder / "cases.xlsx")
    if "html" in formats:
        from fraud.cases.pack.page import render_page

        page = render_page(pack, max_lines=settings.cases.max_lines_on_page)
        (folder / "cases.html").write_text(page, encoding="utf-8")
    if "json" in formats:
        write_cases_json(pack.cases, pack.pack_id, folder)
    if "graphml" in formats:
        write_rings_graphml(pack.cases, folder)
    return sheets
