"""Read the files of one edition, each by the kind that it is said to be of."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from features.errors import InputError
from features.outside import plain_line, refusing
from fraud.references.knowledge_points import read_points
from fraud.references.ncci import read_mue, read_ptp
from fraud.references.published import Published
from fraud.references.records import read_sheets

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# What a header must say; the line of NCCI is known by its codes.
_HEADERS = {
    "knowledge_points": (
        "give the table with its header: 序号 or 规则名称, a name (药品通用名, 医疗服务项目名称 …), and 检出逻辑, "
        "逻辑依据, 药品代码 or 知识点对应药品代码数量"
    ),
    "ncci_ptp": "give the table as it was published, with its header, and its kind with --kind",
    "ncci_mue": "give the table as it was published, with its header, and its kind with --kind",
}
_UNUSED_HINTS = {
    "knowledge_points": (
        "name the rule class in a column 规则名称, the title or the file name, as in “药品区分性别使用”, "
        "and the item codes of each row; docs/references.md lists classes and headings"
    ),
    "ncci_ptp": (
        "give the rows as they were published: two procedure codes of five characters, the effective and deletion "
        "date, and the modifier indicator (0 or 1)"
    ),
    "ncci_mue": (
        "give the rows as they were published: a procedure code of five characters, a number of units above 0, and the "
        "adjudication indicator (1, 2 or 3)"
    ),
}
_MOST_FILES, _MOST_HEADINGS = 3, 8
_READERS = {"knowledge_points": read_points, "ncci_ptp": read_ptp, "ncci_mue": read_mue}
_ENCODINGS = {"knowledge_points": ("gb18030",), "ncci_ptp": ("cp1252",), "ncci_mue": ("cp1252",)}


def read_files(files: Sequence[Path], kind: str) -> Published:
    """Read published files.

    Parameters
    ----------
    files : sequence of Path
        Workbooks, texts or archives of these.
    kind : str
        One of `KINDS`.

    Raises
    ------
    InputError
        A file is not there, cannot be read, or holds no row of its kind.
    """
    check_there(files)
    found = Published()
    for file in files:
        before, known = found.n_points, set(found.unknown_headings)
        with tempfile.TemporaryDirectory(prefix="references-") as staging:
            _READERS[kind](read_sheets(file, Path(staging), _ENCODINGS[kind]), found)
        if found.n_points == before:
            unread = _unread(found, known)
            got = f"no row of kind {kind}; its headings are not known: {unread}" if unread else f"no row of kind {kind}"
            raise InputError.of("file", plain_line(f"'{file.name}'"), got, _HEADERS[kind])
    return found


def check_there(files: Sequence[Path]) -> None:
    """Refuse files that are not there, each named as it was given, before any is read."""
    for file in files:
        where, hint = plain_line(f"'{file}'"), "check the path; a name with blanks stands in quotation marks"
        with refusing("file", where, hint):
            is_there, is_file = file.exists(), file.is_file()
        if not is_file:
            raise InputError.of("file", where, "a folder and no file" if is_there else "there is no such file", hint)


def check_used(found: Published, files: Sequence[Path], kind: str) -> None:
    """Refuse an edition of which no row can be used: counts, the first reason, and headings that are not known."""
    if found.n_used:
        return
    refused, uncovered, never = (
        sum(getattr(each, name) for each in found.topics.values()) for name in ("n_refused", "n_not_covered", "n_never")
    )
    counts = (
        f"none of {found.n_points:,} rows can be used: {refused:,} refused, {uncovered:,} that no rule covers, "
        f"{never:,} never in force"
    )
    first = found.refused[0] if found.refused else None
    said = f"{counts}; for instance {first.place}: {first.reasons[0]}" if first else counts
    unread = _unread(found)
    got = f"{said}; headings not known: {unread}" if unread else said
    raise InputError.of(
        "file", ", ".join(plain_line(f"'{file.name}'") for file in files[:_MOST_FILES]), got, _UNUSED_HINTS[kind]
    )


def _unread(found: Published, apart: Collection[str] = ()) -> str:
    """Name the first headings that are not known, those of some places apart."""
    unread = [f"'{heading}'" for place, own in found.unknown_headings.items() if place not in apart for heading in own]
    return ", ".join(unread[:_MOST_HEADINGS])
