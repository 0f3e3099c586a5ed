"""Write a review pack: all files or none, with a manifest that anybody can recompute."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from features.vocabulary.entities import SCORED
from features.vocabulary.text import LANGUAGES
from fraud.cases.build import build_pack
from fraud.cases.line_columns import LINE_COLUMNS
from fraud.runs.publish import replaced

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fraud.cases.case import Case, CasePack
    from fraud.settings import Settings
    from fraud.workspace import Workspace

FORMATS = ("xlsx", "html", "json", "graphml")
MANIFEST = "manifest.json"
_KIND = "review pack"
_FORMAT = 1


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
    """
    _check(lang, formats, unmask=unmask, reason=reason)
    target = out or workspace.cases / f"{month}-{lang}"
    _check_target(target)
    pack = build_pack(workspace, month, settings=settings, top=top, entities=entities, lang=lang, unmask=unmask)
    with replaced(target) as waiting:
        totals = _write(pack, waiting, formats, settings)
        _write_manifest(pack, waiting, totals)
    workspace.record(
        "cases export",
        month=month,
        lang=lang,
        cases=len(pack.cases),
        unmasked=unmask,
        reason=reason,
        manifest_sha256=hashlib.sha256((target / MANIFEST).read_bytes()).hexdigest(),
    )
    return target


def _check(lang: str, formats: Sequence[str], *, unmask: bool, reason: str | None) -> None:
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
    """Refuse to write over anything but an earlier pack: a scored month, too, is a folder with a manifest."""
    hint = "name a new folder with --out"
    standing = next(path for path in (target, *target.parents) if path.exists() or path.is_symlink())
    if standing != target:
        if not standing.is_dir():
            raise InputError.of("output folder", f"{str(target)!r}", f"{str(standing)!r} is no folder", hint)
        return
    is_plain = target.is_dir() and not target.is_symlink()
    if not is_plain or (any(target.iterdir()) and not _is_pack(target)):
        raise InputError.of("output folder", f"{str(target)!r}", "holds something that is no review pack", hint)


def _is_pack(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("kind") == _KIND


def _write(pack: CasePack, folder: Path, formats: Sequence[str], settings: Settings) -> dict[str, Any]:
    totals: dict[str, Any] = {}
    if "xlsx" in formats:
        from fraud.cases.pack.workbook import write_workbook

        totals["workbook"] = write_workbook(pack, folder / "cases.xlsx")
    if "html" in formats:
        from fraud.cases.pack.page import render_page

        page = render_page(pack, max_lines=settings.cases.max_lines_on_page)
        (folder / "cases.html").write_text(page, encoding="utf-8")
    if "json" in formats:
        text = json.dumps([_as_record(case) for case in pack.cases], ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "cases.json").write_text(text + "\n", encoding="utf-8")
    if "graphml" in formats:
        import networkx as nx

        for ring in {view.ring_id: view for case in pack.cases for view in case.rings}.values():
            nx.write_graphml(_plain(ring.graph), folder / f"{ring.ring_id}.graphml")
    return totals


def _plain(graph: Any) -> Any:
    """Copy a graph with attributes that GraphML knows: texts and numbers."""
    copy = graph.__class__()
    for node, data in sorted(graph.nodes(data=True), key=lambda item: str(item[0])):
        copy.add_node(node, **{key: _simple(value) for key, value in sorted(data.items()) if value is not None})
    for one, other, data in sorted(graph.edges(data=True), key=lambda item: tuple(sorted(map(str, item[:2])))):
        first, second = sorted((one, other), key=str)
        copy.add_edge(first, second, **{key: _simple(v) for key, v in sorted(data.items()) if v is not None})
    return copy


def _simple(value: Any) -> Any:
    return value if isinstance(value, (bool, int, float, str)) else str(value)


def _as_record(case: Case) -> dict[str, Any]:
    """Return a case as plain values; what the pack does not show is left out."""
    hidden = {"lines", "rings", "subject_id"}
    record = {f.name: getattr(case, f.name) for f in fields(case) if f.name not in hidden}
    record = json.loads(json.dumps(record, default=asdict))
    record["rings"] = [
        {f.name: getattr(r, f.name) for f in fields(r) if f.name not in {"graph", "reason"}} for r in case.rings
    ]
    names = [column.name for column in LINE_COLUMNS]
    record["lines"] = json.loads(case.lines[names].to_json(orient="records", date_format="iso", force_ascii=False))
    return dict(record)


def _write_manifest(pack: CasePack, folder: Path, totals: dict[str, Any]) -> None:
    files = {path.name: _digest(path) for path in sorted(folder.iterdir())}
    manifest = {
        "kind": _KIND,
        "format": _FORMAT,
        "month": pack.month,
        "lang": pack.lang,
        "unmasked": pack.is_unmasked,
        "run": pack.run,
        "sampling": pack.sampling,
        "cases": len(pack.cases),
        "totals": case_totals(pack.cases),
        "sheets": totals.get("workbook", {}),
        "files": files,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def case_totals(cases: Sequence[Case]) -> dict[str, int]:
    """Add money up over cases, minor units."""
    return {
        "exposure_gross_amount": sum(case.exposure_gross_amount for case in cases),
        "exposure_amount": sum(case.exposure_amount for case in cases),
        "fund_exposure_amount": sum(case.fund_exposure_amount for case in cases),
        "expected_recovery_amount": sum(case.priority.expected_recovery_amount for case in cases),
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_pack(folder: Path) -> tuple[str, ...]:
    """Recompute hashes and totals of a pack.

    Returns
    -------
    tuple of str
        What differs, in words; empty where nothing does.

    Raises
    ------
    InputError
        There is no pack.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files, totals = dict(manifest["files"]), dict(manifest["totals"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError.of(
            "review pack", f"{str(folder)!r}", f"no readable manifest ({error})", "give its folder"
        ) from error
    faults = []
    for name, digest in sorted(files.items()):
        path = folder / name
        if path.parent != folder or not path.is_file():
            faults.append(f"{name}: missing")
        elif _digest(path) != digest:
            faults.append(f"{name}: changed")
    present = {path.name for path in folder.iterdir() if path.name != MANIFEST}
    faults += [f"{name}: not in the manifest" for name in sorted(present - set(files))]
    if (folder / "cases.json").is_file():
        faults += _total_faults(folder / "cases.json", totals)
    return tuple(faults)


def _total_faults(file: Path, totals: dict[str, Any]) -> list[str]:
    try:
        cases = json.loads(file.read_text(encoding="utf-8"))
        sums = {name: sum({**case, **case["priority"]}[name] for case in cases) for name in sorted(totals)}
    except (ValueError, KeyError, TypeError):
        return ["cases.json: its totals cannot be read"]
    return [
        f"total of {name}: {value} in cases.json, {totals[name]} in the manifest"
        for name, value in sums.items()
        if value != totals[name]
    ]
